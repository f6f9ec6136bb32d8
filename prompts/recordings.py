"""What the voice needs of others: published recordings, and somebody who speaks what has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Piece:
    """One thing to play or to read: its words, their language, and the address of its recording if there is one."""

    text: str
    language: str
    take: str | None = None


class Recordings(Protocol):
    """Where the voice finds published takes."""

    @property
    def revision(self) -> int:
        """What is published now, as a number."""

    def at(self, revision: int | None = None) -> Recordings:
        """What was published at that revision, or is now; it stays so whatever is published later."""

    def address(self, key: str, language: str, text: str) -> str | None:
        """Where the published take of this key is heard, if it says these words."""

    def words(self, key: str, language: str) -> str | None:
        """What the published take of this key says, if there is one."""

    def sound(self, address: str) -> bytes:
        """The raw µ-law of a take."""


class Speaker(Protocol):
    """A synthetic voice."""

    def speak(self, text: str, language: str) -> bytes:
        """Raw µ-law at 8 kHz."""


class NoRecordings:
    """Nothing has been recorded yet."""

    revision = 0

    def at(self, revision: int | None = None) -> Recordings:
        """Itself."""
        return self

    def words(self, key: str, language: str) -> str | None:
        """Nothing, always."""
        return None

    def sound(self, address: str) -> bytes:
        """There is none to hear."""
        raise KeyError(address)

    def address(self, key: str, language: str, text: str) -> str | None:
        """Nothing, always."""
        return None
