"""WaitingRoom: callers who wait for a person, in Redis: in the order they came, each claimed once.

    waiting ──claim──► ringing ──answered──► talking ──leave──► after ──done──► gone
       ▲                  │                     │
       └─────release──────┴─────────────────────┘     with the place the caller had

In «after» the caller has hung up and the agent finishes what is to be done; another caller may be taken at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

WAITING, TAKEN, TALKS, EVENTS = "desk:waiting", "desk:taken", "desk:talks", "desk:events"
SIX_HOURS = 6 * 60 * 60
AFTERWARDS_SECONDS = 15 * 60
"""How long a finished talk stays on the agent's desk."""
BRIDGING = ("redirected", "redirected-from-bridged", "bridging-in-process")
"""Results of Enqueue that mean «on the way to an agent», when one has claimed the caller."""
USUAL_TALK_SECONDS = 180.0
"""How long an agent talks to one caller until we have measured it."""

URGENT = ("distress",)
"""Reasons that go before all others."""
HEAD_START_SECONDS = 24 * 60 * 60.0
"""So much earlier an urgent caller's place is reckoned: ahead of whoever waits, and of nobody as urgent before her."""

_ENTER = """
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[3], ARGV[3])
return 1
"""
_CLAIM = """
local since = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not since then return 0 end
local has = redis.call('GET', KEYS[4])
if has and has ~= ARGV[1] and redis.call('ZSCORE', KEYS[2], has) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], since, ARGV[1])
redis.call('HSET', KEYS[3], 'state', 'ringing', 'agent', ARGV[2], 'taken_at', ARGV[3])
redis.call('SET', KEYS[4], ARGV[1], 'EX', ARGV[4])
return 1
"""
_RELEASE = """
local since = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not since then return 0 end
local agent = redis.call('HGET', KEYS[3], 'agent') or ''
if ARGV[2] ~= '' and agent ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[1], since, ARGV[1])
redis.call('HSET', KEYS[3], 'state', 'waiting', 'agent', '', 'taken_at', '')
redis.call('DEL', KEYS[4] .. agent)
return 1
"""
_TALKS_ON = """
if redis.call('HGET', KEYS[2], 'state') ~= 'after' then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], 'state', 'talking', 'left', '')
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('LPOP', KEYS[3])
return 1
"""


@dataclass(frozen=True)
class Waiting:
    """One caller at the desk, as an agent sees her at a glance."""

    call_id: str
    caller: str
    reason: str
    language: str
    since: datetime
    state: str = "waiting"
    agent: str = ""
    taken_at: datetime | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    talking_since: datetime | None = None
    customer: str = ""
    """The profile an agent has named for this call; empty: the one of the number."""
    left: str = ""
    """How the talk ended: `voice` when she was given back to the voice line."""

    @property
    def urgent(self) -> bool:
        """Does she go before all others?"""
        return self.reason in URGENT


