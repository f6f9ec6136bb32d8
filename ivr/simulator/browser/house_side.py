"""What a telephone on the house's own machine may know, and a real one never: what is said on a stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Overheard:
    """The question that is put now: its turn, and its sentences in the call's language."""

    turn: int
    language: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class HouseSide:
    """A stream carries sound alone: without the house's help nothing of it can be read, and no typed word heard."""

    overhear: Callable[[str], Overheard | None] = lambda call: None
    """From a call's id to the question that is put now; None when there is none. May take its time."""
    has_voice: Callable[[str, bool], None] = lambda call, speaks: None
    """Tells whether this call's caller speaks; who types is asked without a stream."""
