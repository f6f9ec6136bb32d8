"""Glance: all an agent needs to know about one caller, on one card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from booking import Customer, Order, Performance
from ivr.desk.conversation import Conversation, Conversations, Line
from ivr.desk.people import People
from ivr.desk.queue import Waiting
from ivr.desk.seats import DeskSeats
from ivr.pages.looks import HOUSE_ZONE
from ivr.profiles import Profiles

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
        self._profiles = Profiles(booking) if booking is not None else None
        self._titles: dict[str, str] = {}
        self._evenings: dict[str, Performance] = {}

    def of(self, caller: Waiting, lines: int = LAST_LINES) -> Glance:
        """The card of one caller; `lines` of the conversation, the last ones."""
        call = self._conversations.of(caller.call_id)
        said = caller.summary.get("said") or call.said
        earlier = self._earlier(call)
        shown = _without_farewell(call.lines)[-lines:]
        holds = () if caller.left == "voice" else self._seats.of(caller.call_id)
        return Glance(
            caller, said, shown, holds, max(0, len(earlier) - 1),
            sum(record.began_at >= self._midnight() for record in earlier), self._people.of_call(caller),
        )  # fmt: skip

    def titles(self) -> dict[str, str]:
        """Titles by production id, asked once."""
        self._read_programme()
        return self._titles

    def evening(self, performance_id: str) -> Performance | None:
        """A performance by its id."""
        self._read_programme()
        return self._evenings.get(performance_id)

    def profile_of(self, number: str) -> Customer | None:
        """Whom this number belongs to, as far as the house remembers."""
        return self._profiles.of(number) if self._profiles else None

    def orders_of(self, profile: Customer | None) -> tuple[Order, ...]:
        """What she has bought."""
        return self._booking.orders_of(profile.id) if profile else ()

    def _midnight(self) -> datetime:
        """When today began, where the house stands."""
        return datetime.combine(self._clock().astimezone(HOUSE_ZONE).date(), time(), HOUSE_ZONE)

    def _read_programme(self) -> None:
        if self._titles or self._booking is None:
            return
        programme = self._booking.programme()
        self._evenings = {evening.id: evening for production in programme for evening in production.performances}
        self._titles = {production.id: production.title for production in programme}

    def _earlier(self, call: Conversation) -> tuple[Any, ...]:
        if call.record is None:
            return ()
        return self._conversations.calls_of(call.record, limit=50)


def _without_farewell(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Every waiting caller was told last that somebody will come: no news to an agent."""
    return lines[:-1] if lines and lines[-1].who == "house" else lines
