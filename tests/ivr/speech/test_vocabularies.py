"""Can callers be heard by models that lack half the titles? Tried on what typical word lists have and lack."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from booking import read_season
from callflows.understanding import Programme, understand, vocabulary
from callflows.understanding.vocabulary import TOPICS
from ivr.speech.aliases import sounding_endings, spoken_aliases
from ivr.speech.grammar import Grammar, build, lost
from ivr.speech.likely import likely_phrases
from ivr.speech.numerals import in_words
from ivr.speech.sounds import plain

LISTS = tomllib.loads((Path(__file__).parent / "vocabularies.toml").read_text(encoding="utf-8"))
SAVED = sorted((Path(__file__).parents[2] / "saved_calls").rglob("*.json"))
TODAY = date(2026, 11, 21)
PROGRAMME = Programme.of(read_season().productions)


@lru_cache
def questions(language: str) -> dict[str, str]:
    """Every phrase of every question, and a question that it answers."""
    return {
        plain(in_words(phrase, language)): context
        for context in reversed(TOPICS)
        for phrase in (
            *likely_phrases(context, language),
            *vocabulary(context, language=language, programme=PROGRAMME),
        )
    }


def model(name: str) -> Callable[[str], bool]:
    """A model with the words of such a list."""
    needed = {word for phrase in questions(name[:2]) for word in phrase.split()} | offered()
    known = (needed - {*LISTS[name]["lacks"].split()}) | {*LISTS[name]["has"].split()}
    return known.__contains__


@lru_cache
def offered() -> frozenset[str]:
    """The words of the choices that questions name."""
    return frozenset(word for phrase in choices() for word in phrase.split())


@lru_cache
def choices() -> tuple[str, ...]:
    """What the saved calls' questions offer in words: titles, dates, categories, parts of a hall, changes."""
    asked = [json.loads(path.read_text(encoding="utf-8"))["asked"] for path in SAVED]
    options = [option for each in asked for option in each.get("options", ())]
    return tuple(dict.fromkeys(plain(in_words(word, "fr")) for option in options for word in option["words"]))


@lru_cache
def grammar(name: str) -> Grammar:
    """Everything that may ever be said, on such a model."""
    return build(questions(name[:2]), model(name), name[:2], spoken_aliases(name[:2]))


def meaning(phrase: str, language: str) -> str:
    """What the phrase says as an answer to its question."""
    context = questions(language)[phrase]
    meant = understand(phrase, language=language, context=context, programme=PROGRAMME, today=TODAY)
    return json.dumps(meant.slots, sort_keys=True, default=str)


@pytest.mark.parametrize("name", LISTS)
def test_no_meaning_is_lost(name):
    """A phrase may go unheard only where another one that says the same is heard."""
    language, built = name[:2], grammar(name)
    gone = lost(questions(language), built.unheard, language)

    missing = {meaning(phrase, language): phrase for phrase in gone}
    for phrase in {*questions(language)} - {*built.unheard}:
        if not missing:
            break
        missing.pop(meaning(phrase, language), None)

    assert missing == {}
    assert len(gone) < 0.02 * len(questions(language))


@pytest.mark.parametrize("name", LISTS)
def test_every_title_is_heard_as_it_is_spelt(name):
    """In French by all; an English caller may say the French title, of which one or two are beyond an English model."""
    titles = [plain(show.title) for show in PROGRAMME.shows if any(letter.isalpha() for letter in show.title)]

    assert [title for title in titles if title in grammar(name).unheard] == []


def test_titles_would_be_lost_without_their_stand_ins():
    """The control: «tosca» and «giselle» are in no such list, and are heard all the same."""
    bare = build(questions("fr"), model("fr_ninety_thousand"), "fr")

    assert {"così fan tutte", "mayerling", "káťa kabanová"} <= {*bare.unheard}
    assert {"tosca", "giselle"} & {*LISTS["fr_ninety_thousand"]["lacks"].split()} == {"tosca", "giselle"}


@pytest.mark.parametrize("name", ["fr_ninety_thousand", "fr_sixty_thousand"])
def test_what_questions_offer_in_words_is_heard(name):
    built = build(choices(), model(name), "fr", spoken_aliases("fr"))

    assert lost(choices(), built.unheard, "fr") == ()


@pytest.mark.parametrize("name", LISTS)
def test_a_stand_in_is_given_back_as_what_it_means(name):
    """Every stand-in that is an answer by itself comes back as its word; ordinary words stay as they are."""
    built = grammar(name)

    assert all(built.restore(spoken) == meant for spoken, meant in built.meant.items())
    assert "" not in built.meant
    assert not {*built.meant} & {*questions(name[:2])}


@pytest.mark.parametrize(
    ("word", "known", "heard"),
    [
        ("j'ai", ("j'", "ai"), "j' ai"),
        ("d'orchestre", ("d'", "orchestre"), "d' orchestre"),
        ("l'an", ("an",), ""),
        ("jusqu'en", ("jusqu'", "en"), "jusqu' en"),
        ("échangez", ("échanger",), "échanger"),
        ("abonnées", ("abonnés",), "abonnés"),
        ("premières", ("premier",), ""),
        ("opératrice", ("opé", "rat", "ice", "opéra", "trice"), "opéra trice"),
        ("opératrice", ("opé", "rat", "ion"), ""),
    ],
)
def test_words_are_heard_by_what_sounds_alike(word, known, heard):
    """Elisions apart, endings that are said alike, pieces by sound; what would sound otherwise is left out."""
    built = build([word, "oui"], {*known, "oui"}.__contains__, "fr")

    assert built.phrases == ((heard, "oui") if heard else ("oui",))
    assert built.unheard == (() if heard else (word,))


def test_a_stand_in_that_is_itself_an_answer_is_not_taken_for_another():
    """«titre» stands in for «titré», but whoever says «titre» means it."""
    built = build(["titré", "titre"], {"titre"}.__contains__, "fr")

    assert built.restore("titre") == "titre"


def test_every_ending_that_is_said_to_sound_alike_has_a_word_where_it_does():
    assert {"ez", "er", "é"} <= {*sounding_endings("fr")}
    assert sounding_endings("xx") == {}
