"""Whole calls in spoken French through the real socket, heard by templates; French Vosk where a model is configured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from speech_callers import Line, spoken
from speech_phone import Phone, hurried, served
from speech_templates import TemplateLines

from callflows import Heard
from ivr.bench.speech import _understood
from ivr.bench.spoken import corpus
from ivr.house import House
from ivr.incoming import BEGINNING, Incoming
from ivr.media_app import media_parts
from ivr.speech.vosk_engine import VoskEngine
from ivr.telephony.media import make_media

pytestmark = pytest.mark.sound
WISH = "je voudrais deux places pour la bohème le quinze décembre au parterre"
SENTENCES = (
    WISH,
    "oui",
    "non",
    "billet électronique",
    "au guichet",
    "un conseiller s'il vous plaît",
    "trois places",
    "répétez",
    "au balcon",
    "les moins chères",
    "le vingt décembre",
    "je voudrais une place pour giselle",
)


@pytest.fixture(scope="module")
def taught() -> TemplateLines:
    """Twelve sentences, as a known voice says them."""
    return TemplateLines(SENTENCES)


@pytest.fixture
def phone(house: House, taught: TemplateLines) -> Iterator[Phone]:
    """A French call on a stream."""
    parts = hurried(media_parts(house, taught))
    house.switchboard.take_turn(Incoming("CA1", "+33612345678", "+33199000111", "fr"), BEGINNING, Heard())
    with served(make_media(parts)) as url, Phone(url, "CA1", parts.tickets.issue("CA1")) as phone:
        yield phone


def answer(house: House, phone: Phone, text: str, **how: float) -> str:
    """Barge in with a sentence, a little faster and higher than it was taught; gives the prompts said in return."""
    before = house.calls.load("CA1")["turn"]
    phone.until_prompt().quiet(1.2).line(Line(noise=-45).carry(spoken(text, "fr", **how)))
    phone.until(lambda: house.calls.load("CA1")["turn"] > before, 6)
    return " ".join(say[0] for say in house.calls.load("CA1")["reply"]["says"])


def test_two_seats_are_sold_in_four_spoken_sentences(house, phone):
    """Everything at once, yes, an electronic ticket; the last reply is the carrier's to say, and the socket closes."""
    assert "buy.offer" in answer(house, phone, WISH, speed=1.06, pitch=1.05)
    assert "buy.collection" in answer(house, phone, "oui", speed=1.06)
    assert "buy.sold" in answer(house, phone, "billet électronique", pitch=1.05)


def test_no_is_no_in_spoken_french(house, phone):
    assert "buy.offer" in answer(house, phone, WISH)
    assert "buy.collection" not in answer(house, phone, "non", speed=1.05)


def test_a_person_is_one_sentence_away(house, phone):
    assert "agent" in answer(house, phone, "un conseiller s'il vous plaît", speed=1.05)


def test_french_is_understood_by_vosk():
    """Runs where VOSK_MODEL_FR points to vosk-model-small-fr-0.22, or a better one."""
    folder = os.environ.get("VOSK_MODEL_FR")
    if not folder:
        pytest.skip("VOSK_MODEL_FR names no French model")
    engine = VoskEngine({"fr": Path(folder)})
    inside, _ = corpus("fr")

    heard = _understood(engine, inside, 20.0)

    assert heard["right"] >= 0.8, heard
    assert heard["lost_to_floor"] <= 0.03, heard
