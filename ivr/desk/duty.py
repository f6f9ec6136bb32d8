"""Duty: which agents have the desk open and are ready to take a caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.desk.queue import WaitingRoom

SEEN, PAUSED = "desk:seen", "desk:paused"
STILL_HERE_SECONDS = 60
LONG_WAIT_SECONDS = 600
"""A caller who would wait so long is offered to leave a message instead."""


@dataclass(frozen=True)
class OnDuty:
    """One agent at the desk: free, busy with a caller, or taking a pause."""

    name: str
    state: str


class Duty:
    """Who is free; an agent whose page has not been seen for a minute has gone."""

    def __init__(self, redis: Any, clock: Callable[[], datetime], room: WaitingRoom) -> None:
        self._redis, self._clock, self._room = redis, clock, room

    def seen(self, agent: str) -> None:
        """This agent's page is open."""
        self._redis.zadd(SEEN, {agent: self._clock().timestamp()})

    def gone(self, agent: str) -> None:
        """Signed out; that the desk is in use is remembered."""
        self._redis.zadd(SEEN, {agent: 0})

    def pause(self, agent: str, paused: bool) -> None:
        """Take a pause, or come back from it."""
        (self._redis.sadd if paused else self._redis.srem)(PAUSED, agent)
        self._room.tell("duty")

    def is_paused(self, agent: str) -> bool:
        """Does this agent take a pause?"""
        return bool(self._redis.sismember(PAUSED, agent))

    def agents(self) -> tuple[OnDuty, ...]:
        """Everybody at the desk, by name."""
        now = self._clock().timestamp()
        names = self._redis.zrangebyscore(SEEN, now - STILL_HERE_SECONDS, "+inf")
        paused, busy = self._redis.smembers(PAUSED), {caller.agent for caller in self._room.taken()}
        return tuple(
            OnDuty(name, "busy" if name in busy else "paused" if name in paused else "free") for name in sorted(names)
        )

    def available(self) -> int:
        """How many agents share the work: free ones and busy ones."""
        return sum(agent.state != "paused" for agent in self.agents())

    def condition(self) -> str:
        """How the desk is for one more caller: «open», «busy» (a long wait), «away» (nobody on duty), or «unused».

        Where nobody has ever opened the desk, people answer the queue otherwise, and nothing is known of them.
        """
        if not self._redis.exists(SEEN):
            return "unused"
        agents, ahead = self.available(), len(self._room.list())
        if not agents:
            return "away"
        return "busy" if self._room.usual_talk() * ahead / agents >= LONG_WAIT_SECONDS else "open"
