"""Sounds: a key by which words that sound alike in a language look alike, for names that were misheard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_TWICE = re.compile(r"(.)\1+")

Steps = tuple[tuple[str, str], ...]


@lru_cache(maxsize=20000)
def sound(text: str, steps: Steps) -> str:
    """The sound key of folded words, run together: what the language's `sounds.toml` makes of their letters."""
    key = " ".join(text.split())
    for old, new in steps:
        key = re.sub(old, new, key)
    return _TWICE.sub(r"\1", key.replace(" ", ""))


def sound_of(words: Iterable[str], steps: Steps) -> str:
    """The sound key of a row of words."""
    return sound(" ".join(words), steps)
