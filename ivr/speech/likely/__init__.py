"""What callers say most often to a question, likeliest first, one file per language."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path


def likely_phrases(context: str, language: str) -> tuple[str, ...]:
    """The likeliest answers to this question, then what works everywhere; nothing without a file."""
    known = _read(language[:2])
    return (*known.get(context, known.get("any", ())), *known.get("everywhere", ()))


@lru_cache(maxsize=8)
def _read(language: str) -> dict[str, tuple[str, ...]]:
    path = Path(__file__).parent / f"{language}.toml"
    if not path.exists():
        return {}
    return {context: tuple(said) for context, said in tomllib.loads(path.read_text(encoding="utf-8")).items()}
