"""Dates wished for: the slots that days, periods, weekdays and lists of them fill."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from callflows.understanding.dates import UNCLEAR, WEEKDAYS, When, after, day, day_month, weekday
from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene


def said(bound: Bound, scene: Scene) -> dict[str, Any]:
    """The slots of a date or a period."""
    found: When = next(bound[name] for name in ("date", "span", "open_span") if name in bound)
    return found.slots()


def number_and_date(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """So many seats for that day: «trois pour le dix-huit»."""
    return {"quantity": bound["number"], **said(bound, scene)} if bound["number"] >= bound.get("least", 1) else None


def said_at(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A day and an hour of it, said in one breath: «the sixteenth at eight»."""
    return {**said(bound, scene), "time": bound["evening_hour"]}


def bare_day(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A number alone, when a date was asked for."""
    found = day(bound, scene)
    return (found or UNCLEAR).slots()


def this_part(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A part of today."""
    return {"date": scene.today.isoformat(), "part_of_day": bound["part"]}


def refused(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A day that does not suit: what was said of it before does not count, and it is not offered."""
    found: When = bound["date"] if "date" in bound else bound["of_date"]
    if not found.first or found.first != found.last:
        return {"_not": "date"}
    day = found.first.isoformat()
    return {"_not": "date", "_refused": day, "not_dates": [day]}


def neither(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """Two days that do not suit."""
    days = _in_order([bound["date"], bound["date2"]])
    return {"_not": "date", "not_dates": [day.isoformat() for day in days]} if len(days) == 2 else None


def excepted(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A day left out of a period or of any days at all."""
    found: When = bound["date"] if "date" in bound else bound["of_date"]
    if found.weekday:
        return {"not_weekdays": [found.weekday], **({"any": True} if bound.get("any") else {})}
    if not found.first or found.first != found.last:
        return None
    return {"not_dates": [found.first.isoformat()], **({"any": True} if bound.get("any") else {})}


def several(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """Two or three single days, any of which will do."""
    found = [bound[name] for name in ("date", "date2", "date3") if name in bound]
    if scene.context == "ask_performance" and all(when.bare for when in found):
        return None  # «the first and the third» of those read out
    if any(when.unclear or not when.first or not when.last for when in found):
        return {"clarify": "date"}
    if any(when.first != when.last for when in found):
        return _joined(found).slots()
    return {"dates": sorted({day.isoformat() for day in _in_order(found)})}


def _in_order(found: list[When]) -> list[date]:
    """The days as they follow each other: a bare day is in the month of the one before it."""
    days: list[date] = []
    for when in found:
        if when.first:
            days.append(after(days[-1], when.first) if days and when.bare else when.first)
    return days


def _joined(found: list[When]) -> When:
    """«Fin janvier ou début février» is one period, if nothing lies between."""
    ordered = sorted((when.first, when.last) for when in found if when.first and when.last)
    gaps = [(later - earlier).days for (_, earlier), (later, _) in pairwise(ordered)]
    return When(ordered[0][0], ordered[-1][1]) if all(gap <= 1 for gap in gaps) else UNCLEAR


def days_listed(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Days of one month named after another: «le dix ou le douze décembre»."""
    names = [name for name in ("day", "day2", "day3") if name in bound]
    shared = {key: bound[key] for key in ("month", "year") if key in bound}
    found = [day_month({"day": bound[name], **shared}, scene) for name in names]
    if any(when.unclear for when in found):
        return {"clarify": "date"}
    return {"dates": sorted({when.first.isoformat() for when in found if when.first})}


def days_near(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """Two days of a month that is not named: the next of each; of dates read out, each is one of those."""
    if scene.context == "ask_performance":
        return None
    names = [name for name in ("day", "day2", "day_th", "day_th2") if name in bound]
    found = [day({"day": bound[name]}, scene) for name in names]
    days = sorted(day.isoformat() for day in _in_order([when for when in found if when]))
    return {"dates": days} if len(days) == len(names) else None


def weekdays(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Days of the week that suit, or that do not (`slot`), in the week's order."""
    named = {bound[name] for name in ("weekday", "weekday2", "weekday3") if name in bound} | set(bound.get("days", ()))
    slots: dict[str, Any] = {bound.get("slot", "weekdays"): sorted(named, key=WEEKDAYS.index)}
    if bound.get("others_not"):
        slots["not_weekdays"] = [day for day in WEEKDAYS if day not in named]
    return {**slots, "part_of_day": bound["part"]} if "part" in bound else slots


def weekday_part(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A weekday some weeks on, and the part of the day that was said in between («dimanche soir en quinze»)."""
    return {**weekday(bound, scene).slots(), "part_of_day": bound["part"]}


def weekday_range(bound: Bound, scene: Scene) -> dict[str, Any]:
    """«Du lundi au jeudi»: every day from the one to the other."""
    first, last = (WEEKDAYS.index(bound[name]) for name in ("weekday", "weekday2"))
    return {"weekdays": [WEEKDAYS[(first + ahead) % 7] for ahead in range((last - first) % 7 + 1)]}


def either_weekday(bound: Bound, scene: Scene) -> dict[str, Any]:
    """«Jeudi ou vendredi»: the next of each, and what they are called."""
    if scene.context == "ask_performance" and scene.options:
        return weekdays(bound, scene)
    names = [bound[name] for name in ("weekday", "weekday2", "weekday3") if name in bound]
    days = [weekday({"weekday": name}, scene).first for name in names]
    return {"dates": sorted(found.isoformat() for found in days if found), **weekdays(bound, scene)}


def plural_weekdays(bound: Bound, scene: Scene) -> dict[str, Any]:
    """«Mondays»: every one of them would suit."""
    named = {bound[name] for name in ("plural_weekday", "plural_weekday2") if name in bound}
    return {"weekdays": sorted(named, key=WEEKDAYS.index)}


def bare_day_month(bound: Bound, scene: Scene) -> dict[str, Any]:
    """«Quinze douze»: day and month as figures."""
    return day_month({"day": bound["day"], "month": bound["month_number"]}, scene).slots()


MAKERS = {
    maker.__name__: maker
    for maker in (
        said,
        refused,
        said_at,
        number_and_date,
        excepted,
        neither,
        bare_day,
        this_part,
        several,
        days_listed,
        days_near,
        weekdays,
        either_weekday,
        weekday_range,
        weekday_part,
        plural_weekdays,
        bare_day_month,
    )
}
