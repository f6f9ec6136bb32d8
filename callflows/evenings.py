"""Which performances fit what the caller said about the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from booking import Performance

WHEN = (
    "date", "dates", "date_from", "date_to", "not_dates", "weekdays", "not_weekdays", "part_of_day", "time",
    "performance_kind", "earliest", "any_date",
)  # fmt: skip
"""Every slot that says something about the day."""

_WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_AFTERNOON_ENDS = 17
ABOUT = 45
"""Minutes: «à vingt heures» means the performance of half past seven."""


def fitting(performances: Sequence[Performance], said: dict[str, Any]) -> list[Performance]:
    """The performances that fit all that was said, in order of time."""
    found = [performance for performance in performances if _fits(performance, said)]
    if said.get("performance_kind") == "last":
        return found[-1:]
    return found[:1] if said.get("earliest") else found


def nearest(performances: Iterable[Performance], said: dict[str, Any], count: int = 9) -> list[Performance]:
    """When no performance fits: those nearest to the day that was meant, in order of time."""
    meant = said.get("date") or said.get("date_from") or next(iter(said.get("dates") or ()), None)
    if meant is None:
        return list(performances)[:count]
    day = date.fromisoformat(meant)
    closest = sorted(performances, key=lambda performance: abs((performance.local.date() - day).days))
    return sorted(closest[:count], key=lambda performance: performance.local)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _fits(performance: Performance, said: dict[str, Any]) -> bool:
    """The day first: most performances are of another one."""
    day = performance.local.date().isoformat()
    return day == said.get("date", day) and _fits_in_all_else(performance, day, said)


def _fits_in_all_else(performance: Performance, day: str, said: dict[str, Any]) -> bool:
    local = performance.local
    weekday, evening = _WEEKDAYS[local.weekday()], local.hour >= _AFTERNOON_ENDS
    return all(
        (
            day in said.get("dates", (day,)),
            said.get("date_from", day) <= day <= said.get("date_to", day),
            weekday in said.get("weekdays", (weekday,)),
            weekday not in said.get("not_weekdays", ()),
            day == said.get("date") or day not in said.get("not_dates", ()),
            said.get("part_of_day") in (None, "evening" if evening else "matinee"),
            said.get("performance_kind") != "premiere" or performance.kind == "premiere",
            "time" not in said or abs(_minutes(local.strftime("%H:%M")) - _minutes(said["time"])) <= ABOUT,
        )
    )
