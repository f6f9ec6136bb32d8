"""Spoken stand-ins for words that a model does not know, one file per language; a house adds its own."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def spoken_aliases(language: str) -> dict[str, tuple[str, ...]]:
    """Word or title -> what may stand for it, likeliest first; empty for a language without a file."""
    path = Path(__file__).parent / f"{language[:2]}.toml"
    if not path.exists():
        return {}
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {word: tuple(stand_ins) for word, stand_ins in found.items()}
