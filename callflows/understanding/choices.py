"""Choices: which of the dates that were read out a caller means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from callflows.understanding.dates import WEEKDAYS
from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene

Option = Mapping[str, Any]
AFTERNOON_ENDS = "17:30"


def ordinal_choice(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """The first, the second, the last (-1), the last but one (-2) of the dates read out."""
    number = bound.get("ordinal", bound.get("number", bound.get("heard_number", bound.get("place", 0))))
    count = len(scene.options)
    if number < 0:
        return {"choice": count + 1 + number} if count + number >= 0 and count else None
    return {"choice": number} if 0 < number <= max(count, 0 if count else 9) else None


def middle_choice(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """The one in the middle of an odd number of dates."""
    count = len(scene.options)
    return {"choice": count // 2 + 1} if count % 2 else None


def one_read_out(value: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """«Le premier», «the first», said of dates that were read out: the first of them, if none is on such a day."""
    if scene.context != "ask_performance" or "_bare" not in value:
        return value
    day = date.fromisoformat(value["date"]).day
    if day > len(scene.options) or any(date.fromisoformat(option["date"]).day == day for option in scene.options):
        return value
    return {**{slot: given for slot, given in value.items() if slot not in ("date", "_bare")}, "choice": day}


def choose(slots: dict[str, Any], scene: Scene, denied: Collection[str] = ()) -> dict[str, Any]:
    """With `choice`, when what was said fits one of the options; the wish to ask back when it fits several.

    `denied` slots were followed by a no («un samedi, mais pas celui-là»): nothing is chosen by them.
    """
    if scene.context != "ask_performance" or not scene.options:
        return slots
    if slots.get("clarify") == "date":
        slots = {**slots, "clarify": "choice"}  # which of them, not which day of the year
    said = [slot for slot in (*TESTS, "choice") if slot in slots]
    if any(slot in denied for slot in said):
        return {**{slot: value for slot, value in slots.items() if slot not in said}, "clarify": "choice"}
    if "choice" in slots or not said:
        return slots
    fitting = [
        number
        for number, option in enumerate(scene.options, 1)
        if all(TESTS[slot](option, slots[slot]) for slot in said)
    ]
    if len(fitting) == 1:
        kept = {slot: value for slot, value in slots.items() if slot != "weekdays" and value != "choice"}
        return {**kept, "choice": fitting[0]}
    if not fitting and "weekdays" not in slots:
        return slots
    return {**slots, "clarify": "choice"} if fitting else slots


def _weekday(option: Option) -> str:
    return WEEKDAYS[date.fromisoformat(option["date"]).weekday()]


def _part(option: Option) -> str:
    return "matinee" if option.get("time", "") < AFTERNOON_ENDS else "evening"


TESTS: dict[str, Callable[[Option, Any], bool]] = {
    "date": lambda option, value: bool(option["date"] == value),
    "dates": lambda option, value: option["date"] in value,
    "date_from": lambda option, value: bool(option["date"] >= value),
    "date_to": lambda option, value: bool(option["date"] <= value),
    "weekdays": lambda option, value: _weekday(option) in value,
    "not_dates": lambda option, value: option["date"] not in value,
    "not_weekdays": lambda option, value: _weekday(option) not in value,
    "part_of_day": lambda option, value: _part(option) == value,
    "time": lambda option, value: bool(option.get("time") == value),
}


def weekday_among(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A weekday said of dates that were read out means one of them, not the next such day."""
    return {"weekdays": [bound["weekday"]]}


def day_among(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A day of the month among the dates read out."""
    wanted = bound.get("day", bound.get("day_th"))
    days = [option["date"] for option in scene.options if date.fromisoformat(option["date"]).day == wanted]
    return {"date": days[0]} if len(days) == 1 else {"clarify": "choice"} if days else None


def day_refused(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A day of the month among the dates read out that does not suit."""
    wanted = bound.get("day", bound.get("day_th"))
    days = [option["date"] for option in scene.options if date.fromisoformat(option["date"]).day == wanted]
    return {"not_dates": days, "_not": "date"} if days else None


def month_among(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A month among the dates read out."""
    fitting = [
        number
        for number, option in enumerate(scene.options, 1)
        if date.fromisoformat(option["date"]).month == bound["month"]
    ]
    return {"choice": fitting[0]} if len(fitting) == 1 else {"clarify": "choice"} if fitting else None


MAKERS = {
    maker.__name__: maker
    for maker in (ordinal_choice, middle_choice, weekday_among, day_among, day_refused, month_among)
}