class WaitingRoom:
    """The desk's queue: one for all workers, because it stands in Redis."""

    def __init__(self, redis: Redis, clock: Callable[[], datetime]) -> None:
        self._redis: Any = redis
        self._clock = clock
        self._enter, self._claim, self._release, self._talks_on = map(
            redis.register_script, (_ENTER, _CLAIM, _RELEASE, _TALKS_ON)
        )

    def enter(self, call_id: str, caller: str, reason: str, summary: dict[str, Any], language: str) -> None:
        """The caller waits from now on; asked again, the place in the line stays the same."""
        told = {
            "caller": caller, "reason": reason, "language": language, "summary": json.dumps(summary, default=str),
            "state": "waiting", "agent": "", "taken_at": "", "since": self._now(), "talking_since": "", "left": "",
        }  # fmt: skip
        score = _score(self._now(), reason)
        pairs = [str(part) for pair in told.items() for part in pair]
        keys = [WAITING, TAKEN, _caller(call_id)]
        if self._enter(keys=keys, args=[call_id, score, SIX_HOURS, *pairs]):
            self._tell("entered", call_id)

    def position(self, call_id: str) -> int | None:
        """1 is next; None when this caller does not wait (any more)."""
        rank = self._redis.zrank(WAITING, call_id)
        return None if rank is None else int(rank) + 1

    def usual_talk(self) -> float:
        """Seconds that agents talk to one caller, as the last talks had it."""
        talks = [float(seconds) for seconds in self._redis.lrange(TALKS, 0, 19)]
        return sum(talks) / len(talks) if talks else USUAL_TALK_SECONDS

    def claim(self, call_id: str, agent: str) -> bool:
        """Exactly one agent gets this caller, and an agent has one caller at a time."""
        keys = [WAITING, TAKEN, _caller(call_id), _agent(agent)]
        if not self._claim(keys=keys, args=[call_id, agent, self._now(), SIX_HOURS]):
            return False
        self._tell("claimed", call_id)
        return True

    def answered(self, call_id: str) -> None:
        """Agent and caller are talking."""
        if self._redis.zscore(TAKEN, call_id) is not None:
            self._redis.hset(_caller(call_id), mapping={"state": "talking", "talking_since": self._now()})
            self._tell("answered", call_id)

    def release(self, call_id: str, agent: str = "") -> bool:
        """Back into the queue, at the old place; with `agent`, only if she is the one who has the call."""
        if not self._release(keys=[WAITING, TAKEN, _caller(call_id), _agent("")], args=[call_id, agent]):
            return False
        self._tell("released", call_id)
        return True

    def leave(self, call_id: str, why: str = "") -> bool:
        """Gone: hung up, talked, or sent elsewhere; was she here? A claimed caller's way to the agent is no leaving."""
        if why in BRIDGING and self._redis.zscore(TAKEN, call_id) is not None:
            return False
        state, talking = self._redis.hmget(_caller(call_id), "state", "talking_since")
        gone = self._redis.zrem(WAITING, call_id) + self._redis.zrem(TAKEN, call_id)
        if state == "talking":
            self._redis.hset(_caller(call_id), mapping={"state": "after", "left": why})
            self._redis.expire(_caller(call_id), AFTERWARDS_SECONDS)
            self._redis.lpush(TALKS, self._now() - float(talking))
            self._redis.ltrim(TALKS, 0, 19)
        elif state != "after":
            self._forget(call_id)
        if gone:
            self._tell("left", call_id, why=why)
        return bool(gone)

    def talks_on(self, call_id: str) -> None:
        """She has not left after all: agent and caller are talking as before."""
        caller = self.find(call_id)
        if caller is None:
            return
        score = _score(caller.since.timestamp(), caller.reason)
        if self._talks_on(keys=[TAKEN, _caller(call_id), TALKS], args=[call_id, score, SIX_HOURS]):
            self._tell("answered", call_id)

    def belongs_to(self, call_id: str, customer: str) -> None:
        """Whom this caller is, as an agent has found out."""
        if self.find(call_id) is not None:
            self._redis.hset(_caller(call_id), "customer", customer)
            self._tell("named", call_id)

    def done(self, call_id: str) -> None:
        """The agent has finished with this caller, whatever the carrier still tells us."""
        self._redis.zrem(WAITING, call_id)
        self._redis.zrem(TAKEN, call_id)
        self._forget(call_id)
        self._tell("done", call_id)

    def list(self) -> tuple[Waiting, ...]:
        """Everybody who waits, in order."""
        return self._all(WAITING)

    def taken(self) -> tuple[Waiting, ...]:
        """Everybody who is with an agent, or on the way there."""
        return self._all(TAKEN)

    def find(self, call_id: str) -> Waiting | None:
        """This caller, waiting or taken."""
        told = self._redis.hgetall(_caller(call_id))
        return _waiting(call_id, told) if told.get("since") else None

    def with_agent(self, agent: str) -> Waiting | None:
        """The caller this agent has taken."""
        call_id = self._redis.get(_agent(agent))
        found = self.find(call_id) if call_id else None
        return found if found and found.agent == agent else None

    def events(self, heartbeat: float = 10.0) -> Iterator[dict[str, Any]]:
        """What changes at the desk, as it happens; `{}` after a quiet while, so that closed pages are noticed."""
        with self._redis.pubsub(ignore_subscribe_messages=True) as ears:
            ears.subscribe(EVENTS)
            yield {}
            quiet = 0.0
            while True:
                message = ears.get_message(timeout=1.0)
                quiet = 0.0 if message else quiet + 1.0
                if message:
                    yield json.loads(message["data"])
                elif quiet >= heartbeat:
                    quiet = 0.0
                    yield {}

    def tell(self, what: str) -> None:
        """Let open pages know that something else changed: who is on duty, which seats are held."""
        self._tell(what, "")

    def _all(self, key: str) -> tuple[Waiting, ...]:
        ids = self._redis.zrange(key, 0, 199)
        pipe = self._redis.pipeline(transaction=False)
        for call_id in ids:
            pipe.hgetall(_caller(call_id))
        found = zip(ids, pipe.execute(), strict=True)
        return tuple(_waiting(call_id, told) for call_id, told in found if told.get("since"))

    def _forget(self, call_id: str) -> None:
        agent = self._redis.hget(_caller(call_id), "agent")
        if agent and self._redis.get(_agent(agent)) == call_id:
            self._redis.delete(_agent(agent))
        self._redis.delete(_caller(call_id))

    def _tell(self, what: str, call_id: str, **more: str) -> None:
        self._redis.publish(EVENTS, json.dumps({"what": what, "call": call_id, **more}))

    def _now(self) -> float:
        return self._clock().timestamp()


Away = RedisError
"""What every question to the waiting room may raise when Redis is away."""


def _waiting(call_id: str, told: dict[str, str]) -> Waiting:
    return Waiting(
        call_id=call_id,
        caller=told.get("caller", ""),
        reason=told.get("reason", ""),
        language=told.get("language", "fr"),
        since=datetime.fromtimestamp(float(told["since"]), UTC),
        state=told.get("state", "waiting"),
        agent=told.get("agent", ""),
        taken_at=_moment(told.get("taken_at")),
        talking_since=_moment(told.get("talking_since")),
        customer=told.get("customer", ""),
        left=told.get("left", ""),
        summary=json.loads(told.get("summary") or "{}"),
    )


def _score(since: float, reason: str) -> float:
    """Her place in the line."""
    return since - (HEAD_START_SECONDS if reason in URGENT else 0)


def _moment(seconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None


def _caller(call_id: str) -> str:
    return f"desk:caller:{call_id}"


def _agent(agent: str) -> str:
    return f"desk:agent:{agent}"
