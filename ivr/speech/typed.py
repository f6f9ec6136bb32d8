"""Keys: those typed ahead wait for their question, the others make its answer."""

from __future__ import annotations

from collections import deque

from ivr.speech.recogniser import Question

MOST_TYPED_AHEAD = 40
"""Keys kept for later questions; more is a storm."""


class Typed:
    """What one caller has typed in the whole call, and the entry she is making now."""

    def __init__(self) -> None:
        self._ahead: deque[str] = deque(maxlen=MOST_TYPED_AHEAD)
        self.entry = ""
        self._between = 0

    def begin(self) -> None:
        """A new question, a new entry."""
        self.entry, self._between = "", 0

    def press(self, key: str) -> None:
        """One key, whenever it comes."""
        self._ahead.append(key)

    def answer(self, question: Question) -> str:
        """The keys that answer the question, "" while they are not all there; what comes after them waits."""
        while self._ahead:
            self._between = 0
            key = self._ahead.popleft()
            if key == "#" and self.entry and question.digits != 1:
                return self.entry
            self.entry += key
            if key == "#" or len(self.entry) == question.digits:
                return self.entry
        return ""

    def waited(self, between_keys: int) -> str:
        """A frame went by; the entry, when no further key comes after so many."""
        self._between += 1
        return self.entry if self._between >= between_keys else ""
