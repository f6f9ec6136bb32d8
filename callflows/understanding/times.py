"""Times of day: a house that plays from early afternoon to midnight knows which «huit heures» is meant."""

from __future__ import annotations

from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene

LAST_MORNING_HOUR = 10
"""«Dix heures» is ten in the evening for an opera; eleven o'clock is before noon, twelve is noon."""


def clock(bound: Bound, scene: Scene) -> str | None:
    """An hour with its minutes (`number2`), or minutes before it (`less`), as HH:MM."""
    after = bound.get("number2", bound.get("minutes_said", bound.get("minutes", 0)))
    hour, minutes = bound["number"], after - bound.get("less", 0)
    if not (bound.get("least", 0) <= hour <= 24 and -60 < minutes < 60):
        return None
    last_morning = {"morning": 0, "evening": 11}.get(bound.get("half", ""), LAST_MORNING_HOUR)
    if 1 <= hour <= last_morning:
        hour += 12
    total = (hour * 60 + minutes) % 1440
    return f"{total // 60:02d}:{total % 60:02d}"


def minutes(bound: Bound, scene: Scene) -> int | None:
    """Minutes before the hour."""
    number: int = bound["number"]
    return number if 0 < number < 60 else None


def at(bound: Bound, scene: Scene) -> dict[str, str]:
    """The slot of a time, by whichever name the rule calls it."""
    names = ("clock", "sure_clock", "half_clock", "evening_hour")
    return {"time": next(bound[name] for name in names if name in bound)}


MAKERS = {maker.__name__: maker for maker in (clock, minutes, at)}
