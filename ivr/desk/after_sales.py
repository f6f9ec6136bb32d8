"""After the sale: seats given back, exchanged for another date, changed for others; and a place on the waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from booking import Hold, Order, OrderLine, Performance, Rules, Waiting, Wish
from ivr.desk.seats import DeskSeats

OPEN_WAITS = ("waiting", "offered")


@dataclass(frozen=True)
class Swap:
    """Held seats that could take the place of an order's: `deed` is exchange (another date) or reseat (the same)."""

    deed: str
    hold: Hold
    evening: str
    """The performance whose seats would be given back."""
    to_pay: int = 0
    """Cents, as the house's rules have it; the sale itself reckons anew."""


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

    def reseat(self, call_id: str, reference: str, hold: str, request: str) -> Order:
        """The held seats in the place of the order's, same evening, same price."""
        self._seats.take_over(call_id)
        order: Order = self._clerk(call_id).reseat(reference, hold, request=request)
        return order

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


def swaps(order: Order, holds: Iterable[Hold], evenings: Any) -> tuple[Swap, ...]:
    """What of the held seats could take the place of this order's: as many, of the same production."""
    found = []
    for evening_id in dict.fromkeys(line.performance for line in order.sold):
        lines = [line for line in order.sold if line.performance == evening_id]
        sold_for: Performance | None = evenings(evening_id)
        for hold in holds:
            if sold_for is None or len(hold.seats) != len(lines) or hold.performance.production != sold_for.production:
                continue
            same = hold.performance.id == evening_id
            to_pay = 0 if same else _exchange_price(lines, hold, free=sold_for.cancelled)
            found.append(Swap("reseat" if same else "exchange", hold, evening_id, to_pay))
    return tuple(found)


def _exchange_price(lines: Sequence[OrderLine], hold: Hold, *, free: bool) -> int:
    fee = 0 if free else Rules().exchange_fee * len(lines)
    return fee + max(0, hold.total - sum(line.price for line in lines))
