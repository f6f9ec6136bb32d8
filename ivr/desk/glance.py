"""Glance: all an agent needs to know about one caller, on one card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ivr.desk.conversation import Conversation, Conversations, Line
from ivr.desk.queue import Waiting
from ivr.desk.seats import DeskSeats

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
        self._titles: dict[str, str] = {}

    def of(self, caller: Waiting, lines: int = LAST_LINES) -> Glance:
        """The card of one caller; `lines` of the conversation, the last ones."""
        call = self._conversations.of(caller.call_id)
        said = caller.summary.get("said") or call.said
        before = max(0, len(self._earlier(call)) - 1)
        shown = _without_farewell(call.lines)[-lines:]
        return Glance(caller, said, shown, self._seats.of(caller.call_id), before, _name(caller))

    def titles(self) -> dict[str, str]:
        """Titles by production id, asked once."""
        if not self._titles and self._booking is not None:
            programme = self._booking.clerk(channel="agent", holder="desk").programme()
            self._titles = {production.id: production.title for production in programme}
        return self._titles

    def _earlier(self, call: Conversation) -> tuple[Any, ...]:
        if call.record is None:
            return ()
        return self._conversations.calls_of(call.record, limit=50)


def _without_farewell(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Every waiting caller was told last that somebody will come: no news to an agent."""
    return lines[:-1] if lines and lines[-1].who == "house" else lines


def _name(caller: Waiting) -> str:
    profile = caller.summary.get("caller")
    return str(profile.get("name") or "") if isinstance(profile, dict) else ""
