"""Meaning: what a caller said, as slots, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Certainty = Literal["sure", "unsure", "unclear"]

SURE = 0.75
"""From here on a meaning is only echoed in the next prompt."""
UNSURE = 0.40
"""From here on it is confirmed first; below, the question is asked again."""


@dataclass(frozen=True)
class Meaning:
    """Slots by the names of the house, JSON throughout; `no_meaning` stands alone when nothing was understood."""

    slots: dict[str, Any] = field(default_factory=dict)
    confidence: float = 0.0
    """0 to 1, of the words and of the recogniser together."""
    unsure: tuple[str, ...] = ()
    """Slots that were understood, but should be confirmed whatever the confidence."""
    candidates: tuple[Any, ...] = ()
    """Production ids or values between which `clarify` asks."""
    distress: bool = False
    """Somebody needs help: a person, at once."""

    @property
    def understood(self) -> bool:
        """Did the words say anything that the house knows?"""
        return bool(self.slots) and "no_meaning" not in self.slots

    @property
    def clarify(self) -> str | None:
        """The slot to ask back about, if the words were ambiguous."""
        found = self.slots.get("clarify")
        return found if isinstance(found, str) else None


def certainty(meaning: Meaning) -> Certainty:
    """Echo it («sure»), confirm it first («unsure») or ask again («unclear»)."""
    if not meaning.understood or meaning.confidence < UNSURE:
        return "unclear"
    return "sure" if meaning.confidence >= SURE and not meaning.unsure else "unsure"
