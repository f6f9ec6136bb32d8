"""What people say around an answer: one file per language, of words before and behind it and of whole sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"(?<![<\w'])[a-z][a-z']*(?![\w'>])")


@dataclass(frozen=True)
class Sentences:
    """The sentences of one language, in JSGF's notation; all empty for a language without a file."""

    opening: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words before an answer, for each context; `any` where none are written."""
    closing: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    contexts: Mapping[str, str] = field(default_factory=dict)
    before: float = 0.0
    behind: float = 0.0
    sentence: float = 0.0

    def openings(self, context: str) -> tuple[str, ...]:
        """What may come before an answer to this question."""
        own = self.opening.get(context, ())
        return own if context == "confirm" else (*self.opening.get("any", ()), *own)

    @property
    def words(self) -> frozenset[str]:
        """Every word that the file itself names."""
        texts = [*self.closing, *self.rules.values(), *self.contexts.values()]
        return frozenset(_WORD.findall(" ".join([*texts, *(" ".join(each) for each in self.opening.values())])))


@lru_cache(maxsize=8)
def sentences(language: str) -> Sentences:
    """The language's file."""
    path = Path(__file__).parent / f"{language[:2]}.toml"
    return Sentences(**tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else Sentences()
