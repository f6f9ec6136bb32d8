"""Notes: what agents write down about a customer or a call, dated and signed; the last word about a call is one too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Engine, Integer, String, Table, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError

from ivr.records.tables import UtcDateTime, metadata

LONGEST = 1000
"""Signs of one note; more is a letter."""

desk_notes = Table(
    "desk_notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("request", String(120), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(60), nullable=False),
    Column("customer", String(64), nullable=False, default="", index=True),
    Column("call", String(64), nullable=False, default="", index=True),
    Column("reason", String(40), nullable=False, default=""),
    Column("outcome", String(40), nullable=False, default=""),
    Column("words", String(LONGEST), nullable=False, default=""),
)


@dataclass(frozen=True)
class Note:
    """One note; with `reason` and `outcome` it is the wrap-up of a call: why somebody rang, and what came of it."""

    at: datetime
    who: str
    customer: str = ""
    call: str = ""
    reason: str = ""
    outcome: str = ""
    words: str = ""


class Notes:
    """Notes in the database; they are added, never changed, and go only with the person they are about."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def add(self, who: str, *, request: str, **about: str) -> None:
        """Write one down; asked again with the same `request`, it is there once."""
        line = {"request": request[:120], "at": self._clock(), "who": who[:60], **about}
        line["words"] = about.get("words", "")[:LONGEST]
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(desk_notes).values(line))
        except IntegrityError:
            return  # it is there already

    def about(self, *, customer: str = "", call: str = "", limit: int = 50) -> tuple[Note, ...]:
        """What was written about a customer, a call or both, newest first."""
        asked = [column == value for column, value in _columns(customer, call) if value]
        if not asked:
            return ()
        wanted = select(desk_notes).where(or_(*asked)).order_by(desk_notes.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return tuple(_note(row) for row in connection.execute(wanted))

    def forget(self, customer: str) -> None:
        """Erase what was written about a person."""
        with self._engine.begin() as connection:
            connection.execute(delete(desk_notes).where(desk_notes.c.customer == customer))


def _columns(customer: str, call: str) -> tuple[tuple[Any, str], ...]:
    return (desk_notes.c.customer, customer), (desk_notes.c.call, call)


def _note(row: Any) -> Note:
    return Note(row.at, row.who, row.customer, row.call, row.reason, row.outcome, row.words)
