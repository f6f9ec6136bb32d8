"""Recent: the documents of the last second. On a busy evening many callers hear the very same question at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

A_BREATH = 1.0
"""Seconds after which all of it is forgotten: whatever a document is made of may have changed."""


class Recent:
    """Remembers what was written about something for a breath; safe for many threads, which at worst write twice."""

    def __init__(self, seconds: float = A_BREATH) -> None:
        self._seconds = seconds
        self._known: dict[Hashable, str] = {}
        self._until = 0.0

    def __call__(self, about: Hashable, write: Callable[[], str]) -> str:
        """What was written about this lately, or is written now."""
        now, known = time.monotonic(), self._known
        if now >= self._until:
            self._until, known = now + self._seconds, {}
            self._known = known
        text = known.get(about)
        if text is None:
            text = known[about] = write()
        return text
