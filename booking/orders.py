"""Orders: holds become sold seats under one reference; the price told is the price paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking.deeds import Told, by_performance, entry, once, seats_of
from booking.errors import BadWish, NotOnSale, UnknownOrder
from booking.holds import intact
from booking.house import House, Who, fingerprint
from booking.model import Order, OrderLine
from booking.moments import moment
from booking.references import new_reference
from booking.store import Transaction, claims
from booking.store import orders as rows
from booking.store.claims import ClaimRow
from booking.store.ledger import Entry
from booking.store.orders import OrderRow

COLLECTIONS = ("box_office", "e_ticket", "post")


def confirm(
    house: House, who: Who, holds: Sequence[str], customer: str | None, collection: str, request: str
) -> Order:
    """Sell the seats of one or several holds in one order; all of them or none."""
    if not holds or len(set(holds)) != len(holds):
        raise BadWish("holds", str(list(holds))[:100])
    if collection not in COLLECTIONS:
        raise BadWish("collection", str(collection)[:40])
    mark = fingerprint("confirm", who, holds=sorted(holds), customer=customer, collection=collection)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        held = claims.of_holds(tx, sorted(holds))
        for hold in holds:
            intact(tx, who, hold, [row for row in held if row.hold == hold])
        order = _order(who, held, customer, collection, now)
        claims.sell(tx, holds, order.reference)
        rows.add(tx, order)
        return _told(order), [_sold(house, who, order, group, request, mark, now) for group in by_performance(held)]

    return from_told(once(house, request, mark, deed))


def _order(who: Who, held: Sequence[ClaimRow], customer: str | None, collection: str, now: int) -> OrderRow:
    lines = [_line(row) for row in held]
    paid = sum(row.price for row in held)
    return OrderRow(new_reference(), customer, who.channel, who.holder, collection, lines, paid, 0, now)


def _line(row: ClaimRow) -> dict[str, Any]:
    return {
        "performance": row.performance, "seat": row.seat, "category": row.category, "price": row.price,
        "tariff": row.tariff, "state": "sold",
    }  # fmt: skip


def _sold(
    house: House, who: Who, order: OrderRow, group: Sequence[ClaimRow], request: str, mark: str, now: int
) -> Entry:
    performance = house.performance(group[0].performance)
    if performance.cancelled:
        raise NotOnSale(performance.id, "cancelled")
    return entry(
        who, "sell", request, mark, now, group, about=order.reference, took=seats_of(group), state="sold",
        cents=sum(row.price for row in group), version=performance.version,
    )  # fmt: skip


def _told(row: OrderRow) -> Told:
    return {name: getattr(row, name) for name in OrderRow.__slots__}


def from_told(told: Told) -> Order:
    """An order again from what the ledger or the table keeps."""
    lines = tuple(OrderLine(**line) for line in told["lines"])
    return Order(
        told["reference"], lines, told["customer"], told["channel"], told["collection"], moment(told["made_at"]),
        told["paid"], told["refunded"],
    )  # fmt: skip


def find(house: House, reference: str) -> Order:
    """The order as it is now, or UnknownOrder."""
    with house.books.read() as tx:
        row = rows.find(tx, reference)
    if row is None:
        raise UnknownOrder("reference", str(reference)[:20], str(reference)[:20])
    return from_told(_told(row))
