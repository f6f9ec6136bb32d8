"""Refusals: what stands right behind a «not», or before a no that ends the sentence, is not wished for.

«Pas la première», «ni au fond ni sur le côté», «le mercredi, ça ne m'arrange pas»: whatever rule read the place, the
day or the figure, here it is turned round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from callflows.understanding.grammar import Match
from callflows.understanding.language import Language
from callflows.understanding.yes_no import SIGN

OPPOSITES = {"weekdays": "not_weekdays", "section": "not_section", "position": "not_position", "_title": "_not_title"}
"""Slots that have another for what is not wanted."""
PERIODS = {"date_to": ("date_from", 1), "date_from": ("date_to", -1)}
"""«Je ne peux pas avant le huit» begins on the eighth."""
EITHER = {
    "genre": ("opera", "ballet"),
    "hall": ("GAR", "BAS"),
    "style": ("classical", "contemporary"),
    "part_of_day": ("matinee", "evening"),
}
"""Slots of two values: not the one is the other."""
TAKEN_BACK = (
    "date",
    "dates",
    "date_from",
    "time",
    "quantity",
    "choice",
    "row",
    "row_max",
    "category",
    "max_price",
    "max_total",
    "min_price",
    "side",
    "collection",
    "tariff",
    "performance_kind",
)
"""Slots of which a refusal says only what it is not."""


def turned_round(chosen: Sequence[Match], words: Sequence[str], lang: Language) -> list[Match]:
    """The readings, those right behind a «not» as their refusal; «ou» carries it on to the next."""
    turned: list[Match] = []
    refusing = False
    for match in chosen:
        at = _not_before(match, turned, words, lang)
        carried = refusing and match.value == {SIGN: "or"}
        refusing = carried or at is not None or (refusing and turned[-1].value == {SIGN: "or"})
        value = _refused(match.value) if refusing and not carried else None
        refusing = carried or value is not None
        turned.append(match if value is None else replace(match, start=match.start if at is None else at, value=value))
    if len(turned) > 1 and _said_not_to_be_it(turned[-2], turned[-1], words, lang):
        turned[-2] = replace(turned[-2], value=_refused(turned[-2].value) or turned[-2].value)
    return turned


def _said_not_to_be_it(wish: Match, last: Match, words: Sequence[str], lang: Language) -> bool:
    """«Le mercredi, ça ne m'arrange pas», and no more: a no of several words right behind the wish."""
    several = last.end - last.start > 1 and bool(lang.negations.intersection(words[last.start : last.end]))
    return last.value in ({SIGN: "no"}, {"choice": 0}) and several and last.start == wish.end and last.end == len(words)


def _not_before(match: Match, earlier: Sequence[Match], words: Sequence[str], lang: Language) -> int | None:
    """Where the «not» stands of which only articles part the match, if it denies nothing else that we know."""
    at = match.start - 1
    last = earlier[-1] if earlier else None
    free = last.end if last else 0
    while at >= free and words[at] in lang.articles and not _refuses(words, at, lang):
        at -= 1
    if not _refuses(words, at, lang):
        return None
    return at if at >= free else match.start if last and last.value == {SIGN: "no"} else None


def _refuses(words: Sequence[str], at: int, lang: Language) -> bool:
    """Does one of the refusing phrases end with that word?"""
    return any(tuple(words[max(at + 1 - len(phrase), 0) : at + 1]) == phrase for phrase in lang.refusals)


def _refused(value: dict[str, Any]) -> dict[str, Any] | None:
    """The same slots as a refusal; None when there is nothing in them to be refused."""
    said = {slot: given for slot, given in value.items() if slot not in ("_bare", "_weekday")}
    if len(said) == 1:
        ((slot, given),) = said.items()
        if slot in OPPOSITES:
            return {OPPOSITES[slot]: given}
        if slot in PERIODS:
            other, days = PERIODS[slot]
            return {other: (date.fromisoformat(given) + timedelta(days)).isoformat()}
        if slot in EITHER:
            return {slot: next(other for other in EITHER[slot] if other != given)}
        if slot == "date":
            return {"_not": slot, "_refused": given, "not_dates": [given]}
        if slot in TAKEN_BACK:
            return {"_not": slot, "_refused": given}
    taken = next((slot for slot in TAKEN_BACK if slot in said), None)
    return {"_not": taken} if taken else None
