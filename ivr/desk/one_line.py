"""One line: what a caller wants and where she is stuck, as an agent would tell a colleague.

«2 places, La Bohème, sam. 28 nov., au balcon : hésite sur le prix»
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from booking import BadWish, Hold, read_hall
from ivr.desk.conversation import Line
from ivr.pages.words import Words

PRICE_SLOTS = ("price_level", "max_price", "max_total")
PLAIN_REASONS = ("agent", "asked", "")
"""Reasons that say nothing more than that she wants a person."""


def one_line(
    w: Words, said: Mapping[str, Any], holds: tuple[Hold, ...], lines: tuple[Line, ...], reason: str,
    titles: Mapping[str, str],
) -> str:  # fmt: skip
    """The wish, and after a colon why she waits; one without the other when that is all we know."""
    wish = ", ".join(filter(None, _wish(w, said, holds, titles)))
    snag = w.known(f"reasons.{reason}", reason) if reason not in PLAIN_REASONS else _snag(w, said, lines)
    if wish and snag:
        return w("desk.one_line", wish=wish, snag=snag[:1].lower() + snag[1:])
    return wish or snag or w("reasons.agent")


def short_day(w: Words, day: date) -> str:
    """«sam. 28 nov.»"""
    weekday, month = w("calendar.short_days").split()[day.weekday()], w("calendar.short_months").split()[day.month - 1]
    return w("calendar.day", weekday=weekday, day=day.day, month=month)


def _wish(w: Words, said: Mapping[str, Any], holds: tuple[Hold, ...], titles: Mapping[str, str]) -> list[str]:
    if holds:
        hold = holds[0]
        place = hold.seats[0].home.said(w.language)
        return [_count(w, len(hold.seats)), hold.performance.title, short_day(w, hold.performance.local.date()), place]
    intent = said.get("intent")
    wanted = "" if intent in (None, "book", "agent") else w.known(f"values.{intent}", "")
    return [
        wanted, _count(w, said.get("quantity")), titles.get(str(said.get("production", "")), ""), _day(w, said),
        _place(w, said),
    ]  # fmt: skip


def _count(w: Words, quantity: Any) -> str:
    return w("desk.places", count=quantity) if isinstance(quantity, int) and quantity > 0 else ""


def _day(w: Words, said: Mapping[str, Any]) -> str:
    try:
        return short_day(w, date.fromisoformat(str(said.get("date", ""))[:10]))
    except ValueError:
        return ""


def _place(w: Words, said: Mapping[str, Any]) -> str:
    place, hall = said.get("section"), said.get("hall")
    if isinstance(place, str) and isinstance(hall, str):
        try:
            found = read_hall(hall).sections_named(place)
        except BadWish:
            found = ()
        if len(found) == 1:
            return read_hall(hall).section(found[0]).said(w.language)
    if isinstance(place, str):
        return w.known(f"at.{place}", w.known(f"values.{place}", place))
    return w("refused.category", name=said["category"]) if said.get("category") else ""


def _snag(w: Words, said: Mapping[str, Any], lines: tuple[Line, ...]) -> str:
    """The question at which she asked for a person."""
    if any(said.get(slot) for slot in PRICE_SLOTS):
        return w("snags.price")
    last = next((line.step for line in reversed(lines) if line.who == "caller" and line.step), "")
    return w.known(f"snags.{last}", "")
