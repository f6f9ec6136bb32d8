"""How a verb can end: go on, go elsewhere, leave the queue, or end the call."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goto:
    """Ask this address and perform what it answers instead of the rest of this page."""

    url: str
    method: str = "POST"
    params: dict[str, str] = field(default_factory=dict)


class Ended(Exception):
    """The document ended the call; `status` is its final status."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


class Leaves(Exception):
    """The wait document took its caller out of the queue."""


class NotAllowedHere(Exception):
    """A verb that may not stand in this kind of document (a queue's wait document, a whisper)."""

    def __init__(self, verb: str) -> None:
        super().__init__(verb)
        self.verb = verb
