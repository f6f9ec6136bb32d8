"""What becomes of an order: cancelled, exchanged for another date, reseated, refunded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from booking.deeds import Told, entry, once, seats_of
from booking.errors import ChannelClosed, NotExchangeable, TooLate, UnknownOrder
from booking.holds import mine
from booking.house import House, Who, fingerprint
from booking.model import Order
from booking.moments import micros, moment, span
from booking.orders import from_told, line_of, told_of
from booking.store import Transaction, claims
from booking.store import orders as rows
from booking.store.claims import ClaimRow
from booking.store.ledger import Entry
from booking.store.orders import OrderRow

STAFF = ("box_office", "agent")
"""Who may do what the public may not: refund, reseat, give seats away, block them."""


@dataclass(frozen=True)
class _Parted:
    """An order's lines: those a deed is about, and the others as they stay."""

    order: OrderRow
    chosen: list[dict[str, Any]]
    others: list[dict[str, Any]]

    @property
    def performance(self) -> str:
        """Their performance: they have one and the same."""
        return str(self.chosen[0]["performance"])

    @property
    def seats(self) -> list[str]:
        """Their seats in the order in which rows are locked."""
        return sorted(line["seat"] for line in self.chosen)

    @property
    def price(self) -> int:
        """Cents paid for them."""
        return sum(int(line["price"]) for line in self.chosen)

    def become(self, state: str) -> list[dict[str, Any]]:
        """The chosen lines in their new state."""
        return [{**line, "state": state} for line in self.chosen]


def must_be_staff(who: Who, what: str) -> None:
    """ChannelClosed unless the box office or an agent does it."""
    if who.channel not in STAFF:
        raise ChannelClosed(who.channel, what, STAFF)


def _parted(
    tx: Transaction, reference: str, performance: str | None, seats: Sequence[str], *, lock: bool = True
) -> _Parted:
    """The order's sold lines of a performance (its only one, if none is named), or only these seats; locked."""
    order = rows.find(tx, reference, lock=lock)
    if order is None:
        raise UnknownOrder("reference", str(reference)[:20], str(reference)[:20])
    sold = [line for line in order.lines if line["state"] == "sold"]
    shown = {line["performance"] for line in sold}
    if performance is None and len(shown) == 1:
        performance = shown.pop()
    chosen = [
        line for line in sold if line["performance"] == performance and (not seats or line["seat"] in seats)
    ]
    if not chosen or (seats and len(chosen) != len(set(seats))):
        raise NotExchangeable(reference, "performance" if performance is None else "not_sold")
    return _Parted(order, chosen, [line for line in order.lines if line not in chosen])


def _give_back(tx: Transaction, parted: _Parted) -> None:
    """The seats of the chosen lines are free again; they are this order's, or the books are wrong."""
    found = claims.of_seats(tx, parted.performance, parted.seats)
    if [row.reference for row in found] != [parted.order.reference] * len(parted.seats):
        raise NotExchangeable(parted.order.reference, "not_sold")
    claims.free(tx, parted.performance, parted.seats)


def cancel(
    house: House, who: Who, reference: str, performance: str | None, seats: Sequence[str], refund: bool, request: str
) -> Order:
    """Give seats of an order back; money only for a cancelled performance, or when staff says so."""
    mark = fingerprint("cancel", who, reference=reference, performance=performance, seats=sorted(seats), refund=refund)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        parted = _parted(tx, reference, performance, seats)
        shown = house.performance(parted.performance)
        if not shown.cancelled and now >= micros(shown.starts_at):
            raise TooLate(reference, shown.starts_at)
        if refund and not shown.cancelled:
            must_be_staff(who, "refund")
        back = parted.price if refund or shown.cancelled else 0
        _give_back(tx, parted)
        deed_name, state = ("refund", "refunded") if back else ("cancel", "cancelled")
        order = replace(
            parted.order, lines=parted.others + parted.become(state), refunded=parted.order.refunded + back
        )
        rows.change(tx, reference, order.lines, order.paid, order.refunded)
        moved = {"about": reference, "freed": " ".join(parted.seats), "cents": -back}
        return told_of(order), [_moved(who, deed_name, request, mark, now, parted.performance, **moved)]

    return from_told(once(house, request, mark, deed))


def exchange(house: House, who: Who, reference: str, hold: str, performance: str | None, request: str) -> Order:
    """Other seats, held beforehand, in the place of an order's: same production, another date, until 48 hours before.

    Dearer seats cost the difference, and each ticket a fee; cheaper ones give nothing back.
    """
    mark = fingerprint("exchange", who, reference=reference, hold=hold, performance=performance)
    return _swap(house, who, _exchanged(house, reference, hold, performance), request, mark)


