"""The seats a caller has been promised, while she waits and while an agent serves her."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from booking import BookingError

log = logging.getLogger(__name__)

SHORT = timedelta(minutes=4)
"""A hold with less than this left is lengthened."""


def keep_seats(booking: Any, call_id: str, now: datetime) -> None:
    """Lengthen the holds that would lapse while their caller waits; called each time the carrier asks for music."""
    clerk = booking.clerk(channel="phone", holder=call_id)
    for hold in clerk.holds():
        if hold.held_until - now < SHORT:
            _quietly(clerk.extend, hold.id, request=f"{call_id}:wait:{int(now.timestamp()) // 60}")


class DeskSeats:
    """Holds of callers at the desk. A taken caller's are the desk's, so that a lost call does not lose the seats."""

    def __init__(self, booking: Any) -> None:
        self._booking = booking

    def of(self, call_id: str) -> tuple[Any, ...]:
        """The living holds of this caller, whoever has them now."""
        return self.several((call_id,)).get(call_id, ())

    def several(self, call_ids: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """The same for many callers, in as many questions as for one."""
        holders = {call: (call, desk_holder(call)) for call in call_ids}
        if self._booking is None or not holders:
            return {}
        try:
            held = self._booking.holds_of([holder for pair in holders.values() for holder in pair])
        except BookingError:
            return {}
        return {call: (*held.get(caller, ()), *held.get(desk, ())) for call, (caller, desk) in holders.items()}

    def clerk(self, call_id: str) -> Any:
        """The clerk who serves this caller at the desk."""
        return self._desk(call_id)

    def take_over(self, call_id: str) -> None:
        """From the caller to the desk."""
        self._move(self._phone, call_id, desk_holder(call_id), "agent")

    def give_back(self, call_id: str) -> None:
        """From the desk to the caller, who goes on waiting, or by herself."""
        self._move(self._desk, call_id, call_id, "phone")

    def extend(self, call_id: str, hold_id: str, request: str) -> Any:
        """Ten more minutes; raises BookingError."""
        return self._owner(call_id, hold_id).extend(hold_id, request=request)

    def release(self, call_id: str, hold_id: str, request: str) -> None:
        """Let these seats go; raises BookingError."""
        self._owner(call_id, hold_id).release(hold_id, request=request)

    def let_go(self, call_id: str) -> None:
        """Release what the desk still holds for this caller."""
        if self._booking is not None:
            _quietly(self._desk(call_id).release_all, request=f"desk:{call_id}:done:{token_hex(8)}")

    def _owner(self, call_id: str, hold_id: str) -> Any:
        """Whoever has this hold: one that could not be handed over is still the caller's own."""
        phone = self._phone(call_id)
        return phone if any(hold.id == hold_id for hold in phone.holds()) else self._desk(call_id)

    def _move(self, owner: Callable[[str], Any], call_id: str, to: str, channel: str) -> None:
        """A request of its own each time: the same hold may go to the desk, back, and to the desk again."""
        if self._booking is None:
            return
        clerk = owner(call_id)
        for hold in clerk.holds():
            _quietly(clerk.hand_over, hold.id, to, request=f"{hold.id}:{token_hex(8)}", to_channel=channel)

    def _phone(self, call_id: str) -> Any:
        return self._booking.clerk(channel="phone", holder=call_id)

    def _desk(self, call_id: str) -> Any:
        return self._booking.clerk(channel="agent", holder=desk_holder(call_id))


def desk_holder(call_id: str) -> str:
    """Who holds a taken caller's seats: the desk on behalf of this call, whichever agent serves it."""
    return f"desk:{call_id}"


def _quietly(deed: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Keeping seats is a courtesy; a caller must not lose the line over it."""
    try:
        deed(*args, **kwargs)
    except BookingError as error:
        log.warning("seats were not kept: %s", type(error).__name__)
