"""Glance: all an agent needs to know about one caller, on one card."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from booking import Customer, Order, Performance, Production
from ivr.desk.conversation import Conversations, Line
from ivr.desk.people import People
from ivr.desk.queue import Waiting
from ivr.desk.seats import DeskSeats
from ivr.pages.looks import HOUSE_ZONE

LAST_LINES = 4


@dataclass(frozen=True)
class Glance:
    """Who calls, why, since when, what was said so far and which seats are held."""

    caller: Waiting
    said: dict[str, Any]
    lines: tuple[Line, ...]
    holds: tuple[Any, ...]
    calls_before: int
    calls_today: int = 0
    customer: Customer | None = None

    @property
    def name(self) -> str:
        """The caller's name, if she has told it once."""
        return self.customer.name if self.customer else ""

    @property
    def is_known(self) -> bool:
        """Could it be known whether she has called before? Of a hidden number nobody knows."""
        return bool(self.caller.caller or self.customer)


class Glances:
    """Puts cards together from the waiting room, the journal and the bookings."""

    def __init__(
        self,
        conversations: Conversations,
        seats: DeskSeats,
        booking: Any,
        people: People,
        clock: Callable[[], datetime],
    ) -> None:
        self._conversations, self._seats, self._booking = conversations, seats, booking
        self._people, self._clock = people, clock
        self._known = _Known()

    def of(self, caller: Waiting, lines: int = LAST_LINES) -> Glance:
        """The card of one caller; `lines` of the conversation, the last ones."""
        return self.several((caller,), lines)[0]

    def several(self, callers: Sequence[Waiting], lines: int = LAST_LINES) -> tuple[Glance, ...]:
        """The cards of these callers; however many they are, in a handful of questions."""
        calls = self._conversations.several([caller.call_id for caller in callers], last=lines)
        before = self._conversations.calls_before(calls.values(), self._midnight())
        holds = self._seats.several([caller.call_id for caller in callers if caller.left != "voice"])
        people = self._people.of_calls(callers)
        return tuple(
            Glance(
                caller, caller.summary.get("said") or calls[caller.call_id].said,
                _without_farewell(calls[caller.call_id].lines)[-lines:], holds.get(caller.call_id, ()),
                *before.get(caller.call_id, (0, 0)), people.get(caller.call_id),
            )
            for caller in callers
        )  # fmt: skip

    def titles(self) -> Mapping[str, str]:
        """Titles by production id, of the season that is on sale now; asked by every page, once."""
        if self._booking is not None:
            productions = self._booking.programme()
            if productions is not self._known.productions:
                self._known = _known(productions)
        return self._known.titles

    def evening(self, performance_id: str) -> Performance | None:
        """A performance by its id, as it was when a page last asked for the titles."""
        if performance_id not in self._known.evenings:
            self.titles()
        return self._known.evenings.get(performance_id)

    def profiles_of(self, numbers: Iterable[str]) -> dict[str, Customer]:
        """Whom these numbers belong to, as far as the house remembers; nobody is made for being looked at."""
        return self._people.by_number(numbers)

    def orders_of(self, profile: Customer | None) -> tuple[Order, ...]:
        """What she has bought."""
        return self._booking.orders_of(profile.id) if profile else ()

    def _midnight(self) -> datetime:
        """When today began, where the house stands."""
        return datetime.combine(self._clock().astimezone(HOUSE_ZONE).date(), time(), HOUSE_ZONE)


@dataclass(frozen=True)
class _Known:
    """A season as it was read: replaced whole, so that threads never see half of one."""

    productions: tuple[Production, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    evenings: Mapping[str, Performance] = field(default_factory=dict)


def _known(productions: tuple[Production, ...]) -> _Known:
    evenings = {evening.id: evening for production in productions for evening in production.performances}
    return _Known(productions, {production.id: production.title for production in productions}, evenings)


def _without_farewell(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Every waiting caller was told last that somebody will come: no news to an agent."""
    return lines[:-1] if lines and lines[-1].who == "house" else lines
