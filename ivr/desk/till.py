"""Till: what an agent does with seats for the caller she serves: hold, move, reprice, extend, let go, sell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from booking import BadWish, Clerk, Hold, Order, UnknownHold, Wish
from booking.wishes import Move
from ivr.desk.seats import DeskSeats

MOVES: tuple[str, ...] = get_args(Move)


@dataclass(frozen=True)
class Terms:
    """At which tariff, and what the party is, of all that tariffs ask for; the agent vouches for it."""

    tariff: str | None = None
    eligible: tuple[str, ...] = ()


class Till:
    """Every deed names its request: sent twice, it is done once. All raise BookingError."""

    def __init__(self, seats: DeskSeats, booking: Any) -> None:
        self._seats, self._booking = seats, booking

    def clerk(self, call_id: str) -> Clerk:
        """The clerk who serves this caller at the desk."""
        clerk: Clerk = self._seats.clerk(call_id)
        return clerk

    def hold(self, call_id: str, evening: str, wish: Wish, terms: Terms, request: str) -> Hold:
        """The best seats, or the very ones named; a former hold for this evening is let go with it, or nothing."""
        self._seats.take_over(call_id)
        return self._hold(call_id, evening, wish, terms, request)

    def move(self, call_id: str, hold_id: str, move: str, request: str) -> Hold:
        """As many seats closer, cheaper, further to a side: from where the held ones are, at the same tariff."""
        if move not in MOVES:
            raise BadWish("move", move[:20])
        old = self._held(call_id, hold_id)
        near = tuple(seat.id for seat in old.seats)
        wish = Wish(len(near), near=near, move=move)  # type: ignore[arg-type]  # looked at above
        return self._hold(call_id, old.performance.id, wish, self._terms_of(old), request)

    def elsewhere(self, call_id: str, hold_id: str, section: str, request: str) -> Hold:
        """As many seats in another section, at the same tariff."""
        old = self._held(call_id, hold_id)
        wish = Wish(len(old.seats), sections=(section,))
        return self._hold(call_id, old.performance.id, wish, self._terms_of(old), request)

    def reprice(self, call_id: str, hold_id: str, terms: Terms, request: str) -> Hold:
        """The very same seats at another tariff."""
        old = self._held(call_id, hold_id)
        named = tuple(seat.id for seat in old.seats)
        wheelchairs = sum(seat.kind == "wheelchair" for seat in old.seats)
        wish = Wish(len(named), named=named, wheelchair=wheelchairs, strapontin=True)
        return self._hold(call_id, old.performance.id, wish, terms, request)

    def extend(self, call_id: str, hold_id: str, request: str) -> Hold:
        """Ten more minutes; a lapsed hold too, while nobody took its seats."""
        held: Hold = self._seats.extend(call_id, hold_id, request)
        return held

    def release(self, call_id: str, hold_id: str, request: str) -> None:
        """Let these seats go."""
        self._seats.release(call_id, hold_id, request)

    def sell(self, call_id: str, hold_ids: Sequence[str], customer: str | None, collection: str, request: str) -> Order:
        """Everything chosen in one order, at the prices held, or nothing."""
        self._seats.take_over(call_id)
        return self.clerk(call_id).confirm(
            tuple(hold_ids), customer=customer or None, collection=collection, request=request
        )

    def _hold(self, call_id: str, evening: str, wish: Wish, terms: Terms, request: str) -> Hold:
        clerk = self.clerk(call_id)
        return clerk.hold_best(evening, wish, request=request, tariff=terms.tariff, eligible=terms.eligible)

    def _held(self, call_id: str, hold_id: str) -> Hold:
        """A hold of this caller's, at the desk."""
        self._seats.take_over(call_id)
        found = next((hold for hold in self.clerk(call_id).holds() if hold.id == hold_id), None)
        if found is None:
            raise UnknownHold("hold", hold_id[:20], hold_id[:20])
        return found

    def _terms_of(self, hold: Hold) -> Terms:
        """What was vouched for when the hold was made still holds."""
        who = next((tariff.who for tariff in self._booking.tariffs() if tariff.id == hold.tariff), ())
        usual = hold.tariff in ("", hold.performance.tariffs[0])
        return Terms(None if usual else hold.tariff, who)
