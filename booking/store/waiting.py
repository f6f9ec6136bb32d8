"""The waiting list, first come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from booking.store.transactions import Transaction
from booking.tables import waiting


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One place on the list."""

    id: str
    performance: str
    quantity: int
    wish: dict[str, Any]
    customer: str | None
    channel: str
    holder: str
    state: str
    hold: str | None
    offered_until: int | None
    asked_at: int


_COLUMNS = [waiting.c[name] for name in WaitingRow.__slots__]


def add(tx: Transaction, row: WaitingRow) -> None:
    """A new place at the end."""
    tx.execute(insert(waiting), [{name: getattr(row, name) for name in WaitingRow.__slots__}])


def find(tx: Transaction, waiting_id: str, *, lock: bool = False) -> WaitingRow | None:
    """One place."""
    query = select(*_COLUMNS).where(waiting.c.id == waiting_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return WaitingRow(*row) if row else None


def of_performance(tx: Transaction, performance: str) -> list[WaitingRow]:
    """All places of a performance in the order in which they were asked for."""
    query = select(*_COLUMNS).where(waiting.c.performance == performance).order_by(waiting.c.no)
    return [WaitingRow(*row) for row in tx.execute(query)]


def performances(tx: Transaction, now: int) -> list[str]:
    """Those that somebody waits for, or has an offer for that still stands: asked for again, it is told again."""
    stands = (waiting.c.state == "offered") & (waiting.c.offered_until > now)
    query = select(waiting.c.performance).where((waiting.c.state == "waiting") | stands).distinct()
    return sorted(tx.execute(query).scalars())


def change(tx: Transaction, waiting_id: str, state: str, hold: str | None = None, until: int | None = None) -> None:
    """What became of a place."""
    values: dict[str, Any] = {"state": state}
    if hold is not None:
        values.update(hold=hold, offered_until=until)
    tx.execute(update(waiting).where(waiting.c.id == waiting_id).values(**values))
