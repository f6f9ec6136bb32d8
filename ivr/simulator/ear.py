"""Ear: a person who listens to real sound and knows when the other side has fallen silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivr.simulator.body import CONVENTION, Durations, Silent

if TYPE_CHECKING:
    from ivr.simulator.call import Call

QUIET = frozenset(b"\xff\x7f\xfe\x7e\xfd\x7d")
"""µ-law bytes that nobody hears."""


class Ear(Silent):
    """Notes when something was last heard on a stream or a bridge; what exactly is nobody's business here."""

    def __init__(self, durations: Durations = CONVENTION) -> None:
        super().__init__(durations)
        self.heard_at: float | None = None
        """The moment of the last sound, on the network's clock."""
        self.seconds = 0.0
        """How much was heard so far."""

    def sound(self, call: Call, mulaw: bytes) -> None:
        """A piece of sound, loud or not."""
        if not QUIET.issuperset(mulaw):
            self.heard_at = call.now()
            self.seconds += len(mulaw) / 8000
