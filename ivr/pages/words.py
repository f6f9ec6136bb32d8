"""The sentences of the pages, one small file per language; French when nothing else fits."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("words")
FIRST_LANGUAGE = "fr"
_BEFORE_A_SIGN = re.compile(r" (?=[:;?!»])|(?<=«) ")


@dataclass(frozen=True)
class Words:
    """One language's sentences by key; a missing one is taken from French, and last of all is its own key."""

    language: str
    sentences: dict[str, str]

    def __call__(self, key: str, **slots: Any) -> str:
        """The sentence; with a slot `count`, `key.one` is preferred for a single thing."""
        if slots.get("count") in (0, 1) and (single := self.sentences.get(f"{key}.one")):
            return single.format(**slots)
        sentence = self.sentences.get(key)
        return sentence.format(**slots) if sentence is not None else key

    def known(self, key: str, otherwise: str) -> str:
        """The sentence for a key that may not be there: a reason or a slot that a newer flow has brought."""
        return self.sentences.get(key, otherwise)


def languages() -> tuple[str, ...]:
    """Every language with a file, French first."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda language: language != FIRST_LANGUAGE))


@cache
def words(language: str) -> Words:
    """The sentences of a language, with French behind them."""
    return Words(language, {**_read(FIRST_LANGUAGE), **_read(language)})


def _read(language: str) -> dict[str, str]:
    path = FOLDER / f"{language}.toml"
    return _flat(tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _flat(table: dict[str, Any], before: str = "") -> dict[str, str]:
    """`[desk] take = …` is known as `desk.take`."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": _bound(str(value))}
    return flat


def _bound(sentence: str) -> str:
    """A French sign that stands off its word never begins a line: its blank is one that does not break."""
    return _BEFORE_A_SIGN.sub("\u00a0", sentence)
