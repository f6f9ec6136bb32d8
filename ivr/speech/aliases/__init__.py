"""Spoken stand-ins for words that a model does not know, and how to say names; one file per language each."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

ENDINGS = "endings"
"""The table of a language's file that is no word: endings that are spelt otherwise and said alike."""


def spoken_aliases(language: str) -> dict[str, tuple[str, ...]]:
    """Word or title -> what may stand for it, likeliest first; empty for a language without a file."""
    return {word: tuple(stand_ins) for word, stand_ins in _read(language[:2]).items() if word != ENDINGS}


def sounding_endings(language: str) -> dict[str, tuple[str, ...]]:
    """Ending -> endings that sound the same («ez»: «er», «é»); empty for a language without them."""
    return {ending: tuple(others) for ending, others in _read(language[:2]).get(ENDINGS, {}).items()}


@lru_cache(maxsize=8)
def _read(language: str) -> dict[str, Any]:
    path = Path(__file__).parent / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@lru_cache(maxsize=8)
def pronunciations(language: str) -> dict[str, tuple[str, ...]]:
    """Word without accents -> the ways it is said, in the phones of the model's dictionary; for engines that learn."""
    path = Path(__file__).parent / f"{language[:2]}_sounds.toml"
    if not path.exists():
        return {}
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {word: tuple(sounds) for word, sounds in found.items()}
