"""Engines for SQLite (a small house, every test) and PostgreSQL (a big one), and bringing either up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from booking import migrations


def engine_for(url: str) -> Engine:
    """An engine for any thread; nothing is opened before the first use, and no error tells what was asked for."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url, address.database)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    # A caller waits fifteen seconds at most: a database that does not answer must say so long before.
    limits = {"connect_timeout": 2, "options": "-c statement_timeout=8000 -c lock_timeout=2000"}
    pool = {"pool_size": 16, "max_overflow": 16, "pool_timeout": 3, "pool_pre_ping": True}
    return create_engine(address, connect_args=limits, hide_parameters=True, **pool)


def upgrade(url: str) -> None:
    """Bring the database to the newest revision; harmless when it is there already."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = engine_for(url)
    try:
        migrations.upgrade(engine)
    finally:
        engine.dispose()


def _sqlite(url: str, path: str | None) -> Engine:
    in_memory = path in (None, "", ":memory:")
    # The connection used last knows the pages and the statements best.
    pool = {} if in_memory else {"pool_use_lifo": True}
    engine = create_engine(url, connect_args={"timeout": 2.0, "check_same_thread": False}, hide_parameters=True, **pool)
    event.listen(engine, "connect", _pragmas)
    return engine


def _pragmas(connection: Any, _: Any) -> None:
    """WAL lets readers read while one writes; NORMAL loses nothing when only the program dies."""
    if not isinstance(connection, sqlite3.Connection):
        return
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=2000"):
        connection.execute(f"PRAGMA {pragma}").close()
