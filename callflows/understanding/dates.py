"""Dates: from «le quinze au soir» or «samedi en huit» to days of the calendar.

The language files say which words make which form; the functions here know the calendar only.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene

WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_FAR_OFF = 92
"""Days within which «mardi quinze» must fall; further away we ask."""


@dataclass(frozen=True)
class When:
    """A day or a period; `unclear` when the words contradict each other or the calendar."""

    first: date | None = None
    last: date | None = None
    unclear: bool = False
    bare: bool = False
    """Only the day of the month was said: the month is our guess."""
    weekday: str = ""
    """Only that weekday was said: the week is our guess."""

    def slots(self) -> dict[str, Any]:
        """As the slots `date`, or `date_from` and `date_to`, or the wish to ask back."""
        if self.unclear:
            return {"clarify": "date"}
        if self.first and self.first == self.last:
            guessed = {"_bare": True} if self.bare else {"_weekday": self.weekday} if self.weekday else {}
            return {"date": self.first.isoformat(), **guessed}
        ends = {"date_from": self.first, "date_to": self.last}
        return {name: day.isoformat() for name, day in ends.items() if day}


def one(day: date) -> When:
    """A single day."""
    return When(day, day)


UNCLEAR = When(unclear=True)


def in_days(bound: Bound, scene: Scene) -> When:
    """So many days or weeks from today; «huit jours» is a week, «quinze jours» two."""
    days = bound.get("days", bound.get("number", 0) * bound.get("times", 1))
    days = bound.get("idioms", {}).get(str(days), days)
    return one(scene.today + timedelta(days=days)) if abs(days) < 700 else UNCLEAR


def in_months(bound: Bound, scene: Scene) -> When:
    """So many months from today, on the same day of the month."""
    months = bound.get("months", bound.get("number", 1))
    year, month = divmod(scene.today.year * 12 + scene.today.month - 1 + min(months, 24), 12)
    return one(date(year, month + 1, min(scene.today.day, calendar.monthrange(year, month + 1)[1])))


def weekday(bound: Bound, scene: Scene) -> When:
    """The next such day after today, and as many weeks more as `weeks` says."""
    ahead = (WEEKDAYS.index(bound["weekday"]) - scene.today.weekday() - 1) % 7 + 1
    weeks = bound["number"] - 1 + bound.get("plus", 0) if "number" in bound else bound.get("weeks", 0)
    guessed = "" if bound.keys() & {"number", "weeks", "plus"} else bound["weekday"]
    found = one(scene.today + timedelta(days=ahead + 7 * weeks)) if 0 <= weeks <= 60 else UNCLEAR
    return replace(found, weekday=guessed)


def weekday_of_week(bound: Bound, scene: Scene) -> When:
    """That day of the week which is `weeks` from this one."""
    monday = scene.today - timedelta(days=scene.today.weekday())
    return one(monday + timedelta(days=WEEKDAYS.index(bound["weekday"]) + 7 * bound["weeks"]))


def day(bound: Bound, scene: Scene) -> When | None:
    """The next such day of a month after today, on that weekday if one was said."""
    number, wanted = bound.get("day", bound.get("day_th", 0)), bound.get("weekday")
    if "weekday" in bound:
        near = [found for found in _coming(number, scene.today) if found.weekday() == WEEKDAYS.index(wanted or "lun")]
        near = [found for found in near if (found - scene.today).days <= _FAR_OFF]
        return one(near[0]) if near else UNCLEAR
    following = [found for found in _coming(number, scene.today) if found > scene.today]
    return replace(one(following[0]), bare=True) if following else UNCLEAR


def after(earlier: date, later: date, *, only: bool = False) -> date:
    """A bare day said after another date is the one nearest to it: «le dix-sept juin, ou le dix».

    `later` is the first such day to come; `only` those after the earlier date, for the end of a period.
    """
    months = (earlier.year * 12 + earlier.month - 1 + ahead for ahead in (-1, 0, 1))
    days = [found for month in months if (found := _date(month // 12, month % 12 + 1, later.day)) and found >= later]
    days = [found for found in days if found > earlier] if only else days
    return min(days, key=lambda found: abs((found - earlier).days), default=later)


def _coming(number: int, today: date) -> list[date]:
    """The dates with that day of the month, today's and the next year's."""
    days = [
        _date(today.year + (today.month - 1 + ahead) // 12, (today.month - 1 + ahead) % 12 + 1, number)
        for ahead in range(13)
    ]
    return [found for found in days if found and found >= today]


def _date(year: int, month: int, number: int) -> date | None:
    """The date, if the calendar has it."""
    return date(year, month, number) if 1 <= number <= calendar.monthrange(year, month)[1] else None


def day_month(bound: Bound, scene: Scene) -> When:
    """A day of a month, this year's or the next one's; contradicting weekdays are asked back."""
    years = [bound["year"]] if "year" in bound else [scene.today.year, scene.today.year + 1]
    number = bound["day"] if "day" in bound else bound["heard_number"]
    days = [_date(year, bound["month"], number) for year in years]
    coming = [found for found in days if found and found >= scene.today]
    if not coming:
        return UNCLEAR
    wanted = bound.get("weekday")
    return one(coming[0]) if wanted in (None, WEEKDAYS[coming[0].weekday()]) else UNCLEAR


def _month(bound: Bound, scene: Scene) -> tuple[date, date]:
    """First and last day of the month meant: the one to come, or the present one."""
    ahead = (bound["month"] - scene.today.month) % 12
    year = bound.get("year", scene.today.year + (scene.today.month - 1 + ahead) // 12)
    return date(year, bound["month"], 1), date(year, bound["month"], calendar.monthrange(year, bound["month"])[1])


def month(bound: Bound, scene: Scene) -> When | None:
    """A month, or the part of it from day `start` to day `stop`; nothing that is over already."""
    first, last = _month(bound, scene)
    start = bound.get("start", 1)
    begin = first.replace(day=start) if start > 0 else last + timedelta(days=start + 1)
    end = min(first.replace(day=bound["stop"]), last) if "stop" in bound else last
    return When(max(begin, scene.today), end) if end >= scene.today else UNCLEAR


def days_at_an_end(bound: Bound, scene: Scene) -> When | None:
    """The first so many days of a month, or with `last` its last ones."""
    number = bound["number"]
    if not 1 <= number <= 28:
        return None
    return month({**bound, **({"start": -number} if bound.get("last") else {"start": 1, "stop": number})}, scene)


def week_of_month(bound: Bound, scene: Scene) -> When | None:
    """The first, second… week of a month; 0 or less counts from its end."""
    first, last = _month(bound, scene)
    which = bound.get("ordinal", bound.get("ord", bound.get("which", 1)))
    if not 1 <= which <= 5:
        return When(last - timedelta(days=6), last)
    begin = first + timedelta(days=7 * (which - 1))
    return When(begin, min(begin + timedelta(days=6), last))


def nth_weekday(bound: Bound, scene: Scene) -> When:
    """The first, second… such weekday of a month, or its last one (0); `through` days more make it a week end."""
    first, last = _month(bound, scene)
    wanted, which = WEEKDAYS.index(bound["weekday"]), bound["ord"]
    if which:
        found = first + timedelta(days=(wanted - first.weekday()) % 7 + 7 * (which - 1))
    else:
        found = last - timedelta(days=(last.weekday() - wanted) % 7)
    if found.month != first.month or found < scene.today:
        return UNCLEAR
    return When(found, found + timedelta(days=bound.get("through", 0)))


def next_year(bound: Bound, scene: Scene) -> When:
    """The whole of the next year, or its part from month `start` to month `stop`."""
    year = scene.today.year + 1
    return When(date(year, 1, 1), date(year, 12, 31))


def same(bound: Bound, scene: Scene) -> When:
    """The date itself, under another name."""
    found: When = bound["date"]
    return found


def day_of_month_number(bound: Bound, scene: Scene) -> When | None:
    """«The sixth of the twelfth»: day and month, both by number."""
    if not 1 <= bound["ordinal"] <= 12:
        return None
    return day_month({"day": bound["day_th"], "month": bound["ordinal"]}, scene)


def impossible_day(bound: Bound, scene: Scene) -> When | None:
    """A number before a month that no month has as a day."""
    return UNCLEAR if bound["number"] > 31 else None


def months_from_now(bound: Bound, scene: Scene) -> When:
    """This month (0), the next one (1)…, whole, or its part from `start` to `stop`."""
    number = (scene.today.month - 1 + bound["ahead"]) % 12 + 1
    year = scene.today.year + (scene.today.month - 1 + bound["ahead"]) // 12
    found = month({**bound, "month": number, "year": year}, scene)
    return found or UNCLEAR


def week(bound: Bound, scene: Scene) -> When:
    """Monday to Sunday, `weeks` from this week; what is over of this one is left out."""
    monday = scene.today - timedelta(days=scene.today.weekday()) + timedelta(weeks=bound["weeks"])
    return When(max(monday, scene.today), monday + timedelta(days=6))


def week_end(bound: Bound, scene: Scene) -> When:
    """Friday to Sunday, `weeks` from this week."""
    friday = scene.today - timedelta(days=scene.today.weekday()) + timedelta(days=4, weeks=bound["weeks"])
    return When(max(friday, scene.today), friday + timedelta(days=2))


def weekend(bound: Bound, scene: Scene) -> When:
    """Saturday and Sunday, `weeks` from this week."""
    saturday = scene.today - timedelta(days=scene.today.weekday()) + timedelta(days=5, weeks=bound["weeks"])
    return When(max(saturday, scene.today), saturday + timedelta(days=1))


def feast(bound: Bound, scene: Scene) -> When:
    """A day by its name: of fixed date, or found in the calendar of public holidays (`holiday`, `offset`)."""
    if "holiday" not in bound:
        return day_month(bound, scene)
    days = [
        found + timedelta(days=bound.get("offset", 0))
        for year in (scene.today.year, scene.today.year + 1)
        for found in _public_holiday(bound["holiday"], year)
    ]
    coming = [found for found in days if found >= scene.today]
    return one(coming[0]) if coming else UNCLEAR


@lru_cache(maxsize=256)
def _public_holiday(name: str, year: int) -> tuple[date, ...]:
    """Days of that name in France, in English as the library keeps them."""
    calendar_of_year = holidays.country_holidays("FR", years=year, language="en_US")
    return tuple(day for day, called in calendar_of_year.items() if called == name)


def season(bound: Bound, scene: Scene) -> When:
    """A period of fixed days, such as the school holidays: from `from` to `to`, months and days."""
    (month_a, day_a), (month_b, day_b) = bound["from"], bound["to"]
    for year in (scene.today.year - 1, scene.today.year, scene.today.year + 1):
        first = date(year, month_a, day_a)
        last = date(year + ((month_b, day_b) < (month_a, day_a)), month_b, day_b)
        if last >= scene.today:
            return When(max(first, scene.today), last)
    return UNCLEAR


def past(bound: Bound, scene: Scene) -> When:
    """A day that is over: nothing to sell, so we ask."""
    return UNCLEAR


def month_number(bound: Bound, scene: Scene) -> int | None:
    """A number that may be a month."""
    number: int = bound["number"]
    return number if 1 <= number <= 12 else None


def day_number(bound: Bound, scene: Scene) -> int | None:
    """A number that may be a day of a month."""
    number = bound.get("number", bound.get("ordinal", 0))
    return number if 1 <= number <= 31 else None


def year_number(bound: Bound, scene: Scene) -> int | None:
    """A year near today: four figures, or two halves as English says them."""
    number = bound["number"] * 100 + bound["number2"] if "number2" in bound else bound["number"]
    return number if scene.today.year <= number <= scene.today.year + 2 else None


MAKERS = {
    maker.__name__: maker
    for maker in (
        in_days,
        in_months,
        weekday,
        weekday_of_week,
        day,
        day_month,
        month,
        days_at_an_end,
        week_of_month,
        months_from_now,
        week,
        week_end,
        weekend,
        feast,
        season,
        past,
        day_number,
        year_number,
        month_number,
        nth_weekday,
        next_year,
        impossible_day,
        same,
        day_of_month_number,
    )
}
