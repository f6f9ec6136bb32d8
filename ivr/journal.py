"""The journal: every call and every turn, kept for agents, statistics and `--repro`; it never breaks or delays a call.

Lines are handed to a thread that writes them a moment later, many in one transaction. A line that cannot be written
is logged and dropped.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from callflows.heard import Heard
from callflows.reply import Reply, Say
from ivr.records.calls import calls, turns
from ivr.switchboard import Incoming

Clock = Callable[[], datetime]

MOST_WAITING = 10_000
"""Lines that may wait for a database that is away; beyond it they are dropped, not the calls."""
A_BREATH = 0.05
"""Seconds the writer waits for more lines before it opens a transaction."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CallRecord:
    """One call as the journal knows it; `status` is «open» until the carrier says how it ended."""

    call: str
    customer: str
    caller: str
    called: str
    language: str
    began_at: datetime
    ended_at: datetime | None
    status: str


@dataclass(frozen=True)
class TurnRecord:
    """One turn: what was heard (`heard_by` is keys, words, recording, silence or secret) and what was answered."""

    call: str
    turn: int
    at: datetime
    step: str
    heard_by: str
    keys: str
    words: str
    confidence: float | None
    says: tuple[Say, ...]
    language: str
    then: str
    said: Mapping[str, Any]
    outcome: str
    milliseconds: float


class Journal:
    """Writes calls and turns, each once however often it is told; reads them back as conversations."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lines: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue(MOST_WAITING)
        self._writer: threading.Thread | None = None
        self._writer_of = 0
        self._starting = threading.Lock()
        atexit.register(self.flush)

    # -- writing -------------------------------------------------------------------------------------------------

    def begin(self, incoming: Incoming, customer_id: str = "") -> None:
        """A call came in; `customer_id` is the caller's profile, found or made by number."""
        self._tell("begin", {
            "call": incoming.call_id, "customer": customer_id, "caller": incoming.caller, "called": incoming.called,
            "language": "", "began_at": self._clock(), "ended_at": None, "status": "open",
        })  # fmt: skip

    def write(
        self, *, call: str, turn: int, step: str, heard: Heard, reply: Reply, outcome: str = "",
        milliseconds: float = 0.0, said: Mapping[str, Any] | None = None, secret: bool = False,
    ) -> None:  # fmt: skip
        """One turn was answered. `secret` keys (a PIN) are never written, only that there were some."""
        heard_by = _heard_by(heard, secret)
        _log.info("step=%s heard=%s outcome=%s ms=%s", step, heard_by, outcome, milliseconds)
        self._tell("turn", {
            "call": call, "turn": turn, "at": self._clock(), "step": step[:80], "heard_by": heard_by,
            "keys": "" if secret else heard.keys[:64], "words": "" if secret else heard.words[:2000],
            "confidence": heard.confidence, "says": [[say.prompt, say.slots, say.language] for say in reply.says],
            "language": reply.language, "then": type(reply.then).__name__, "said": dict(said or {}),
            "outcome": outcome[:40], "milliseconds": milliseconds,
        })  # fmt: skip

    def end(self, call_id: str, status: str = "completed") -> None:
        """The call is over; the first word about how it ended stands."""
        self._tell("end", {"call_id": call_id, "ended_at": self._clock(), "status": status[:20]})

    def flush(self) -> None:
        """Wait until everything told so far is written, or known to be unwritable."""
        if self._writer is not None and self._writer_of == os.getpid():
            self._lines.join()

    def _tell(self, kind: str, line: dict[str, Any]) -> None:
        """Hand a line over; never wait, never raise."""
        self._wake()
        try:
            self._lines.put_nowait((kind, line))
        except queue.Full:
            _log.error("journal is full: a line was dropped")

    def _wake(self) -> None:
        """The writer starts with the first line, in the process that tells it: a fork has no threads."""
        if self._writer_of == os.getpid():
            return
        with self._starting:
            if self._writer_of != os.getpid():
                self._lines = queue.Queue(MOST_WAITING)
                self._writer = threading.Thread(target=self._write_for_ever, name="journal", daemon=True)
                self._writer.start()
                self._writer_of = os.getpid()

    def _write_for_ever(self) -> None:
        lines, breath = self._lines, threading.Event()
        while True:
            batch = [lines.get()]
            breath.wait(A_BREATH)
            while not lines.empty():
                batch.append(lines.get())
            try:
                self._put_down(batch)
            except SQLAlchemyError as error:
                _log.error("journal: %d lines were lost: %s", len(batch), type(error).__name__)
            except Exception:
                _log.exception("journal: %d lines were lost", len(batch))
            for _ in batch:
                lines.task_done()

    def _put_down(self, batch: list[tuple[str, dict[str, Any]]]) -> None:
        """One transaction: calls, then turns, then ends."""
        begun = [line for kind, line in batch if kind == "begin"]
        answered = [line for kind, line in batch if kind == "turn"]
        ended = [line for kind, line in batch if kind == "end"]
        with self._engine.begin() as connection:
            if begun:
                connection.execute(self._once(calls), begun)
            if answered:
                connection.execute(self._once(turns), answered)
            for line in ended:
                is_it = (calls.c.call == line.pop("call_id")) & calls.c.ended_at.is_(None)
                connection.execute(update(calls).where(is_it).values(**line))

    def _once(self, table: Table) -> Any:
        """An insert that leaves a row alone that is there already."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table).on_conflict_do_nothing()

    # -- reading -------------------------------------------------------------------------------------------------

    def call(self, call_id: str) -> CallRecord | None:
        """One call, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(calls).where(calls.c.call == call_id)).one_or_none()
        return None if row is None else CallRecord(**row._mapping)

    def turns(self, call_id: str) -> tuple[TurnRecord, ...]:
        """A call as a conversation, turn by turn."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(turns).where(turns.c.call == call_id).order_by(turns.c.turn)).all()
        return tuple(TurnRecord(**{**row._mapping, "says": tuple(Say(*each) for each in row.says)}) for row in rows)

    def calls(
        self, *, customer: str = "", caller: str = "", status: str = "", limit: int = 100
    ) -> tuple[CallRecord, ...]:
        """The newest calls, of one customer, one number or one status if asked."""
        asked = {"customer": customer, "caller": caller, "status": status}
        wanted = select(calls).order_by(calls.c.began_at.desc(), calls.c.call).limit(limit)
        for column, value in asked.items():
            wanted = wanted.where(calls.c[column] == value) if value else wanted
        with self._engine.connect() as connection:
            return tuple(CallRecord(**row._mapping) for row in connection.execute(wanted))

    def silent_since(self, moment: datetime, limit: int) -> tuple[str, ...]:
        """Calls that nobody ended and in which nothing happened since this moment, oldest first."""
        last = select(func.max(turns.c.at)).where(turns.c.call == calls.c.call).scalar_subquery()
        is_silent = calls.c.ended_at.is_(None) & (func.coalesce(last, calls.c.began_at) < moment)
        wanted = select(calls.c.call).where(is_silent).order_by(calls.c.began_at).limit(limit)
        with self._engine.connect() as connection:
            return tuple(connection.execute(wanted).scalars())


def _heard_by(heard: Heard, secret: bool) -> str:
    if secret:
        return "secret"
    if heard.recording:
        return "recording"
    return "keys" if heard.keys else "words" if heard.words.strip() else "silence"
