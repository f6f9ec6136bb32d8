"""Takes of prompts in SQL: what was recorded, and the log of what was published when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningInsert

from ivr.records.tables import UtcDateTime, metadata
from prompts.takes import Draft, Publication, Take, TakeFolder, Takes, UnknownTake

_TRIES = 20
"""Publishing is rare; twenty operators pressing at the same instant are more than a house has."""

takes = Table(
    "takes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False),
    Column("language", String(8), nullable=False),
    Column("words", Text, nullable=False),
    Column("address", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("loudness", Float, nullable=False),
    Column("peak", Float, nullable=False),
    Column("source", String(16), nullable=False),
    Column("recorded_by", String(60), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("takes_by_prompt", "language", "key"),
)

take_publications = Table(
    "take_publications",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("key", String(120), nullable=False),
    Column("language", String(8), nullable=False),
    Column("take_id", Integer, ForeignKey("takes.id"), nullable=True),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("publications_by_prompt", "language", "key", "revision"),
)


class SqlTakeBook:
    """The book of takes in the database; any thread, any process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, draft: Draft) -> Take:
        """Write a take down."""
        with self._engine.begin() as connection:
            done = connection.execute(insert(takes).values(asdict(draft)))
            assert done.inserted_primary_key is not None
            return Take(**asdict(draft), id=done.inserted_primary_key[0])

    def get(self, take_id: int) -> Take:
        """One take; raises UnknownTake."""
        rows = self._rows(select(takes).where(takes.c.id == take_id))
        if not rows:
            raise UnknownTake(take_id)
        return _take(rows[0])

    def takes_of(self, key: str = "", language: str = "") -> tuple[Take, ...]:
        """All takes of a prompt, or of all, newest first."""
        query = _of_prompt(select(takes), takes, key, language).order_by(takes.c.id.desc())
        return tuple(_take(row) for row in self._rows(query))

    def publish(self, key: str, language: str, take_id: int | None, by: str, at: datetime) -> int:
        """Add a line to the log and return its revision.

        The number is one more than the last, and the primary key settles who was first: numbers from a sequence
        could be committed out of order, and a call's revision would then change under it.
        """
        line = _line(key=key, language=language, take_id=take_id, by=by, at=at)
        for _ in range(_TRIES):
            try:
                with self._engine.begin() as connection:
                    revision: int = connection.execute(line).scalar_one()
                    return revision
            except IntegrityError:
                continue
        raise TimeoutError("publishing", key)

    def publications(self, key: str = "", language: str = "") -> tuple[Publication, ...]:
        """The log, newest first."""
        query = _of_prompt(select(take_publications), take_publications, key, language)
        rows = self._rows(query.order_by(take_publications.c.revision.desc()))
        return tuple(Publication(**row._asdict()) for row in rows)

    def revision(self) -> int:
        """The newest revision, 0 when nothing was ever published."""
        return int(self._rows(select(func.coalesce(func.max(take_publications.c.revision), 0)))[0][0])

    def published(self, revision: int) -> Mapping[tuple[str, str], Take]:
        """What was played at that revision, by (language, key)."""
        line = take_publications.c
        newest = (
            select(func.max(line.revision).label("revision"))
            .where(line.revision <= revision)
            .group_by(line.language, line.key)
            .subquery()
        )
        live = take_publications.join(newest, line.revision == newest.c.revision)
        query = select(takes).select_from(live.join(takes, and_(takes.c.id == line.take_id)))
        found = (_take(row) for row in self._rows(query))
        return {(take.language, take.key): take for take in found}

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(query))


def takes_in(data: Path, engine: Engine, clock: Callable[[], datetime], *, fresh_seconds: float = 0.0) -> Takes:
    """The recordings of a house: sounds in the folder `takes` of its data, the book in its database."""
    return Takes(TakeFolder(data / "takes"), SqlTakeBook(engine), clock, fresh_seconds=fresh_seconds)


def _line(**values: Any) -> ReturningInsert[Any]:
    """Counting and writing in one statement: SQLite takes its lock before it counts, PostgreSQL lets the key decide."""
    columns = [take_publications.c[name] for name in values]
    following = func.coalesce(func.max(take_publications.c.revision), 0) + 1
    row = select(following, *(literal(values[column.name], column.type) for column in columns))
    names = ["revision", *values]
    return insert(take_publications).from_select(names, row).returning(take_publications.c.revision)


def _of_prompt(query: Select[Any], table: Table, key: str, language: str) -> Select[Any]:
    query = query.where(table.c.key == key) if key else query
    return query.where(table.c.language == language) if language else query


def _take(row: Row[Any]) -> Take:
    return Take(**row._asdict())
