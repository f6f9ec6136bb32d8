"""Vocabulary: what may be said to a question, from the very data that understand the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import cycle
from typing import Any

from callflows.understanding.grammar import Rule
from callflows.understanding.language import FOLDER, Language, language
from callflows.understanding.patterns import GAP, examples_of
from callflows.understanding.programme import Programme

EVERYWHERE = ("commands",)
TOPICS: Mapping[str, tuple[str, ...]] = {
    "main_menu": ("intents", "dates", "quantity", "places", "yes_no"),
    "ask_production": ("quantity", "dates"),
    "ask_date": ("dates", "numbers"),
    "ask_time": ("times", "numbers", "dates"),
    "ask_performance": ("choices", "dates", "times", "numbers"),
    "ask_quantity": ("quantity", "numbers"),
    "ask_seats": ("places", "prices", "quantity", "numbers"),
    "confirm": ("yes_no", "dates", "quantity", "places"),
    "ask_phone": ("numbers",),
    "ask_order_ref": ("numbers",),
    "ask_tariff": ("tariffs", "numbers"),
    "ask_collection": ("tariffs",),
    "any": ("intents", "yes_no", "dates", "quantity", "places", "prices", "numbers"),
}
"""Which files of a language answer which question; an unknown question gets those of `any`."""
SPEAK_OF_TITLES = ("main_menu", "ask_production", "any", "confirm")


def vocabulary(
    context: str, *, language: str, programme: Programme, options: Sequence[Mapping[str, Any]] = ()
) -> tuple[str, ...]:
    """Phrases that answer the question, the everywhere words among them, each once, as written in the data.

    Every word that can answer is in at least one phrase; for a recogniser's grammar and for TwiML hints.
    Raises UnknownLanguage.
    """
    phrases = [*_of_topics(context, language)]
    if context in SPEAK_OF_TITLES:
        phrases = [*_titles(language, programme), *phrases]
    return tuple(dict.fromkeys([*_days_of(options, language), *phrases]))


def unknown_words(phrases: Iterable[str], knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The words of these phrases that a recogniser's model lacks, each once, sorted."""
    return tuple(sorted({word for phrase in phrases for word in phrase.split() if not knows(word)}))


@lru_cache(maxsize=64)
def _of_topics(context: str, code: str) -> tuple[str, ...]:
    """The phrases of the files that matter, without gaps and with examples for every <name>."""
    lang = language(code, FOLDER)
    topics = {*TOPICS.get(context, TOPICS["any"]), *EVERYWHERE}
    rules = [rule for rule in lang.rules if (rule.topic in topics or _calls_a_person(rule)) and rule.applies(context)]
    phrases = [phrase for rule in rules for say in rule.says for phrase in _spoken(say, lang)]
    return tuple(dict.fromkeys([*_numbers(lang, topics), *phrases]))


def _calls_a_person(rule: Rule) -> bool:
    """The welcome promises that «conseiller» is heard at any time, so it belongs to every question."""
    return rule.slots.get("intent") == "agent"


def _spoken(say: str, lang: Language) -> list[str]:
    """A pattern's examples; a gap parts a phrase in two."""
    phrases: list[str] = []
    for way in examples_of(say):
        names = {name: cycle(_words_for(name, lang)) for name in way if name[0] == "<"}
        words = [next(names[word]) if word in names else "\n" if word == GAP else word for word in way]
        phrases += [" ".join(part.split()) for part in " ".join(words).split("\n") if part.strip()]
    return phrases


@lru_cache(maxsize=256)
def _words_for(name: str, lang: Language) -> tuple[str, ...]:
    """Words that stand for a <name>: those of its word list, or a gap."""
    kind = name.strip("<>").rstrip("0123456789")
    said = tuple(say for rule in lang.rules if rule.kind == kind and rule.value is not None for say in rule.says)
    return tuple(phrase for say in said for phrase in (" ".join(way) for way in examples_of(say))) or ("\n",)


def _numbers(lang: Language, topics: set[str]) -> list[str]:
    """Every number word once, where numbers are spoken."""
    return sorted(lang.numbers.spoken) if topics & {"numbers", "dates", "quantity", "prices", "times"} else []


def _titles(code: str, programme: Programme) -> list[str]:
    """The programme's titles, what they are also called, and their makers."""
    lang = language(code, FOLDER)
    names = [name for show in programme.shows for name in (*show.names, *show.makers)]
    wanted = {name.lower() for name in names}
    known = [
        said
        for work in lang.works
        if wanted & {name.lower() for name in work["names"]}
        for said in (*work["names"], *work.get("said", ()))
    ]
    return [" ".join(name.lower().replace("/", " ").split()) for name in dict.fromkeys([*names, *known])]


def _days_of(options: Sequence[Mapping[str, Any]], code: str) -> list[str]:
    """The days and months of the dates that were read out."""
    lang = language(code, FOLDER)
    phrases: list[str] = []
    for option in options:
        day = date.fromisoformat(option["date"])
        phrases += [_word(lang.rules, "month", day.month), _word(lang.rules, "weekday", _CODES[day.weekday()])]
    return [phrase for phrase in dict.fromkeys(phrases) if phrase]


_CODES = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")


def _word(rules: Iterable[Rule], kind: str, value: Any) -> str:
    return next((rule.says[0] for rule in rules if rule.kind == kind and rule.value == value), "")
