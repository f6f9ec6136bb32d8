"""What works at every question: a person, repeat, back, help, start again, language; by key and by word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from callflows.answers import Choice, Option, YesNo
from callflows.language import RETURN, Call, Flow
from callflows.options import words_for

KEYS = {"0": "agent", "*": "repeat", "#": "back", "**": "back"}
"""Keys with one meaning at every question, unless the question itself offers that key."""

MESSAGE_INSTEAD = "1"
"""The key that leaves the queue for a message."""

TO_A_PERSON = {
    "agent": "agent",
    "exchange": "after_sales",
    "resale": "after_sales",
    "refund": "after_sales",
    "cancel": "after_sales",
    "lost_tickets": "after_sales",
    "order_status": "after_sales",
    "complaint": "complaint",
    "subscription": "subscription",
    "group": "group",
    "gift": "other",
    "waitlist": "other",
    "accessibility": "accessibility",
    "info_practical": "other",
    "out_of_scope": "other",
}
"""Wishes that no flow serves yet: the intent and the reason that the agent reads."""

UNTOLD = {"command", "confirm", "choice", "clarify", "language", "no_meaning", "more_options", "intent", "any"}
"""Slots that steer the talk and are not facts about the wish."""

NO_MATTER = {"ask_date": "any_date", "ask_time": "any_date", "ask_performance": "any_date", "ask_seats": "any_seats"}
"""«Peu importe» is a fact only about what was just asked."""

RIVALS = (
    {"date", "dates", "date_from", "date_to", "weekdays", "not_weekdays", "earliest", "performance_kind", "any_date"},
    {"category", "categories", "price_level", "any_seats", "named", "min_price", "max_price", "max_total"},
)
"""Slots that answer the same question: a new one drives out the older ones."""

DEPENDS = {
    "performance": {
        "production", "date", "dates", "date_from", "date_to", "weekdays", "not_weekdays", "part_of_day", "time",
        "performance_kind", "earliest", "any_date",
    },
    "named": {"quantity", "section", "not_section", "row", "seats", "box_tier", "side", "position", "category"},
}  # fmt: skip
"""A slot that was worked out from others falls when one of them changes."""


@dataclass
class Doubt:
    """What was half understood: the slots waiting for a yes, or the candidates among which the caller chooses."""

    pending: dict[str, Any] = field(default_factory=dict)
    slot: str = ""
    candidates: list[Any] = field(default_factory=list)


def facts(slots: dict[str, Any], context: str) -> dict[str, Any]:
    """The slots that are facts about the caller's wish, as an answer in this context."""
    told = {slot: value for slot, value in slots.items() if slot not in UNTOLD}
    if slots.get("any") and context in NO_MATTER:
        told[NO_MATTER[context]] = True
    return told


def pour(said: dict[str, Any], slots: dict[str, Any]) -> None:
    """Let newly understood slots drive out their rivals and whatever was worked out from them."""
    for group in RIVALS:
        if group & slots.keys():
            _drop(said, group)
    for slot, causes in DEPENDS.items():
        if any(said.get(cause) != slots[cause] for cause in causes & slots.keys()):
            _drop(said, {slot})
    said.update(slots)


def _drop(said: dict[str, Any], slots: set[str]) -> None:
    for slot in slots:
        said.pop(slot, None)


WEEKDAYS = {
    "lun": {"fr": "lundi", "en": "Monday"},
    "mar": {"fr": "mardi", "en": "Tuesday"},
    "mer": {"fr": "mercredi", "en": "Wednesday"},
    "jeu": {"fr": "jeudi", "en": "Thursday"},
    "ven": {"fr": "vendredi", "en": "Friday"},
    "sam": {"fr": "samedi", "en": "Saturday"},
    "dim": {"fr": "dimanche", "en": "Sunday"},
}
"""The understanding's weekdays, to be read back."""


def as_said(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as one would say them: from the first to the last of a month is «en décembre»."""
    first, last = facts.get("date_from", ""), facts.get("date_to", "")
    if not first or not last or first[:8] != last[:8] or first[8:] != "01" or not _ends_a_month(last):
        return facts
    rest = {slot: value for slot, value in facts.items() if slot not in ("date_from", "date_to")}
    return {**rest, "month": first}


def _ends_a_month(day: str) -> bool:
    return (date.fromisoformat(day) + timedelta(days=1)).day == 1


def category_name(category: str) -> dict[str, str]:
    """A category as it is spoken."""
    return {"fr": f"catégorie {category}", "en": f"category {category}"} if category.isdigit() else {"fr": "Optima"}


READ_BACK = ("quantity", "production", "genre", "hall", "date", "month", "weekdays", "part_of_day", "time", "section")
"""Facts are read back as one would say them: how many, what, when, where; the rest as they were said."""


def read_back_at(slot: str) -> int:
    """The place of a fact among those read back."""
    return READ_BACK.index(slot) if slot in READ_BACK else len(READ_BACK)


GENRES = {"opera": {"fr": "l’opéra", "en": "the opera"}, "ballet": {"fr": "le ballet", "en": "the ballet"}}
"""How a title is told from its namesake."""

doubt = Flow("doubt", first="heard_right", data=Doubt)


@doubt.ask("doubt.heard_right", YesNo(), to={"settled": RETURN}, echoes=lambda call: dict(call.data.pending))
def heard_right(call: Call, answer: str) -> str:
    """What was half understood is read back; yes keeps it, no lets the question be put again."""
    if answer == "yes":
        pour(call.said, call.data.pending)
    return "settled"


def _candidates(call: Call) -> list[Option]:
    productions = {production.id: production for production in call.booking.programme()}
    known = [productions[candidate] for candidate in call.data.candidates if candidate in productions]
    return [
        Option(
            p.id,
            str(place),
            (p.title, *p.alt_titles, *words_for(f"genre.{p.genre}", call.language)),
            {"title": p.title, "genre": GENRES.get(p.genre, p.genre)},
        )
        for place, p in enumerate(known[:6], start=1)
    ]


@doubt.ask("doubt.which_one", Choice(offer=_candidates, each="doubt.candidate", context="any"), to={"settled": RETURN})
def which_one(call: Call, candidate: Any) -> str:
    """Two things answer to the same name; the caller chooses one."""
    pour(call.said, {call.data.slot: candidate})
    return "settled"


MOST_VALUES = 6
"""More possibilities than this nobody keeps in mind."""


def _spoken(slot: str, value: Any, call: Call) -> Any:
    """A value as a prompt's slot: places by their names, the rest as it is."""
    if slot != "section":
        return value
    return {language: (*words_for(f"sections.{value}", language), value)[0] for language in call.tools.languages}


def _values(call: Call) -> list[Option]:
    """The values that were said, each on a key: a small number on its own, so that «trois» is three."""
    slot, values = call.data.slot, call.data.candidates[:MOST_VALUES]
    own = slot == "quantity" and all(isinstance(value, int) and 1 <= value <= 9 for value in values)
    return [
        Option(
            value,
            str(value if own else place),
            words_for(f"{slot}.{value}", call.language),
            {slot: _spoken(slot, value, call)},
            prompt=f"doubt.value.{slot}",
        )
        for place, value in enumerate(values, start=1)
    ]


@doubt.ask("doubt.which_value", Choice(offer=_values, context="any"), to={"settled": RETURN})
def which_value(call: Call, value: Any) -> str:
    """Two numbers, days or places were said; the caller chooses, or says it anew."""
    pour(call.said, {call.data.slot: value})
    return "settled"
