"""What the understanding promises: many slots at once, corrections, certainty, help, and calm before nonsense."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.understanding import Meaning, Programme, UnknownLanguage, certainty, languages, understand
from callflows.understanding.scoring import read_lines

Hear = Callable[..., Meaning]
CORPUS = Path(__file__).parent / "corpus"
CONTEXTS = ("main_menu", "ask_production", "ask_date", "ask_time", "ask_performance", "ask_quantity", "ask_seats",
            "confirm", "ask_phone", "ask_order_ref", "ask_tariff", "ask_collection", "any")


def test_five_slots_are_filled_by_one_sentence(hear: Hear) -> None:
    words = "bonjour je voudrais deux places pour la bohème samedi en huit plutôt au balcon pas trop cher"
    meaning = hear(words, "main_menu")
    wanted = {"intent": "book", "quantity": 2, "production": "la-boheme", "date": "2026-12-05", "section": "balcony",
              "price_level": "low"}
    assert wanted.items() <= meaning.slots.items()


@pytest.mark.parametrize(("words", "context", "slot", "value"), [
    ("non trois", "confirm", "quantity", 3),
    ("deux euh non trois places", "ask_quantity", "quantity", 3),
    ("carmen pardon tosca", "ask_production", "production", "tosca"),
    ("le douze enfin le treize", "ask_date", "date", "2026-12-13"),
    ("au parterre non au balcon", "ask_seats", "section", "balcony"),
    ("non pas carmen la tosca", "ask_production", "production", "tosca"),
])
def test_what_is_said_last_corrects_what_was_said_before(words: str, context: str, slot: str, value: Any,
                                                         hear: Hear) -> None:
    assert hear(words, context).slots[slot] == value


@pytest.mark.parametrize(("words", "slot"), [("trois ou quatre", "quantity"), ("carmen ou tosca", "production"),
                                             ("onéguine", "production"), ("lundi quinze décembre", "date")])
def test_what_may_mean_two_things_is_asked_back(words: str, slot: str, hear: Hear) -> None:
    context = {"quantity": "ask_quantity", "production": "ask_production", "date": "ask_date"}[slot]
    meaning = hear(words, context)
    assert meaning.clarify == slot and slot not in meaning.slots


def test_the_productions_to_choose_from_are_named(hear: Hear) -> None:
    assert set(hear("l'opéra de puccini", "ask_production").candidates) == {"la-boheme", "tosca"}


def test_a_title_that_is_not_played_is_understood_as_such(hear: Hear) -> None:
    assert hear("la flûte enchantée", "ask_production").slots == {"production": None}


@pytest.mark.parametrize("words", ["c'est pas le bon jour", "oui mais plutôt jeudi", "oui pardon non",
                                   "j'ai mal entendu",
                                   "oui et non", "d'accord mais au parterre", "oui sauf que je voulais quatre places",
                                   "je crois pas", "ça va pas", "la météo est bonne", "pas terrible", "je sais pas"])
def test_no_yes_is_taken_from_words_that_are_none(words: str, hear: Hear) -> None:
    assert hear(words, "confirm").slots.get("confirm") != "yes"


@pytest.mark.parametrize("words", ["pas de problème", "je dis pas non", "non non c'est bon", "pourquoi pas",
                                   "c'est pas de refus"])
def test_a_yes_is_heard_through_its_disguise(words: str, hear: Hear) -> None:
    assert hear(words, "confirm").slots == {"confirm": "yes"}


@pytest.mark.parametrize(("words", "language"), [
    ("au secours", "fr"), ("je fais un malaise", "fr"), ("mon mari ne respire plus", "fr"), ("call an ambulance", "en"),
    ("i'm having a heart attack", "en")])
def test_whoever_needs_help_gets_a_person(words: str, language: str, hear: Hear) -> None:
    for context in CONTEXTS:
        meaning = hear(words, context, language)
        assert meaning.distress and meaning.slots == {"intent": "agent"}
    assert hear(f"{'bla ' * 300}{words}", "any", language).distress


@pytest.mark.parametrize("words", ["", "   ", "euh", "blabla machin", "connard va", "…!?", "漢字",
                                   "ich möchte bitte zwei karten"])
def test_nonsense_is_not_understood(words: str, hear: Hear) -> None:
    for context in CONTEXTS:
        meaning = hear(words, context)
        assert meaning.slots == {"no_meaning": True}
        assert not meaning.understood and certainty(meaning) == "unclear"


def test_five_hundred_words_are_not_an_answer(hear: Hear) -> None:
    assert not hear("oui deux places pour samedi " * 100, "confirm").understood


def test_an_unknown_language_is_named(programme: Programme, today: date) -> None:
    with pytest.raises(UnknownLanguage):
        understand("ja", language="de", context="confirm", programme=programme, today=today)
    assert languages() == ("en", "fr")


def test_how_sure_follows_the_words_and_the_recogniser(hear: Hear) -> None:
    clear = hear("deux places", "ask_quantity")
    doubted = hear("deux places", "ask_quantity", confidence=0.3)
    muddled = hear("deux places schtroumpf zorglub bidule", "ask_quantity", confidence=0.2)
    assert (certainty(clear), certainty(doubted), certainty(muddled)) == ("sure", "unsure", "unclear")


def test_a_misheard_title_is_to_be_confirmed(hear: Hear) -> None:
    meaning = hear("karman", "ask_production")
    assert meaning.slots["production"] == "carmen" and meaning.unsure == ("production",)
    assert certainty(meaning) == "unsure"


@given(st.text(max_size=120), st.sampled_from(CONTEXTS), st.sampled_from(("fr", "en")))
@settings(max_examples=150, deadline=None)
def test_no_text_whatever_raises(text: str, context: str, language: str) -> None:
    understand(text, language=language, context=context, programme=Programme(), today=date(2026, 11, 21))


def test_shuffled_sentences_of_every_question_never_raise_and_stay_json(hear: Hear) -> None:
    chance = random.Random(7)
    texts = {lang: [data["text"].split() for path in CORPUS.glob(f"{lang}*.jsonl") for data in read_lines(path)]
             for lang in ("fr", "en")}
    options = [{"date": "2026-12-12", "time": "19:30"}, {"date": "2027-01-10", "time": "14:30"}]
    for _ in range(600):
        lang = chance.choice(("fr", "en"))
        words = [*chance.choice(texts[lang]), *chance.choice(texts[lang]), chance.choice(string.ascii_letters)]
        chance.shuffle(words)
        json.dumps(hear(" ".join(words[:20]), chance.choice(CONTEXTS), lang, options).slots)


def test_the_most_ambiguous_answers_come_to_an_end(hear: Hear) -> None:
    for words, context in (("quatre vingt dix " * 26, "ask_phone"), ("le mardi ou le jeudi " * 16, "ask_date"),
                           ("deux " * 80, "ask_order_ref"), ("la bohème de puccini " * 20, "ask_production"),
                           ("truc machin bidule " * 26, "main_menu")):
        assert hear(words, context).slots
