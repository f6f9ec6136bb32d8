"""Periods: from one day to another, before and after a feast, within a fortnight.

They are worked out from the days and periods of `dates`, which the language files name by what they bind.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from callflows.understanding.dates import (
    UNCLEAR,
    WEEKDAYS,
    When,
    after,
    day_month,
    in_days,
    one,
    week_of_month,
    weekday,
)
from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene


def _named(bound: Bound) -> When:
    """The date that a rule is about, by whichever name it was bound."""
    name = next((name for name in ("date", "of_date", "feast", "whole") if name in bound), "date")
    found: When = bound[name]
    return found


def _followed(first: When, second: When) -> When:
    """The second of two dates, in the month of the first if only its day was said."""
    if not (second.bare and first.first and second.first):
        return second
    return one(after(first.first, second.first, only=True))


def _span(first: When, last: When) -> When:
    """From the beginning of one period to the end of another."""
    if first.unclear or last.unclear or not first.first or not last.last:
        return UNCLEAR
    if last.last < first.first:
        return UNCLEAR
    return When(first.first, last.last)


def beside(bound: Bound, scene: Scene) -> When:
    """The last such weekday before a date, or the first after it (`side` -1 or 1)."""
    found, wanted = _named(bound), WEEKDAYS.index(bound["weekday"])
    if not found.first or not found.last:
        return UNCLEAR
    if bound["side"] < 0:
        return one(found.first - timedelta(days=(found.first.weekday() - wanted - 1) % 7 + 1))
    return one(found.last + timedelta(days=(wanted - found.last.weekday() - 1) % 7 + 1))


def week_beside(bound: Bound, scene: Scene) -> When:
    """The whole week before or after the one of a date (`side` -1 or 1)."""
    found = _named(bound)
    day = found.first if bound["side"] < 0 else found.last
    if not day:
        return UNCLEAR
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=bound["side"])
    return When(max(monday, scene.today), monday + timedelta(days=6))


def weekend_beside(bound: Bound, scene: Scene) -> When:
    """The Saturday and Sunday before or after a date (`side` -1 or 1)."""
    saturday = beside({**bound, "weekday": "sam"}, scene).first
    return When(saturday, saturday + timedelta(days=1)) if saturday else UNCLEAR


def last_day(bound: Bound, scene: Scene) -> When:
    """The last day of a month or a year."""
    found = _named(bound)
    return one(found.last) if found.last else UNCLEAR


def within_days(bound: Bound, scene: Scene) -> When:
    """From today on, for so many days or weeks at most."""
    last = in_days(bound, scene).last
    return When(scene.today, last) if last and last > scene.today else UNCLEAR


def shifted(bound: Bound, scene: Scene) -> When:
    """The day before or after another, or a week after it."""
    found = _named(bound)
    if not found.first or found.first != found.last:
        return UNCLEAR
    days = bound["number"] * bound["days"] if "number" in bound else bound["days"]
    return one(found.first + timedelta(days=days)) if abs(days) < 400 else UNCLEAR


def weeks_of_month(bound: Bound, scene: Scene) -> When | None:
    """The first or second week of a month: from the one to the other."""
    names = ("ordinal", "ordinal2") if "ordinal" in bound else ("ord", "ord2")
    found = [week_of_month({**bound, "ordinal": bound[name]}, scene) for name in names]
    first, last = found
    return _span(first, last) if first and last else None


def days_of_month(bound: Bound, scene: Scene) -> When:
    """From one day to another of the same month."""
    ends = [
        day_month({"day": bound[name], **{k: bound[k] for k in ("month", "year") if k in bound}}, scene)
        for name in ("day", "day2")
    ]
    return _span(*ends)


def weekend_of(bound: Bound, scene: Scene) -> When | None:
    """The Saturday and Sunday nearest to a day: of a Monday that is kept, those before it."""
    found = _named(bound)
    if not found.first or found.first != found.last:
        return None
    saturday = found.first + timedelta(days=5 - (found.first.weekday() or 7))
    return When(saturday, saturday + timedelta(days=1))


def week_of(bound: Bound, scene: Scene) -> When | None:
    """Monday to Sunday around a day."""
    found = _named(bound)
    if not found.first or found.first != found.last:
        return None
    monday = found.first - timedelta(days=found.first.weekday())
    return When(max(monday, scene.today), monday + timedelta(days=6))


def between(bound: Bound, scene: Scene) -> When:
    """From one date to another."""
    first = _named(bound)
    return _span(first, _followed(first, bound.get("date2") or bound["of_date2"]))


def day_to(bound: Bound, scene: Scene) -> When | None:
    """From a single day to another date; «l'an prochain au mois de mars» is no such thing."""
    first: When = bound["date"]
    return _span(first, _followed(first, bound["date2"])) if first.first == first.last else None


def between_weekdays(bound: Bound, scene: Scene) -> When:
    """From the next such weekday to the other one after it."""
    first = weekday({"weekday": bound["weekday"]}, scene).first or scene.today
    ahead = (WEEKDAYS.index(bound["weekday2"]) - first.weekday()) % 7
    return When(first, first + timedelta(days=ahead))


def since(bound: Bound, scene: Scene) -> When:
    """From a date on; «after» means from the day after it."""
    found = _named(bound)
    if bound.get("after") and found.last:
        return replace(found, first=found.last + timedelta(days=1), last=None)
    return replace(found, last=None)


def until(bound: Bound, scene: Scene) -> When:
    """Up to a date; before a period means before its beginning."""
    found = _named(bound)
    if bound.get("before") and found.first:
        return replace(found, first=None, last=found.first - timedelta(days=1))
    return replace(found, first=None)


def around(bound: Bound, scene: Scene) -> When:
    """Two days before to two days after; periods stay as they are."""
    found = _named(bound)
    if not found.first or found.first != found.last:
        return found
    return When(max(found.first - timedelta(days=2), scene.today), found.first + timedelta(days=2))


MAKERS = {
    maker.__name__: maker
    for maker in (
        beside,
        week_beside,
        weekend_beside,
        last_day,
        within_days,
        shifted,
        weeks_of_month,
        days_of_month,
        weekend_of,
        week_of,
        between,
        day_to,
        between_weekdays,
        since,
        until,
        around,
    )
}
