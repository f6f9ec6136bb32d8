"""After the sale: seats given back, exchanged for another date, changed for others; and a place on the waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from booking import BookingError, Hold, NotExchangeable, Order, Waiting, Wish
from ivr.desk.seats import DeskSeats

OPEN_WAITS = ("waiting", "offered")
NOTHING_TO_DO_WITH_IT = ("production", "count")
"""Held seats that cannot have been meant for an order: of another title, or more or fewer."""


@dataclass(frozen=True)
class Swap:
    """Held seats that could take the place of an order's: `deed` is exchange (another date) or reseat (the same)."""

    deed: str
    hold: Hold
    evening: str
    """The performance whose seats would be given back."""
    to_pay: int = 0
    """Cents, by the reckoning of the deed itself."""
    refused: BookingError | None = None
    """Why the house would not do it."""


class AfterSales:
    """Deeds about what was sold; each names its request. All raise BookingError."""

    def __init__(self, seats: DeskSeats, booking: Any) -> None:
        self._seats, self._booking = seats, booking

    def order(self, reference: str) -> Order:
        """The order as it is now; UnknownOrder."""
        order: Order = self._booking.clerk("agent", "desk").order(reference)
        return order

    def cancel(
        self, call_id: str, reference: str, seats: Sequence[str], evening: str, refund: bool, request: str
    ) -> Order:
        """Give back these seats of one evening; money only when `refund`, which is the agent's to grant."""
        order: Order = self._clerk(call_id).cancel(
            reference, performance=evening, seats=tuple(seats), refund=refund, request=request
        )
        return order

    def exchange(self, call_id: str, reference: str, hold: str, evening: str, request: str) -> Order:
        """The held seats of another date in the place of those of `evening`."""
        self._seats.take_over(call_id)
        order: Order = self._clerk(call_id).exchange(reference, hold, performance=evening or None, request=request)
        return order

    def reseat(self, call_id: str, reference: str, hold: str, evening: str, request: str) -> Order:
        """The held seats in the place of the order's, same evening, same price."""
        self._seats.take_over(call_id)
        order: Order = self._clerk(call_id).reseat(reference, hold, performance=evening or None, request=request)
        return order

    def swaps(self, order: Order, holds: Iterable[Hold]) -> tuple[Swap, ...]:
        """What of the held seats could take the place of this order's, what it would cost, and why it cannot be."""
        evenings = dict.fromkeys(line.performance for line in order.sold)
        found = (self._swap(order, evening, hold) for evening in evenings for hold in holds)
        return tuple(swap for swap in found if swap)

    def _swap(self, order: Order, evening: str, hold: Hold) -> Swap | None:
        deed = "reseat" if hold.performance.id == evening else "exchange"
        owner = self._booking.clerk("agent", hold.holder)  # until the deed it may be the caller's own
        try:
            return Swap(deed, hold, evening, owner.quote(order.reference, hold.id, performance=evening))
        except BookingError as error:
            if isinstance(error, NotExchangeable) and error.why in NOTHING_TO_DO_WITH_IT:
                return None
            return Swap(deed, hold, evening, refused=error)

    def wait(self, call_id: str, evening: str, wish: Wish, customer: str | None, request: str) -> Waiting:
        """A place on the waiting list, under the caller's name."""
        waiting: Waiting = self._clerk(call_id).wait(evening, wish, customer=customer or None, request=request)
        return waiting

    def withdraw(self, call_id: str, waiting: str, request: str) -> Waiting:
        """She waits no longer."""
        withdrawn: Waiting = self._clerk(call_id).withdraw(waiting, request=request)
        return withdrawn

    def accept(self, call_id: str, waiting: str, request: str) -> Hold:
        """The seats that were offered to her are held for her now, to be sold like any others."""
        hold: Hold = self._clerk(call_id).accept(waiting, request=request)
        return hold

    def waiting_of(self, evening: str, customer: str) -> tuple[Waiting, ...]:
        """Her places on the list of an evening, as far as they still count."""
        everybody = self._booking.waiting(evening) if customer else ()
        return tuple(each for each in everybody if each.customer == customer and each.state in OPEN_WAITS)

    def _clerk(self, call_id: str) -> Any:
        return self._seats.clerk(call_id)