def _exchanged(house: House, reference: str, hold: str, performance: str | None) -> _Swap:
    def allowed(parted: _Parted, new: Sequence[ClaimRow], now: int) -> int:
        old_one, new_one = house.performance(parted.performance), house.performance(new[0].performance)
        last = micros(old_one.starts_at) - span(house.rules.exchange_until)
        if now >= last and not old_one.cancelled:
            raise TooLate(reference, moment(last))
        if old_one.production != new_one.production:
            raise NotExchangeable(reference, "production")
        if new_one.cancelled:
            raise NotExchangeable(reference, "cancelled")
        dearer = sum(row.price for row in new) - parted.price
        fee = 0 if old_one.cancelled else house.rules.exchange_fee * len(new)
        return max(0, dearer) + fee

    return _Swap(reference, hold, performance, "exchange", "exchanged", allowed)


def reseat(house: House, who: Who, reference: str, hold: str, performance: str | None, request: str) -> Order:
    """Other seats of the same categories in the same performance, at the old prices; staff only."""
    must_be_staff(who, "reseat")
    of_several = {"performance": performance} if performance else {}
    mark = fingerprint("reseat", who, reference=reference, hold=hold, **of_several)
    return _swap(house, who, _reseated(reference, hold, performance), request, mark)


def _reseated(reference: str, hold: str, performance: str | None) -> _Swap:
    def allowed(parted: _Parted, new: Sequence[ClaimRow], now: int) -> int:
        if new[0].performance != parted.performance:
            raise NotExchangeable(reference, "performance")
        if sorted(row.category for row in new) != sorted(line["category"] for line in parted.chosen):
            raise NotExchangeable(reference, "category")
        return 0

    return _Swap(reference, hold, performance, "reseat", "reseated", allowed)


def quote(house: House, who: Who, reference: str, hold: str, performance: str | None) -> int:
    """Cents that `exchange` would cost now, 0 for a `reseat` (a hold of the same performance); raises what they would.

    It is the deeds' own reckoning, done and not written down; nothing is locked, so the deed itself looks again.
    """
    with house.books.read() as tx:
        same = any(row.performance == performance for row in mine(tx, who, hold, lock=False))
        if same:
            must_be_staff(who, "reseat")
        swap = (
            _reseated(reference, hold, performance) if same else _exchanged(house, reference, hold, performance)
        )
        return _reckoned(house, who, tx, swap, lock=False)[2]


@dataclass(frozen=True)
class _Swap:
    """Seats of an order against seats of a hold."""

    reference: str
    hold: str
    performance: str | None
    deed: str
    state: str
    pays: Callable[[_Parted, Sequence[ClaimRow], int], int]
    """Whether it is allowed, and the cents to pay."""


def _reckoned(
    house: House, who: Who, tx: Transaction, swap: _Swap, *, lock: bool = True
) -> tuple[_Parted, list[ClaimRow], int]:
    """What goes, what comes, and the cents to pay; or why not."""
    parted = _parted(tx, swap.reference, swap.performance, (), lock=lock)
    new = mine(tx, who, swap.hold, lock=lock)
    if len(new) != len(parted.chosen):
        raise NotExchangeable(swap.reference, "count")
    return parted, new, swap.pays(parted, new, house.now())


def _swap(house: House, who: Who, swap: _Swap, request: str, mark: str) -> Order:
    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        parted, new, cents = _reckoned(house, who, tx, swap)
        _give_back(tx, parted)
        claims.sell(tx, [swap.hold], swap.reference)
        lines = parted.others + parted.become(swap.state) + _new_lines(parted, new, keep_price=swap.deed == "reseat")
        order = replace(parted.order, lines=lines, paid=parted.order.paid + cents)
        rows.change(tx, swap.reference, order.lines, order.paid, order.refunded)
        shown = house.performance(new[0].performance)
        freed = _moved(
            who, swap.deed, request, mark, now, parted.performance,
            about=swap.reference, freed=" ".join(parted.seats), cents=cents,
        )  # fmt: skip
        took = {"about": swap.reference, "took": seats_of(new), "state": "sold", "version": shown.version}
        return told_of(order), [freed, entry(who, swap.deed, request, mark, now, new, **took)]

    return from_told(once(house, request, mark, deed))


def _new_lines(parted: _Parted, new: Sequence[ClaimRow], *, keep_price: bool) -> list[dict[str, Any]]:
    """The new seats as lines; a guest who is reseated keeps the prices of the old ones, category by category."""
    lines = [line_of(row) for row in new]
    if not keep_price:
        return lines
    old = sorted(parted.chosen, key=lambda line: (line["category"], line["price"]))
    lines.sort(key=lambda line: line["category"])
    return [{**line, "price": was["price"], "tariff": was["tariff"]} for line, was in zip(lines, old, strict=True)]


def _moved(
    who: Who, deed: str, request: str, mark: str, now: int, performance: str, **moved: Any
) -> Entry:
    return Entry(request, mark, deed, now, who.channel, who.holder, performance=performance, **moved)


def refund_all(house: House, who: Who, references: Iterable[str], performance: str, request: str) -> list[str]:
    """Refund each of these orders for a cancelled performance, each in a transaction and under a request of its own."""
    done = []
    for reference in references:
        try:
            cancel(house, who, reference, performance, (), True, f"{request}:{reference}")
        except NotExchangeable:
            continue  # somebody has given those seats back meanwhile
        done.append(reference)
    return done

