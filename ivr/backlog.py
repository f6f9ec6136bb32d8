"""The backlog: lines of the journal on their way to the database; they wait in Redis, so that no process can lose one.

A line is told in the very step in which Redis keeps the turn (see `CallStore`): no answer goes out without it. The web
processes write the backlog down a moment later, many lines in one transaction, and take a line out only when it stands
in the database. A line that is written twice is there once.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError

from ivr.records.calls import calls, turns
from ivr.redis_links import Link, Wire

KEY = "journal"
"""The stream in Redis; each entry is one line, as JSON."""
MOST_WAITING = 50_000
"""Lines that may wait for a database that is away; beyond it the oldest are dropped, not the calls."""
A_BREATH = 0.25
"""Seconds between two rounds of writing."""
A_WHILE = 1.0
"""Seconds until it is tried again when it could not be written."""

_PEN, _PEN_MS = "journal:pen", 10_000  # longer than a database may take
_AT_ONCE = 500
_log = logging.getLogger(__name__)
_Lines = Sequence[dict[str, Any]]


class Backlog:
    """Takes what is told about calls, and writes it down; safe in any number of threads and processes."""

    def __init__(self, engine: Engine, link: Link) -> None:
        self._engine, self._ask = engine, Wire(link)
        dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
        self._begun, self._answered = (dialect.insert(table).on_conflict_do_nothing() for table in (calls, turns))

    def drain(self) -> bool:
        """Write down what waits: has everything been written? False: there is more, or another process is writing."""
        if not self._ask("XLEN", KEY):
            return True
        if not self._ask("SET", _PEN, os.getpid(), "NX", "PX", _PEN_MS):
            return False
        try:
            waiting = self._ask("XRANGE", KEY, "-", "+", "COUNT", _AT_ONCE)
            if waiting:
                self._write_down([line for _, (_, line) in waiting])
                self._ask("XDEL", KEY, *(number for number, _ in waiting))
        finally:
            self._ask("DEL", _PEN)
        return len(waiting) < _AT_ONCE

    def keep_up(self) -> None:
        """Write down what waits from now until this process ends, in a thread of its own; one process is enough."""
        threading.Thread(target=self._write_for_ever, name="journal", daemon=True).start()

    def _write_for_ever(self) -> None:
        breath = threading.Event()
        while True:
            breath.wait(A_BREATH)
            try:
                while not self.drain():
                    breath.wait(A_BREATH / 10)
            except Exception as error:  # whatever it is, what waits is not lost
                _log.error("the journal has to wait: %s", type(error).__name__)
                breath.wait(A_WHILE)

    def _write_down(self, lines: Sequence[str]) -> None:
        """All in one transaction; if there is one among them that no database takes, one by one without it."""
        try:
            self._put_down([json.loads(line) for line in lines])
        except (InterfaceError, InternalError, OperationalError):
            raise  # the database is away: nothing is wrong with the lines
        except Exception as error:
            if isinstance(error, ProgrammingError):
                self._must_be_ours()
            if len(lines) == 1:
                _log.error("a line of the journal cannot be written: %s", type(error).__name__)
                return
            for line in lines:
                self._write_down([line])

    def _must_be_ours(self) -> None:
        """Raises again what a line's own fault does not explain: the tables are not there yet."""
        with self._engine.connect() as connection:
            for table in (calls, turns):
                connection.execute(select(table.c.call).limit(1))

    def _put_down(self, lines: _Lines) -> None:
        """Calls, then turns, then ends."""
        of_kind: dict[str, list[dict[str, Any]]] = {"begin": [], "turn": [], "end": []}
        for line in lines:
            of_kind[line["kind"]].append({name: _read(name, value) for name, value in line.items() if name != "kind"})
        with self._engine.begin() as connection:
            statements = (self._begun, self._answered, _ENDED)
            for statement, told in zip(statements, of_kind.values(), strict=True):
                if told:
                    connection.execute(statement, told)


def _ended(table: Table) -> Any:
    """The first word about how a call ended stands."""
    this_one = (table.c.call == bindparam("of_call")) & table.c.ended_at.is_(None)
    return update(table).where(this_one).values(ended_at=bindparam("at"), status=bindparam("how"))


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _MOMENTS and value else value


_ENDED, _MOMENTS = _ended(calls), ("at", "began_at", "ended_at")
