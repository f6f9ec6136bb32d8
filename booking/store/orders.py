"""Orders: one row each, their seats as lines in it; what is sold now stands in the claims as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from booking.store.transactions import Transaction
from booking.tables import orders


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as stored."""

    reference: str
    customer: str | None
    channel: str
    holder: str
    collection: str
    reason: str
    lines: list[dict[str, Any]]
    paid: int
    refunded: int
    made_at: int


_COLUMNS = [orders.c[name] for name in OrderRow.__slots__]
_INSERT = insert(orders)


def add(tx: Transaction, row: OrderRow) -> None:
    """A new order; Clash (from the transaction) if its reference is taken."""
    tx.execute(_INSERT, {name: getattr(row, name) for name in OrderRow.__slots__})


def find(tx: Transaction, reference: str, *, lock: bool = False) -> OrderRow | None:
    """The order with that reference, locked if it is going to change."""
    query = select(*_COLUMNS).where(orders.c.reference == reference)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return OrderRow(*row) if row else None


def of_customer(tx: Transaction, customer: str) -> list[OrderRow]:
    """A customer's orders, newest first."""
    query = select(*_COLUMNS).where(orders.c.customer == customer).order_by(orders.c.made_at.desc(), orders.c.reference)
    return [OrderRow(*row) for row in tx.execute(query)]


def change(tx: Transaction, reference: str, lines: Sequence[dict[str, Any]], paid: int, refunded: int) -> None:
    """What became of the lines, and of the money."""
    values = {"lines": list(lines), "paid": paid, "refunded": refunded}
    tx.execute(update(orders).where(orders.c.reference == reference).values(**values))


def everything(tx: Transaction) -> list[OrderRow]:
    """Every order, for the audit."""
    return [OrderRow(*row) for row in tx.execute(select(*_COLUMNS))]
