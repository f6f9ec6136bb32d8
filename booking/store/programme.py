"""The season as it is on sale: seasons, productions, performances; a few rows, cached by the service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from booking.store.statement import Statement
from booking.store.transactions import Transaction
from booking.tables import allotments, performances, productions, seasons


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """One performance as stored."""

    id: str
    production: str
    starts_at: int
    body: dict[str, Any]
    cancelled: bool
    version: int


_VERSION = Statement("SELECT coalesce(max(version), 0) FROM booking_seasons")


def version(tx: Transaction) -> int:
    """Rises with every change to any performance; 0 while there is no season."""
    return int(_VERSION(tx, {}).scalar_one())


def season(tx: Transaction) -> tuple[str, dict[str, Any]] | None:
    """Id and body of the season on sale."""
    row = tx.execute(select(seasons.c.id, seasons.c.body).order_by(seasons.c.version.desc()).limit(1)).first()
    return (row.id, row.body) if row else None


def production_rows(tx: Transaction) -> list[tuple[str, str, dict[str, Any]]]:
    """(id, hall, body) in the order of the brochure."""
    columns = (productions.c.id, productions.c.hall, productions.c.body)
    return [tuple(row) for row in tx.execute(select(*columns).order_by(productions.c.position))]


def performance_rows(tx: Transaction) -> list[PerformanceRow]:
    """Every performance in order of time."""
    table = performances.c
    columns = (table.id, table.production, table.starts_at, table.body, table.cancelled, table.version)
    return [PerformanceRow(*row) for row in tx.execute(select(*columns).order_by(table.starts_at, table.id))]


def replace(
    tx: Transaction,
    season_row: dict[str, Any],
    production_rows: Iterable[dict[str, Any]],
    performance_rows: Iterable[dict[str, Any]],
) -> None:
    """Put a season in the place of the one before; what was called off stays so.

    The caller has made sure that nothing sold is lost.
    """
    newer = version(tx) + 1
    called_off = set(tx.execute(select(performances.c.id).where(performances.c.cancelled)).scalars())
    tx.execute(delete(performances))
    tx.execute(delete(productions))
    tx.execute(delete(seasons))
    tx.execute(insert(seasons), [{**season_row, "version": newer}])
    tx.execute(insert(productions), list(production_rows))
    tx.execute(insert(performances), [
        {**row, "version": newer, "cancelled": row["id"] in called_off} for row in performance_rows
    ])


def touch(tx: Transaction, performance: str, *, cancelled: bool | None = None) -> None:
    """Raise the versions, so that every process reads this performance anew; waits for the sales now under way."""
    tx.execute(update(seasons).values(version=seasons.c.version + 1))
    values: dict[str, Any] = {"version": performances.c.version + 1}
    if cancelled is not None:
        values["cancelled"] = cancelled
    tx.execute(update(performances).where(performances.c.id == performance).values(values))


def claimed_performances(tx: Transaction) -> set[str]:
    """The performances with at least one seat held, sold or blocked."""
    return set(tx.execute(text("SELECT DISTINCT performance FROM booking_claims")).scalars())


def set_allotment(tx: Transaction, row: dict[str, Any]) -> None:
    """Give a channel its own share of a performance, in the place of the one before."""
    drop_allotment(tx, row["performance"], row["channel"])
    tx.execute(insert(allotments), [row])


def drop_allotment(tx: Transaction, performance: str, channel: str) -> int:
    """Take a channel's share back."""
    mine = (allotments.c.performance == performance) & (allotments.c.channel == channel)
    return tx.execute(delete(allotments).where(mine)).rowcount


def allotment_rows(tx: Transaction, performance: str) -> list[tuple[str, str, int | None, int]]:
    """(channel, seats, quota, release at) of a performance."""
    table = allotments.c
    columns = (table.channel, table.seats, table.quota, table.release_at)
    return [tuple(row) for row in tx.execute(select(*columns).where(table.performance == performance))]


_LOCK_QUOTA = "SELECT quota FROM booking_allotments WHERE performance = :performance AND channel = :channel"


def lock_quota(tx: Transaction, performance: str, channel: str) -> int | None:
    """A channel's most seats, its row locked so that two of its clerks count one after the other."""
    locking = "" if tx.dialect.name == "sqlite" else " FOR UPDATE"
    row = tx.execute(text(_LOCK_QUOTA + locking), {"performance": performance, "channel": channel}).first()
    return row[0] if row else None


def count(tx: Transaction) -> int:
    """How many performances there are."""
    return int(tx.execute(select(func.count()).select_from(performances)).scalar_one())
