"""Incoming: a call as it arrives, before anything was said."""

from __future__ import annotations

from dataclasses import dataclass

BEGINNING = -1
"""The turn that a new call answers: nothing was asked yet."""


@dataclass(frozen=True)
class Incoming:
    """Which call, from whom (E.164, or empty for a hidden number), to whom."""

    call_id: str
    caller: str = ""
    called: str = ""
    language: str = ""
