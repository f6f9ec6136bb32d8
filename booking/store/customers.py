"""Customers and distributors: people and firms, found by a number or a key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from booking.store.transactions import Transaction
from booking.tables import customers, distributors, orders


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as stored."""

    id: str
    phone: str | None
    name: str
    language: str
    email: str
    consent: dict[str, bool]
    remembered: dict[str, str]
    made_at: int
    seen_at: int


_COLUMNS = [customers.c[name] for name in CustomerRow.__slots__]


_BY_PHONE = select(*_COLUMNS).where(customers.c.phone == bindparam("number"))


def by_phone(tx: Transaction, phone: str) -> CustomerRow | None:
    """Whose number it is."""
    row = tx.execute(_BY_PHONE, {"number": phone}).first()
    return CustomerRow(*row) if row else None


def among(tx: Transaction, phones: Collection[str], ids: Collection[str]) -> list[CustomerRow]:
    """Those with one of these numbers or ids."""
    wanted = or_(customers.c.phone.in_(phones), customers.c.id.in_(ids))
    return [CustomerRow(*row) for row in tx.execute(select(*_COLUMNS).where(wanted))]


def by_id(tx: Transaction, customer: str) -> CustomerRow | None:
    """The customer with that id, locked against change until the end of the transaction."""
    row = tx.execute(select(*_COLUMNS).where(customers.c.id == customer).with_for_update()).first()
    return CustomerRow(*row) if row else None


def like(tx: Transaction, *, name: str = "", phone: str = "", limit: int) -> list[CustomerRow]:
    """Those whose name or number matches a LIKE pattern, who was seen last first."""
    column, pattern = (customers.c.name, name) if name else (customers.c.phone, phone)
    wanted = select(*_COLUMNS).where(column.ilike(pattern)).order_by(customers.c.seen_at.desc()).limit(limit)
    return [CustomerRow(*row) for row in tx.execute(wanted)]


def add(tx: Transaction, row: CustomerRow) -> None:
    """A new customer; Clash (from the transaction) if the number is taken."""
    tx.execute(insert(customers), [{name: getattr(row, name) for name in CustomerRow.__slots__}])


def change(tx: Transaction, customer: str, **values: Any) -> None:
    """Write what is new."""
    tx.execute(update(customers).where(customers.c.id == customer).values(**values))


def forget(tx: Transaction, customer: str) -> None:
    """The person goes; her orders stay, without her."""
    tx.execute(update(orders).where(orders.c.customer == customer).values(customer=None))
    tx.execute(delete(customers).where(customers.c.id == customer))


def set_distributor(tx: Transaction, channel: str, name: str, key_hash: str) -> None:
    """Admit a distributor, or give it another key."""
    tx.execute(delete(distributors).where(distributors.c.channel == channel))
    tx.execute(insert(distributors), [{"channel": channel, "name": name, "key_hash": key_hash}])


def distributor_key(tx: Transaction, channel: str) -> str | None:
    """The hash of a distributor's key; none if there is no such distributor."""
    return tx.execute(select(distributors.c.key_hash).where(distributors.c.channel == channel)).scalar()
