"""Weighing: which readings to believe, and how far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from callflows.understanding.grammar import Match
from callflows.understanding.language import Language

ASKED_OF_A_FIGURE = {
    "date": "date",
    "dates": "date",
    "date_from": "date",
    "date_to": "date",
    "time": "time",
    "quantity": "quantity",
    "max_price": "max_price",
    "max_total": "max_total",
    "row": "row",
}
"""Slots made of numbers, and what is asked back when a number beside them was not read."""


def cover(matches: Sequence[Match], length: int) -> list[Match]:
    """The matches, none overlapping, that cover most words with the fewest and heaviest rules."""
    ending: dict[int, list[Match]] = {}
    for match in matches:
        if match.end > match.start:
            ending.setdefault(match.end, []).append(match)
    best: list[tuple[float, Match | None]] = [(0.0, None)]
    for end in range(1, length + 1):
        top: tuple[float, Match | None] = (best[end - 1][0], None)
        for match in ending.get(end, ()):
            score = best[match.start][0] + worth(match)
            if score > top[0]:
                top = (score, match)
        best.append(top)
    return _back(best)


def worth(match: Match) -> float:
    """A long match is worth more than its parts; the file may add or take a little."""
    return (match.end - match.start) * 2 - 1 + 0.6 * match.rule.weight


def _back(best: list[tuple[float, Match | None]]) -> list[Match]:
    chosen: list[Match] = []
    end = len(best) - 1
    while end > 0:
        match = best[end][1]
        if match is None:
            end -= 1
        else:
            chosen.append(match)
            end = match.start
    return chosen[::-1]


def strangeness(words: Sequence[str], chosen: Sequence[Match], intent: Match | None, fillers: Collection[str]) -> float:
    """The share of words that carry meaning of which we know nothing, 0 to 1."""
    spans = [*chosen, *([intent] if intent else [])]
    known = {at for match in spans for at in range(match.start, match.end)}
    telling = [at for at, word in enumerate(words) if word not in fillers or at in known]
    return sum(at not in known for at in telling) / len(telling) if telling else 0.0


def confidence_of(strange: float, recogniser: float | None, *, clarify: bool) -> float:
    """Of the words and the recogniser together: neither alone makes a meaning sure."""
    words = (1.0 - 0.8 * strange) * (0.6 if clarify else 1.0)
    if recogniser is None:
        return round(words, 3)
    return round(words * (0.4 + 0.6 * min(max(recogniser, 0.0), 1.0)), 3)


def half_read(chosen: Sequence[Match], intent: Match | None, words: Sequence[str], lang: Language) -> list[Match]:
    """The readings; those that left unread what belongs to them are asked back.

    «The thirty | second of May» is no second of May, and «on était six, mais deux | se sont désistés» are not two;
    «deux, deux places» only begins again.
    """
    known = {at for match in [*chosen, *([intent] if intent else [])] for at in range(match.start, match.end)}
    unread = [at not in known and word not in lang.fillers for at, word in enumerate(words)]
    left = {at for at, word in enumerate(words) if word in lang.telling and at not in known}
    left -= {match.start - 1 for match in chosen if words[match.start - 1] == words[match.start]}
    doubtful = [{match.start - 1, match.end} & left or _lacks_its_noun(match, words, unread, lang) for match in chosen]
    return [_doubted(match) if doubt else match for match, doubt in zip(chosen, doubtful, strict=True)]


def _lacks_its_noun(match: Match, words: Sequence[str], unread: Sequence[bool], lang: Language) -> bool:
    """Is it a number alone, and the next word that tells something one that we do not know?"""
    if match.rule.make != "quantity" or not lang.numbers.words.issuperset(words[match.start : match.end]):
        return False
    at = match.end
    while at < len(words) and words[at] in lang.fillers and words[at] not in lang.articles:
        at += 1
    return at < len(words) and unread[at] and words[at] not in lang.articles


def _doubted(match: Match) -> Match:
    slot = next((slot for slot in ASKED_OF_A_FIGURE if slot in match.value), None)
    return match if slot is None else replace(match, value={"clarify": ASKED_OF_A_FIGURE[slot], "_doubted": True})
