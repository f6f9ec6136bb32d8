"""Glance: all an agent needs to know about one caller, on one card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booking import Customer, Order, Performance
from ivr.desk.conversation import Conversation, Conversations, Line
from ivr.desk.queue import Waiting
from ivr.desk.seats import DeskSeats
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
    name: str = ""


class Glances:
    """Puts cards together from the waiting room, the journal and the bookings."""

    def __init__(self, conversations: Conversations, seats: DeskSeats, booking: Any) -> None:
        self._conversations, self._seats, self._booking = conversations, seats, booking
        self._profiles = Profiles(booking) if booking is not None else None
        self._titles: dict[str, str] = {}
        self._evenings: dict[str, Performance] = {}

    def of(self, caller: Waiting, lines: int = LAST_LINES) -> Glance:
        """The card of one caller; `lines` of the conversation, the last ones."""
        call = self._conversations.of(caller.call_id)
        said = caller.summary.get("said") or call.said
        before = max(0, len(self._earlier(call)) - 1)
        shown = _without_farewell(call.lines)[-lines:]
        return Glance(caller, said, shown, self._seats.of(caller.call_id), before, self.name_of(caller.caller))

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

    def name_of(self, number: str) -> str:
        """The caller's name, if she has told it once."""
        profile = self.profile_of(number)
        return profile.name if profile else ""

    def orders_of(self, profile: Customer | None) -> tuple[Order, ...]:
        """What she has bought."""
        return self._booking.orders_of(profile.id) if profile else ()

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

