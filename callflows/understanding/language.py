"""Language: everything the files of one folder say, planted and ready; a new language is a new folder."""

from __future__ import annotations

import gc
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from callflows.understanding.grammar import Rule, Tree, literal_words, plant
from callflows.understanding.numbers import Numbers
from callflows.understanding.tokens import words_of

FOLDER = Path(__file__).parent


TELLING = ("weekday", "month")
"""Kinds of words that are part of a date wherever they stand."""


class UnknownLanguage(LookupError):
    """There is no folder for that language; carries its code and the known ones."""


@dataclass(frozen=True, eq=False)
class Language:
    """One language's rules, numbers and word lists."""

    code: str
    rules: tuple[Rule, ...]
    trees: Mapping[str, Tree]
    numbers: Numbers
    hesitations: frozenset[str]
    stutters: frozenset[str]
    fillers: frozenset[str]
    negations: frozenset[str]
    refusals: tuple[tuple[str, ...], ...]
    articles: frozenset[str]
    works: tuple[Mapping[str, Any], ...]
    people: Mapping[str, tuple[str, ...]]
    title_noise: frozenset[str]
    sounds: tuple[tuple[str, str], ...]
    telling: frozenset[str] = frozenset()
    """Numbers, weekdays and months: words that no gap of a rule swallows, and that are asked about when left unread."""
    known: frozenset[str] = frozenset()
    """Every word that a rule knows: no title is guessed from such words alone."""


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The codes of all languages that have a folder."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/numbers.toml")))


@lru_cache(maxsize=8)
def language(code: str, folder: Path = FOLDER) -> Language:
    """The language of that folder, read once; raises UnknownLanguage."""
    if not (folder / code / "numbers.toml").is_file():
        raise UnknownLanguage(code, languages(folder))
    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((folder / code).glob("*.toml"))}
    rules = tuple(rule for topic, data in files.items() for rule in _rules(data, topic))
    words, titles = files.get("words", {}), files.get("titles", {})
    hesitations, numbers = _words(words.get("hesitations")), Numbers.of(files["numbers"])
    with _nothing_thrown_away():
        trees = plant(rules, hesitations)
    return Language(
        code=code,
        rules=rules,
        trees=trees,
        numbers=numbers,
        known=frozenset(word for tree in trees.values() for word in literal_words(tree)),
        telling=numbers.telling
        | _words(say for rule in rules if rule.kind in TELLING for say in rule.says if say.isalpha()),
        hesitations=hesitations,
        stutters=_words(words.get("stutters")) - numbers.words,
        fillers=_words(words.get("fillers")),
        negations=_words(words.get("negations")),
        refusals=tuple(tuple(words_of(phrase)) for phrase in words.get("refusals", ())),
        articles=_words(words.get("articles")),
        works=tuple(titles.get("work", ())),
        people={name: tuple(said) for name, said in titles.get("people", {}).items()},
        title_noise=_words(titles.get("noise")),
        sounds=tuple((old, new) for old, new in files.get("sounds", {}).get("steps", ())),
    )


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """A hundred thousand nodes, all of which stay: looking for rubbish among them took longer than making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _words(texts: Any) -> frozenset[str]:
    return frozenset(word for text in texts or () for word in words_of(text))


def _rules(data: Mapping[str, Any], topic: str) -> Iterator[Rule]:
    """The rules of one file: its `[[rule]]` blocks, and a rule for every line of its `[words.…]` tables."""
    for entry in data.get("rule", ()):
        yield Rule(
            kind=entry.get("gives", data.get("gives", "slots")),
            says=tuple(entry["say"]),
            slots=entry.get("slots", {}),
            value=entry.get("value"),
            make=entry.get("make", ""),
            fixed=entry.get("with", {}),
            contexts=frozenset(entry.get("contexts", ())),
            not_contexts=frozenset(entry.get("not_contexts", ())),
            weight=entry.get("weight", data.get("weight", 0.0)),
            alone=entry.get("alone", False),
            topic=topic,
        )
    for kind, table in data.get("words", {}).items():
        for value, says in table.items():
            yield Rule(
                kind=kind, says=tuple(says), topic=topic, value=int(value) if value.lstrip("-").isdigit() else value
            )
    for word, number in data.get("ordinals", {}).items():
        yield Rule(kind="ordinal", says=(word,), value=number, topic=topic)
