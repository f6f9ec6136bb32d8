"""How numbers, prices, dates, rows and lists are said; one file a language, found by its name.

A new language is a new file `prompts/phrases/<code>.py` that ends with `phrases = …()`, and a `wording/<code>.toml`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from prompts.phrases.common import PAUSE, Phrases, Words, joined, take_key

__all__ = ["PAUSE", "NoPhrases", "Phrases", "Words", "joined", "phrases_of", "take_key"]


class NoPhrases(LookupError):
    """No file in this folder speaks this language."""


@cache
def phrases_of(language: str) -> Phrases:
    """The grammar of a language; raises NoPhrases."""
    module = f"{__name__}.{language}"
    if not language.isalpha() or language == "common" or find_spec(module) is None:
        raise NoPhrases(language)
    phrases = import_module(module).phrases
    assert isinstance(phrases, Phrases)
    return phrases
