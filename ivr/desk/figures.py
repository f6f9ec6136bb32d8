"""Figures: the queue and the team in numbers, for everybody at the desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from ivr.desk.duty import Duty
from ivr.desk.queue import WaitingRoom


@dataclass(frozen=True)
class Figures:
    """How many wait, since when the first, how long the last will (seconds), and how many agents share the work."""

    waiting: int
    urgent: int
    longest_since: datetime | None
    last_waits: int | None
    talking: int
    available: int
    by_state: dict[str, int]
    usual_talk: int


def figures(room: WaitingRoom, duty: Duty) -> Figures:
    """The numbers of this moment."""
    waiting, available = room.list(), duty.available()
    last = room.expected_wait(waiting[-1].call_id, available) if waiting else None
    return Figures(
        waiting=len(waiting), urgent=sum(caller.urgent for caller in waiting),
        longest_since=min((caller.since for caller in waiting), default=None), last_waits=last,
        talking=len(room.taken()), available=available,
        by_state=dict(Counter(agent.state for agent in duty.agents())), usual_talk=int(room.usual_talk()),
    )  # fmt: skip
