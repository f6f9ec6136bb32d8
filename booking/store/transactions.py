"""Transactions on either database: begun so that they will not fail half way, ended whole or not at all."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from booking.errors import HouseBusy

Transaction = Connection
"""An open transaction; every function of this package takes one as its first argument."""

LOCK_SECONDS = 2
_RETRY = {"40P01", "40001"}  # deadlock, serialization failure: somebody else went first, ask again
_WAITED = {"55P03"}  # lock_timeout


class Clash(Exception):
    """Somebody else changed the same rows first; the transaction is undone and may be tried again at once.

    `seats` says that it was only about seats: others were quicker, and nothing else needs to be looked at.
    """

    def __init__(self, *, seats: bool = False) -> None:
        super().__init__()
        self.seats = seats


class Busy(HouseBusy):
    """The rows, or SQLite's one pen, were not to be had within two seconds; to outsiders a HouseBusy like any other."""


class Transactions:
    """Begins transactions on an engine; on SQLite one process's writers queue up before they meet the lock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        # SQLite's driver opens no transaction for a question; to say so each time would be one statement more.
        self._reading = engine if self.sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._pen = threading.Lock()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One transaction: leaving by an error undoes everything; Clash and Busy tell what the database said."""
        if not self.sqlite:
            with self._translated(), self.engine.begin() as connection:
                self._patience(connection)
                yield connection
            return
        if not self._pen.acquire(timeout=LOCK_SECONDS):
            raise Busy
        try:
            with self._translated(), self.engine.begin() as connection:
                self._take_the_pen(connection)
                yield connection
        finally:
            self._pen.release()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """For questions of one statement each; holds no lock between them."""
        with self._translated(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def quick(self) -> Iterator[Transaction]:
        """One connection for a question, and then, inside `at_once`, one deed of a single statement."""
        with self._translated(), self._reading.connect() as connection:
            if not self.sqlite:
                self._patience(connection)
            yield connection

    @contextmanager
    def at_once(self, connection: Transaction) -> Iterator[None]:
        """The deed: PostgreSQL needs nothing around a single statement, SQLite its pen."""
        if not self.sqlite:
            yield
            return
        if not self._pen.acquire(timeout=LOCK_SECONDS):
            raise Busy
        try:
            self._take_the_pen(connection)
            yield
            connection.commit()
        finally:
            self._pen.release()

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """One unchanging view over several questions."""
        engine = self.engine if self.sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        with self._translated(), engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            if self.sqlite and not driver.in_transaction:
                driver.execute("BEGIN").close()
            yield connection

    @staticmethod
    @contextmanager
    def _translated() -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise Clash(seats='column "no"' in str(error.orig)) from error
        except DBAPIError as error:
            code = getattr(error.orig, "sqlstate", None)
            if code in _RETRY:
                raise Clash() from error
            if code in _WAITED or _is_locked(error):
                raise Busy from error
            raise

    @staticmethod
    def _patience(connection: Connection) -> None:
        """Wait two seconds for a lock, never longer: a caller is listening. Said once per connection."""
        if connection.info.get("souffleur_patience"):
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        driver.commit()
        connection.info["souffleur_patience"] = True

    @staticmethod
    def _take_the_pen(connection: Connection) -> None:
        """SQLite's default transaction begins as a reader and may fail at its first write; this one does not.

        What is sold must survive a power cut as well: hence FULL, where the engine's own setting may be NORMAL.
        """
        driver: Any = connection.connection.dbapi_connection
        if not connection.info.get("souffleur_patience"):
            driver.execute("PRAGMA synchronous=FULL").close()
            connection.info["souffleur_patience"] = True
        if driver.in_transaction:
            return
        # SQLite's own patience sleeps up to a tenth of a second at a time, and who came first may be served last.
        driver.execute("PRAGMA busy_timeout=0").close()
        try:
            _begin(driver)
        finally:
            driver.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}").close()


def _begin(driver: Any) -> None:
    """Ask for the pen every few milliseconds, for two seconds."""
    give_up = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _LOCKED:
                raise
            if time.monotonic() > give_up:
                raise Busy from error
        time.sleep(random.uniform(0.0002, 0.0015))  # two who ask in step would go on asking in step


_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_BUSY_SNAPSHOT)


def _is_locked(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlite_errorcode", None) in _LOCKED
