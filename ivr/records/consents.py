"""What callers answered when asked for a consent: whose, what, when, to which wording. Lines are only added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Engine, Index, Integer, Select, String, Table, insert, select

from ivr.records.tables import UtcDateTime, metadata

YES, NO, NONE, WITHDRAWN = "yes", "no", "none", "withdrawn"
"""Agreed; declined; did not answer; agreed once and has taken it back."""

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("customer", String(64), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("wording", String(20), nullable=False, default=""),
    Column("days", Integer, nullable=False, default=0),
    Column("at", UtcDateTime, nullable=False),
    Column("call", String(64), nullable=False, default=""),
    Column("by", String(60), nullable=False, default=""),
    Index("consents_by_customer", "customer", "purpose"),
    Index("consents_by_answer", "purpose", "answer", "at"),
)


@dataclass(frozen=True)
class Answered:
    """One answer: to which `wording` (a hash of the sentence), for how many days, in which call or by which agent."""

    customer: str
    purpose: str
    answer: str
    wording: str
    days: int
    at: datetime
    call: str
    by: str


class ConsentLog:
    """Writes answers down and reads them back."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def add(self, customer: str, purpose: str, answer: str, **about: Any) -> None:
        """One answer, now; `about` may be wording, days, call and by."""
        line = {"customer": customer, "purpose": purpose, "answer": answer, "at": self._clock(), **about}
        with self._engine.begin() as connection:
            connection.execute(insert(consents).values(line))

    def last(self, customer: str, purpose: str) -> Answered | None:
        """The latest answer; None: never asked."""
        c = consents.c
        rows = self._rows(_select().where(c.customer == customer, c.purpose == purpose).order_by(c.id.desc()).limit(1))
        return next(iter(rows), None)

    def withdrawn_since(self, purpose: str, since: datetime) -> tuple[str, ...]:
        """Who has taken it back since then."""
        c = consents.c
        rows = self._rows(_select().where(c.purpose == purpose, c.answer == WITHDRAWN, c.at >= since))
        return tuple(dict.fromkeys(row.customer for row in rows))

    def _rows(self, query: Select[Any]) -> list[Answered]:
        with self._engine.connect() as connection:
            return [Answered(**row._asdict()) for row in connection.execute(query)]


def _select() -> Select[Any]:
    return select(*(column for column in consents.c if column.name != "id"))
