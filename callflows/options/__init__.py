"""Options in words: how callers name the choices of a question; a language is a file, and a linguist may add lines.

Only what is said *of this very question* stands here («une autre date», «la liste», «non merci»); what a sentence means
everywhere is the understanding's affair.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
MOST_WORDS_BESIDE = 3
"""«Euh alors une autre date s'il vous plaît» still names the option; a whole sentence does not."""


def words_for(option: str, language: str) -> tuple[str, ...]:
    """The ways to name an option such as `change.date`; none for a language that has no file."""
    question, _, name = option.partition(".")
    found: Sequence[str] = _file(language).get(question, {}).get(name, ())
    return tuple(found)


def named(words: str, options: Sequence[dict[str, Any]], language: str) -> dict[str, Any] | None:
    """The option that these words name: by one of its own phrases, or by its key as a word («trois»)."""
    said = _plain(words)
    keys = _file(language).get("keys", {})
    days = {int(option["date"][8:]) for option in options if option.get("date")}
    for option in options:
        if option["key"].isdecimal() and int(option["key"]) in days:
            continue  # «le trois» is the third of the month, not key 3, when such a day was read out
        if option["key"] and said in (_plain(word) for word in keys.get(option["key"], ())):
            return option
    found = [(len(phrase), option) for option in options for phrase in option["words"] if _names(said, _plain(phrase))]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def greets(words: str, language: str) -> bool:
    """Is it a greeting and nothing else («allô ? bonjour madame»)?"""
    return _greetings(language).fullmatch(_plain(words)) is not None


@lru_cache(maxsize=16)
def _greetings(language: str) -> re.Pattern[str]:
    """One or several of the greetings in a row."""
    either = "|".join(re.escape(_plain(phrase)) for phrase in words_for("greeting.words", language)) or "(?!)"
    return re.compile(f"(?:{either})(?: (?:{either}))*")


def _names(said: str, phrase: str) -> bool:
    beside, length = len(said.split()) - len(phrase.split()), len(phrase.split())
    most = MOST_WORDS_BESIDE if length > 1 else 0  # a single word must be the whole answer
    return length > 0 and f" {phrase} " in f" {said} " and beside <= most


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.casefold().replace("’", "'").replace("'", " "))
    return " ".join(re.sub(r"[^\w ]", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


@lru_cache(maxsize=16)
def _file(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
