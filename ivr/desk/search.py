"""Search: which evenings an agent may offer, by title, date, hall and genre, or in words as callers say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from booking import BookingError, Clerk, OnSale, Performance, Production, read_hall
from callflows import Tools
from callflows.evenings import WHEN, fitting, nearest

MOST_SHOWN = 12
"""So many evenings fit on a page with what is free of each; the search can be narrowed."""
LONGEST_SENTENCE = 300


@dataclass(frozen=True)
class Sought:
    """What is looked for. `said` are slots by the understanding's names: understood here, or told on the telephone."""

    said: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    understood: bool = True
    hall: str = ""
    genre: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """One evening with what this clerk may sell of it: free seats, and cents for the cheapest."""

    evening: Performance
    on_sale: OnSale
    free: int = 0
    cheapest: int = 0


@dataclass(frozen=True)
class Results:
    """Evenings, how many more there are, and whether they are the very ones asked for or those nearest to them."""

    evenings: tuple[Shown, ...] = ()
    more: int = 0
    exact: bool = True


class Search:
    """Reads a search form, and finds the evenings."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sought(self, args: Mapping[str, str], told: Mapping[str, Any], language: str) -> Sought:
        """What the form asks for; an empty form means what the caller has told the telephone."""
        words = args.get("words", "").strip()[:LONGEST_SENTENCE]
        if words:
            return self._in_words(words, language)
        said = {"production": args.get("production"), "date_from": _day(args, "from"), "date_to": _day(args, "to")}
        asked = {slot: value for slot, value in said.items() if value}
        hall, genre = args.get("hall", ""), args.get("genre", "")
        if asked or hall or genre:
            return Sought(asked, hall=hall, genre=genre)
        return Sought({slot: told[slot] for slot in ("production", "hall", "genre", *WHEN) if slot in told})

    def found(self, clerk: Clerk, sought: Sought) -> Results:
        """The evenings still to come that fit, soonest first; if none does, those nearest to the day that was meant."""
        if not (sought.said or sought.hall or sought.genre or sought.candidates):
            return Results()
        productions = {each.id: each for each in clerk.programme() if _fits(each, sought)}
        coming = [each for each in clerk.performances() if each.production in productions]
        exact = fitting(coming, dict(sought.said))
        evenings = exact or nearest(coming, dict(sought.said), MOST_SHOWN)
        first = _spread(evenings) if sought.candidates else evenings[:MOST_SHOWN]
        shown = tuple(self._shown(clerk, evening) for evening in first)
        return Results(shown, len(evenings) - len(first), bool(exact))

    def _shown(self, clerk: Clerk, evening: Performance) -> Shown:
        on_sale = clerk.on_sale(evening.id)
        if on_sale.state != "open":
            return Shown(evening, on_sale)
        try:
            open_ones = [each for each in clerk.categories(evening.id) if each.free]
        except BookingError:  # a tariff that agents may not use: told when it is opened
            return Shown(evening, on_sale)
        prices = [each.price for each in open_ones]
        return Shown(evening, on_sale, sum(each.free for each in open_ones), min(prices, default=0))

    def _in_words(self, words: str, language: str) -> Sought:
        """The same understanding as the telephone's, as an answer to «what would you like?»."""
        tools = self._tools
        today = tools.clock().astimezone(tools.zone).date()
        meaning = tools.understand(
            words, language=language, context="main_menu", programme=tools.programme(), today=today
        )
        said = dict(meaning.slots) if meaning.understood else {}
        shows = meaning.candidates if meaning.clarify == "production" else ()
        hall, genre = str(said.get("hall", "")), str(said.get("genre", ""))
        return Sought(said, words, meaning.understood, hall, genre, shows)


def section_in(said: Mapping[str, Any], evening: Performance) -> str:
    """The section of this evening's hall that the words meant; an abstract place if they meant several."""
    place = said.get("section")
    if not isinstance(place, str):
        return ""
    found = read_hall(evening.hall).sections_named(place)
    return found[0] if len(found) == 1 else place if found else ""


def _spread(evenings: list[Performance]) -> list[Performance]:
    """The soonest of each production: when a title is ambiguous, every one that may be meant is there to be asked."""
    by_production: dict[str, list[Performance]] = {}
    for evening in evenings:
        by_production.setdefault(evening.production, []).append(evening)
    each = max(1, MOST_SHOWN // max(1, len(by_production)))
    return sorted((one for few in by_production.values() for one in few[:each]), key=lambda one: one.starts_at)


def _fits(production: Production, sought: Sought) -> bool:
    wanted = sought.said.get("production")
    return (
        (not wanted or production.id == wanted)
        and (not sought.candidates or production.id in sought.candidates)
        and sought.hall in ("", production.hall)
        and sought.genre in ("", production.genre)
    )


def _day(args: Mapping[str, str], name: str) -> str:
    """A day as browsers send it; anything else is no day."""
    try:
        return date.fromisoformat(args.get(name, "")).isoformat()
    except ValueError:
        return ""
