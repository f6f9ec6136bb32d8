"""What came of one case: everything that an expectation can ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.simulator.asking import Asked
from ivr.simulator.call import Call, Piece
from ivr.simulator.errors import Fault
from ivr.simulator.numbered import SCHEMA, VALUES


@dataclass
class Outcome:
    """The caller's call and everything around it, times counted from the first request."""

    call: Call
    others: list[Call]
    requests: list[Asked]
    """All of them, status and partial results too."""
    sockets: list[str] = field(default_factory=list)
    refusals: list[Fault] = field(default_factory=list)
    lints: list[str] = field(default_factory=list)

    @property
    def twiml_requests(self) -> list[Asked]:
        """Those whose answers are performed."""
        return [asked for asked in self.requests if asked.kind == "twiml"]

    @property
    def heard(self) -> list[Piece]:
        """The texts and sounds that the caller heard, in order; cut pieces included."""
        return [piece for piece in self.call.heard if not piece.tone]

    @property
    def tones(self) -> str:
        """The keys that were sent to the caller as tones."""
        return "".join(piece.text.strip("[]") for piece in self.call.heard if piece.tone)

    @property
    def codes(self) -> list[int]:
        """The numbers of all errors and warnings, of every leg and of the REST API; a wrong value is also a 12200."""
        faults = [fault for call in [self.call, *self.others] for fault in call.faults] + self.refusals
        codes = [fault.code for fault in faults]
        return codes + [SCHEMA for code in codes if code in VALUES]
