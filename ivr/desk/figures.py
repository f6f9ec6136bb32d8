"""Figures: the queue and the team in numbers, for everybody at the desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from ivr.desk.duty import Duty
from ivr.desk.queue import WaitingRoom


@dataclass(frozen=True)
class Figures:
    """How many wait, since when the first, and how many agents share the work; times in seconds."""

    waiting: int
    urgent: int
    longest_since: datetime | None
    talking: int
    available: int
    by_state: dict[str, int]
    usual_talk: int

    def expected_wait(self, position: int) -> int:
        """Seconds until the caller at this place (1 is next) has her turn."""
        return int(self.usual_talk * position / max(1, self.available))

    @property
    def last_waits(self) -> int | None:
        """Seconds that whoever came last will wait; None when nobody does."""
        return self.expected_wait(self.waiting) if self.waiting else None


def figures(room: WaitingRoom, duty: Duty) -> Figures:
    """The numbers of this moment."""
    waiting, available = room.list(), duty.available()
    return Figures(
        waiting=len(waiting), urgent=sum(caller.urgent for caller in waiting),
        longest_since=min((caller.since for caller in waiting), default=None),
        talking=len(room.taken()), available=available,
        by_state=dict(Counter(agent.state for agent in duty.agents())), usual_talk=int(room.usual_talk()),
    )  # fmt: skip
