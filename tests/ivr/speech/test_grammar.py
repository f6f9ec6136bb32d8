"""Grammars as a model spells: compounds joined or split, stand-ins, and what cannot be heard."""

from __future__ import annotations

import pytest

from ivr.speech.aliases import spoken_aliases
from ivr.speech.grammar import build
from ivr.speech.matching import completeness, match
from ivr.speech.recogniser import Guess, NothingToHear, Question


def knowing(*words: str):
    """A model that knows these words."""
    return set(words).__contains__


def test_compound_numbers_are_joined_where_the_model_joins_them():
    """«vingt-quatre» is one word in one French model and two in another; both spellings are listened for."""
    one = build(["vingt quatre"], knowing("vingt-quatre", "vingt", "quatre"), "fr")
    other = build(["vingt-quatre"], knowing("vingt", "quatre"), "fr")

    assert one.phrases == ("vingt-quatre", "vingt quatre")
    assert other.phrases == ("vingt quatre",)
    assert one.restore("vingt-quatre") == other.restore("vingt quatre") == "vingt quatre"


def test_a_title_the_model_lacks_is_heard_by_its_stand_in():
    grammar = build(["giselle", "tosca"], knowing("gisèle", "tôt", "ce", "cas"), "fr", spoken_aliases("fr"))

    assert grammar.phrases == ("gisèle", "tôt ce cas")
    assert grammar.restore("gisèle") == "giselle"
    assert grammar.restore("deux places pour tôt ce cas") == "deux places pour tosca"


def test_a_word_without_stand_in_is_heard_in_pieces():
    grammar = build(["mayerling"], knowing("may", "erling"), "fr")

    assert grammar.phrases == ("may erling",)
    assert grammar.restore("may erling") == "mayerling"


def test_an_article_is_opened_or_left_out():
    assert build(["l'orchestre"], knowing("l'", "orchestre"), "fr").restore("l' orchestre") == "l'orchestre"
    assert build(["l'orchestre"], knowing("orchestre"), "fr").phrases == ("orchestre",)
    with pytest.raises(NothingToHear):
        build(["kat'a"], knowing("a"), "fr")


def test_what_cannot_be_heard_at_all_is_told_in_a_few_words():
    """Thousands of phrases have no place in a log."""
    with pytest.raises(NothingToHear, match=r"^fr: none of 3 phrases$"):
        build(["deux places", "la bohème", "oui"], knowing(), "fr")


def test_strange_words_of_a_model_never_come_into_a_grammar():
    """«<eps>» and «#0» are in every Kaldi word list; asked for, they are refused before the model is."""
    asked: list[str] = []
    with pytest.raises(NothingToHear):
        build(["#0", "", "  ", "§ 21"], lambda word: not asked.append(word), "fr")
    assert asked == []


QUESTION = Question(
    "fr",
    (
        "oui",
        "non",
        "deux",
        "deux places",
        "la bohème",
        "giselle",
        "samedi soir",
        "au parterre",
        "vingt",
        "vingt quatre",
    ),
)


@pytest.mark.parametrize(
    ("heard", "believed"),
    [
        ("oui", "oui"),
        ("la bo aime", "la bohème"),
        ("jizelle", "giselle"),
        ("deux places au parterre", "deux places au parterre"),
        ("deux places samedi soir euh", "deux places samedi soir"),
        ("la", ""),
        ("choucroute", ""),
        ("[unk] [unk] oui", ""),
        ("", ""),
    ],
)
def test_a_text_is_believed_when_it_is_near_one_answer_and_far_from_the_others(heard, believed):
    assert match(Guess(heard, 1.0), QUESTION).words == believed


def test_confidence_of_the_engine_is_never_taken_for_certainty():
    """Vosk says 1.0 of wrong words too."""
    assert match(Guess("oui", 1.0), QUESTION).confidence < 1
    assert match(Guess("[unk] oui", 1.0), QUESTION).confidence < match(Guess("oui", 1.0), QUESTION).confidence


def test_a_long_text_from_a_short_noise_is_invented():
    assert match(Guess("deux places au parterre", 1.0), QUESTION, span=8).words == ""


@pytest.mark.parametrize(
    ("words", "so_far"),
    [
        ("oui", "settled"),
        ("deux", "answer"),
        ("vingt", "answer"),
        ("vingt quatre", "settled"),
        ("la", "open"),
        ("", "open"),
    ],
)
def test_words_are_settled_when_nothing_could_follow(words, so_far):
    """«vingt» may become «vingt-quatre»; «oui» is all there is; «la» is nothing yet."""
    assert completeness(words, QUESTION) == so_far
