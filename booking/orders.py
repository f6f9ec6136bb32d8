"""Orders: holds become sold seats under one reference; the price told is the price paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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

COMP = "comp"
"""The tariff of seats given away; the order says why."""
COLLECTIONS = ("box_office", "e_ticket", "post")


@dataclass(frozen=True)
class Sale:
    """What is sold: holds, to whom, how the tickets are collected; with a reason, for nothing."""

    holds: tuple[str, ...]
    customer: str | None = None
    collection: str = "box_office"
    reason: str = ""


def confirm(house: House, who: Who, sale: Sale, request: str) -> Order:
    """Sell the seats of one or several holds in one order; all of them or none."""
    if not sale.holds or len(set(sale.holds)) != len(sale.holds):
        raise BadWish("holds", str(sale.holds)[:100])
    if sale.collection not in COLLECTIONS:
        raise BadWish("collection", str(sale.collection)[:40])
    mark = fingerprint("confirm", who, sale=repr(replace(sale, holds=tuple(sorted(sale.holds)))))

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        held = claims.of_holds(tx, sorted(sale.holds))
        for hold in sale.holds:
            intact(tx, who, hold, [row for row in held if row.hold == hold])
        order = _order(who, held, sale, now)
        claims.sell(tx, sale.holds, order.reference)
        rows.add(tx, order)
        return told_of(order), [_sold(house, who, order, group, request, mark, now) for group in by_performance(held)]

    return from_told(once(house, request, mark, deed, look_first=False))


def _order(who: Who, held: Sequence[ClaimRow], sale: Sale, now: int) -> OrderRow:
    lines = [line_of(row) for row in held]
    if sale.reason:
        lines = [{**line, "price": 0, "tariff": COMP} for line in lines]
    paid = sum(line["price"] for line in lines)
    return OrderRow(
        new_reference(), sale.customer, who.channel, who.holder, sale.collection, sale.reason, lines, paid, 0, now
    )


def line_of(row: ClaimRow) -> dict[str, Any]:
    """A sold seat as a line of its order."""
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
    cents = sum(line["price"] for line in order.lines if line["performance"] == performance.id)
    return entry(
        who, "sell", request, mark, now, group, about=order.reference, took=seats_of(group), state="sold",
        cents=cents, version=performance.version,
    )  # fmt: skip


def told_of(row: OrderRow) -> Told:
    """An order as the ledger keeps it."""
    return {name: getattr(row, name) for name in OrderRow.__slots__}


def from_told(told: Told) -> Order:
    """An order again from what the ledger or the table keeps."""
    lines = tuple(OrderLine(**line) for line in told["lines"])
    return Order(
        told["reference"], lines, told["customer"], told["channel"], told["collection"], moment(told["made_at"]),
        told["paid"], told["refunded"], told["reason"],
    )  # fmt: skip


def find(house: House, reference: str) -> Order:
    """The order as it is now, or UnknownOrder."""
    with house.books.read() as tx:
        row = rows.find(tx, reference)
    if row is None:
        raise UnknownOrder("reference", str(reference)[:20], str(reference)[:20])
    return from_told(told_of(row))
