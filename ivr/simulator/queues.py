"""Queue: callers in the order they came, and those who take the first one out."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ivr.simulator.call import Call
    from ivr.simulator.carrier import Carrier

MOST_CALLERS = 100


@dataclass(eq=False)
class Member:
    """One caller who waits, and the future that says who took them out."""

    call: Call
    since: float
    taken: asyncio.Future[Any]
    waited: float = 0.0
    """Whole seconds at the moment of leaving."""


@dataclass(eq=False)
class Queue:
    """First come, first served (Twilio docs, «Queue resource»)."""

    carrier: Carrier
    sid: str
    name: str
    most: int = MOST_CALLERS
    members: list[Member] = field(default_factory=list)
    takers: deque[asyncio.Future[Member]] = field(default_factory=deque)
    since: float = 0.0

    def __post_init__(self) -> None:
        self.since = self.carrier.loop.time()

    def join(self, call: Call) -> Member | None:
        """Wait at the end; None when the queue is full."""
        if len(self.members) >= self.most:
            return None
        member = Member(call, call.now(), self.carrier.loop.create_future())
        self.members.append(member)
        self._match()
        return member

    def leave(self, member: Member) -> None:
        """Out of the line, for whatever reason."""
        if member in self.members:
            self.members.remove(member)
            member.waited = self.carrier.loop.time() - member.since

    def position(self, member: Member) -> int:
        """1 for the first in line."""
        return self.members.index(member) + 1 if member in self.members else 0

    def average_wait(self) -> float:
        """Mean seconds waited so far by those who wait now; 0 for nobody."""
        now = self.carrier.loop.time()
        return sum(now - member.since for member in self.members) / len(self.members) if self.members else 0.0

    async def take(self) -> Member:
        """The first in line, at once or when somebody comes."""
        taker: asyncio.Future[Member] = self.carrier.loop.create_future()
        self.takers.append(taker)
        self._match()
        try:
            return await taker
        finally:
            if taker in self.takers:
                self.takers.remove(taker)

    def take_now(self, call_sid: str) -> Member | None:
        """That caller, or the first for «Front», out of the line for the REST API."""
        for member in self.members:
            if call_sid in {"Front", member.call.sid}:
                self.leave(member)
                return member
        return None

    def _match(self) -> None:
        while self.members and self.takers:
            taker = self.takers.popleft()
            if taker.done():
                continue
            member = self.members[0]
            self.leave(member)
            taker.set_result(member)
