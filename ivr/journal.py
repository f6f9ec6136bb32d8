"""The journal: every call and every turn, kept for agents, statistics and `--repro`; it never delays a call.

A line is kept in Redis together with the turn it is about, and written to the database a moment later (`backlog`).
"""

from __future__ import annotations

import atexit
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, case, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from callflows.heard import Heard
from callflows.reply import Reply, Say
from ivr.backlog import Backlog
from ivr.incoming import Incoming
from ivr.records.calls import calls, turns
from ivr.redis_links import Link, RedisAway

Clock = Callable[[], datetime]

_log = logging.getLogger(__name__)
_written = json.JSONEncoder(separators=(",", ":")).encode


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
    """Makes the lines about calls and turns, each written once however often it is told; reads them as conversations.

    A line is kept together with the turn it belongs to, or with the end of the call (`CallStore`).
    """

    def __init__(self, engine: Engine, clock: Clock, redis: Link) -> None:
        self._engine = engine
        self._clock = clock
        self._backlog = Backlog(engine, redis)

    # -- telling -------------------------------------------------------------------------------------------------

    def begun(self, incoming: Incoming, customer_id: str = "") -> str:
        """A call came in; `customer_id` is the caller's profile, found or made by number."""
        return self._line("begin", {
            "call": incoming.call_id, "customer": customer_id, "caller": incoming.caller, "called": incoming.called,
            "language": "", "began_at": self._now(), "ended_at": None, "status": "open",
        })  # fmt: skip

    def answered(
        self, *, call: str, turn: int, step: str, heard: Heard, reply: Reply, outcome: str = "",
        milliseconds: float = 0.0, said: Mapping[str, Any] | None = None, secret: bool = False,
    ) -> str:  # fmt: skip
        """One turn is answered. `secret` keys (a PIN) are never written, only that there were some."""
        heard_by = _heard_by(heard, secret)
        _log.info("step=%s heard=%s outcome=%s ms=%s", step, heard_by, outcome, milliseconds)
        return self._line("turn", {
            "call": call, "turn": turn, "at": self._now(), "step": step[:80], "heard_by": heard_by,
            "keys": "" if secret else heard.keys[:64], "words": "" if secret else heard.words[:2000],
            "confidence": heard.confidence, "says": [[say.prompt, say.slots, say.language] for say in reply.says],
            "language": reply.language, "then": type(reply.then).__name__, "said": said or {},
            "outcome": outcome[:40], "milliseconds": milliseconds,
        })  # fmt: skip

    def ended(self, call_id: str, status: str = "completed") -> str:
        """The call is over; the first word about how it ended stands."""
        return self._line("end", {"of_call": call_id, "at": self._now(), "how": status[:20]})

    def keep_up(self) -> None:
        """From now on this process writes down what it and others tell, a moment later; and once more at its end."""
        self._backlog.keep_up()
        atexit.register(self.flush)

    def flush(self) -> None:
        """Write down everything told so far; what cannot be written now waits."""
        try:
            while not self._backlog.drain():
                time.sleep(0.005)
        except (SQLAlchemyError, RedisAway) as error:
            _log.error("the journal has to wait: %s", type(error).__name__)

    def _line(self, kind: str, about: dict[str, Any]) -> str:
        return _written({"kind": kind, **about})

    def _now(self) -> str:
        return self._clock().isoformat()

    # -- reading -------------------------------------------------------------------------------------------------

    def call(self, call_id: str) -> CallRecord | None:
        """One call, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(calls).where(calls.c.call == call_id)).one_or_none()
        return None if row is None else CallRecord(**row._mapping)

    def turns(self, call_id: str) -> tuple[TurnRecord, ...]:
        """A call as a conversation, turn by turn."""
        return self.turns_of((call_id,)).get(call_id, ())

    def records(self, call_ids: Collection[str]) -> dict[str, CallRecord]:
        """These calls by their ids, in one question."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(calls).where(calls.c.call.in_(call_ids))) if call_ids else ()
            return {row.call: CallRecord(**row._mapping) for row in rows}

    def turns_of(self, call_ids: Collection[str], last: int | None = None) -> dict[str, tuple[TurnRecord, ...]]:
        """The turns of each of these calls, or the `last` few of each, in one question."""
        wanted = select(turns).where(turns.c.call.in_(call_ids)).order_by(turns.c.call, turns.c.turn)
        if last is not None:
            newer = turns.alias()
            newest = select(func.max(newer.c.turn)).where(newer.c.call == turns.c.call).scalar_subquery()
            wanted = wanted.where(turns.c.turn > newest - last)
        found: dict[str, list[TurnRecord]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(wanted) if call_ids else ():
                says = tuple(Say(*each) for each in row.says)
                found.setdefault(row.call, []).append(TurnRecord(**{**row._mapping, "says": says}))
        return {call: tuple(told) for call, told in found.items()}

    def counted(
        self, customers: Collection[str], callers: Collection[str], since: datetime
    ) -> dict[str, tuple[int, int]]:
        """By customer and by number: how many calls there are, and how many since then; in two questions at most."""
        found: dict[str, tuple[int, int]] = {}
        lately = func.sum(case((calls.c.began_at >= since, 1), else_=0))
        with self._engine.connect() as connection:
            for column, names in ((calls.c.customer, customers), (calls.c.caller, callers)):
                wanted = select(column, func.count(), lately).where(column.in_(names)).group_by(column)
                found |= {name: (all_, some) for name, all_, some in connection.execute(wanted)} if names else {}
        return found

    def forget_caller(self, customer: str, caller: str) -> None:
        """That these calls were hers is no longer known; what was said in them stays, nobody's."""
        hers = (calls.c.customer == customer) | ((calls.c.caller == caller) & (calls.c.caller != ""))
        with self._engine.begin() as connection:
            connection.execute(update(calls).where(hers).values(customer="", caller=""))

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
