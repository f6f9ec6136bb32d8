"""What stands at the end of a leg: how long things last there, and who makes the sounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ivr.simulator.call import Call, Piece
    from ivr.simulator.sounds import Sounds


class Body(Protocol):
    """A telephone: plays pieces (taking their time), rings, answers or not."""

    async def play(self, call: Call, piece: Piece) -> None:
        """Let the person hear this piece; return when it is over."""

    async def ring(self, call: Call) -> str:
        """Ring; return «answer», «busy», «failed», or never («no-answer»)."""

    async def talk(self, call: Call) -> None:
        """Talk with whoever is bridged; return when this person hangs up."""

    def sound(self, call: Call, mulaw: bytes) -> None:
        """Sound for this person's ear."""


@dataclass(frozen=True)
class Durations:
    """How long a person must listen: seconds per spoken text and per played sound."""

    say: Callable[[str], float] = lambda text: 2.0
    play: Callable[[str], float] = lambda url: 1.0
    tone: float = 0.0
    """One key sent as a tone."""
    measured: bool = False
    """Do sounds last as long as their file does, where that can be told?"""

    def of(self, piece: Piece, sounds: Sounds) -> float:
        """Seconds this piece lasts."""
        if not piece.url:
            return self.say(piece.text)
        return (sounds.seconds(piece.url) if self.measured else None) or self.play(piece.url)


CONVENTION = Durations()
"""What conformance cases count with: a Say lasts 2 s, a Play 1 s."""

READ_ALOUD = Durations(say=lambda text: 0.3 + len(text) / 15, play=lambda url: 2.5, tone=0.1, measured=True)
"""Roughly how long a voice needs: fifteen letters a second."""


class Silent:
    """A person who listens and does only what is done through the call itself; answers at once when rung."""

    def __init__(self, durations: Durations = CONVENTION) -> None:
        self.durations = durations

    async def play(self, call: Call, piece: Piece) -> None:
        """The piece's time passes."""
        await asyncio.sleep(self.durations.of(piece, call.carrier.sounds))

    async def ring(self, call: Call) -> str:
        """Picked up at once."""
        return "answer"

    async def talk(self, call: Call) -> None:
        """Talks until the other side has had enough."""
        await asyncio.Event().wait()

    def sound(self, call: Call, mulaw: bytes) -> None:
        """Nobody really listens."""


class FarEnd(Silent):
    """Somebody with a script: what happens when rung, after how many seconds, and how long they talk."""

    def __init__(
        self,
        outcome: str = "answer",
        after: float = 0.0,
        talk: float | None = None,
        durations: Durations = CONVENTION,
        *,
        from_bridge: bool = False,
    ) -> None:
        super().__init__(durations)
        self.outcome, self.after, self.seconds, self.from_bridge = outcome, after, talk, from_bridge

    async def ring(self, call: Call) -> str:
        """As the script says."""
        await asyncio.sleep(self.after)
        if self.outcome == "no-answer":
            await asyncio.Event().wait()
        return self.outcome

    async def talk(self, call: Call) -> None:
        """As long as the script says; `from_bridge` counts only once somebody is there to talk to."""
        while self.from_bridge and call.bridged_to is None:
            await call.moved.wait()
        if self.seconds is None:
            await asyncio.Event().wait()
        else:
            await asyncio.sleep(self.seconds)
