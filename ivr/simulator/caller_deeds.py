"""What the person at the end of a line does, as events that verbs listen for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """One key of the keypad."""

    key: str


@dataclass(frozen=True)
class SoundBegan:
    """The caller began to make a sound: speech, or anything."""


@dataclass(frozen=True)
class Partial:
    """What the recogniser thinks so far."""

    words: str
    stability: float = 0.5


@dataclass(frozen=True)
class SoundEnded:
    """The caller fell silent; `words` is what was understood, empty for mere sound."""

    words: str = ""
    confidence: float | None = None


Deed = Key | SoundBegan | Partial | SoundEnded
