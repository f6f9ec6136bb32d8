"""Bridge: two legs that hear each other until one of them goes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ivr.simulator.call import Call


@dataclass(eq=False)
class Bridge:
    """`ready` when both may talk, `over` when either has left."""

    near: Call
    far: Call
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    since: float | None = None

    def join(self) -> None:
        """Both talk from now on."""
        self.since = self.near.now()
        self.near.bridged_to, self.far.bridged_to = self.far, self.near
        self.ready.set()
        self.near.change()
        self.far.change()

    def part(self) -> None:
        """It is over for both; harmless when repeated."""
        if self.over.is_set():
            return
        self.over.set()
        self.ready.set()
        for leg in (self.near, self.far):
            leg.bridged_to = None
            leg.change()

    @property
    def was_joined(self) -> bool:
        """Did the two ever talk?"""
        return self.since is not None

    def seconds(self) -> int:
        """Whole seconds of talk so far."""
        return 0 if self.since is None else int(self.near.now() - self.since + 1e-9)
