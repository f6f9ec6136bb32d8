"""Intents: what a caller is calling about; the most telling words of the sentence decide."""

from __future__ import annotations

from collections.abc import Sequence

from callflows.understanding.grammar import Match


def best_intent(matches: Sequence[Match], words: Sequence[str]) -> Match | None:
    """The intent whose rule weighs most, then the longest; `alone` rules count only when nothing else was said."""
    usable = [match for match in matches if not match.rule.alone or match.end - match.start >= len(words)]
    if not usable:
        return None
    return max(usable, key=lambda match: (match.rule.weight, match.end - match.start, -match.start))
