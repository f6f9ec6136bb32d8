"""Heard: what the caller did, whoever listened for us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """Keys, words or a recording; nothing at all is silence. A flow cannot know which telephone it came from."""

    keys: str = ""
    words: str = ""
    confidence: float | None = None
    """The recogniser's own opinion of `words`, 0 to 1; None when it gave none."""
    alternatives: tuple[str, ...] = ()
    """Other wordings the recogniser thought of, likeliest first."""
    recording: str = ""
    """Where a recording that was asked for can be fetched."""

    @property
    def is_silence(self) -> bool:
        """Did the caller let the time pass without a key, a word or a recording?"""
        return not (self.keys or self.words.strip() or self.recording)
