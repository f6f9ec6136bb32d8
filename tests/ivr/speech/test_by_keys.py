"""Where nobody hears a caller, nothing invites her to speak, and every question says how to answer by key."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from callflows.reply import Listen, Reply
from ivr.app import create_app
from ivr.settings import BadSetting, Settings
from ivr.telephony.tickets import Tickets
from prompts import Catalogue, Voice

SAVED = sorted((Path(__file__).parents[2] / "saved_calls").rglob("*.json"))
SPEAK = {
    "fr": r"\b(dites|dire|dit à voix|parlez|de vive voix|avec vos mots|entends)\b",
    "en": r"\b(say|saying|speak(?! to )|tell me|in your own words|hear you)\b",
}
KEYS = {"fr": r"\b(tapez|touches?|faites le)\b", "en": r"\b(press|key|keys)\b"}
ALWAYS_SPOKEN = ("record.", "leave.name", "leave.message", "leave.say_your_number", "general.on_keys")
"""Recording a prompt or a message needs a voice; and one sentence is about voices that cannot be heard."""


def prompts_by_keys() -> list[tuple[str, str]]:
    """Every wording that is no variant itself, in every language."""
    catalogue = Catalogue.load()
    return [
        (key, language)
        for language in catalogue.languages
        for key in catalogue.keys(language)
        if not key.endswith(".by_keys") and not key.startswith(ALWAYS_SPOKEN)
    ]


def test_no_wording_invites_those_to_speak_whom_nobody_hears():
    catalogue = Catalogue.load()

    inviting = [
        (key, language)
        for key, language in prompts_by_keys()
        if re.search(SPEAK[language], catalogue.get(key, language, by_keys=True).text, re.IGNORECASE)
    ]

    assert inviting == [], "write [key.by_keys] in prompts/wording: the same without speaking"


def test_the_variants_are_needed():
    """The control: the ordinary wordings do invite to speak."""
    catalogue = Catalogue.load()

    inviting = {
        key
        for key, language in prompts_by_keys()
        if re.search(SPEAK[language], catalogue.get(key, language).text, re.IGNORECASE)
    }

    assert {"main.welcome", "main.menu", "buy.which", "buy.when", "buy.how_many", "buy.offer"} <= inviting


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_question_says_which_keys_answer_it(path, language):
    """The questions of the saved calls, as they are put by keys: titles by list, letters and code, dates by digits."""
    reply = Reply.from_json(json.loads(path.read_text(encoding="utf-8"))["reply"])
    voice = Voice(Catalogue.load()).by_keys()

    said = " ".join(voice.text(say.prompt, say.slots, say.language or language) for say in reply.says)

    if isinstance(reply.then, Listen):
        assert re.search(KEYS[language], said, re.IGNORECASE), said


def spoken(answer) -> str:
    return " ".join(" ".join(answer.itertext()).split())


@pytest.fixture
def carrier_of(carrier, settings, house):
    """A carrier of a house that hears as SPEECH says."""

    def make(speech: str):
        hearing = replace(settings, speech=speech, media_url="wss://house.example/media")
        carrier.app = create_app(hearing, replace(house, settings=hearing))
        return carrier

    return make


@pytest.mark.parametrize("speech", ["keys", "own"])
def test_a_whole_purchase_by_keys_never_speaks_of_speaking(carrier_of, speech):
    """Menu, list of titles, title, date, number, place, offer; no media process lives, so `own` ears hear nobody."""
    carrier = carrier_of(speech)

    answer = carrier.answer("/voice/incoming")
    told = [spoken(answer)]
    for keys in ("1", "112", "1512", "2", "8", "1", "1"):
        answer = carrier.next(answer, Digits=keys)
        told.append(spoken(answer))

    assert "C’est réservé" in told[-1]
    assert not [text for text in told if re.search(SPEAK["fr"], text.replace("vous m’avez dit", ""), re.IGNORECASE)]
    assert "premières lettres" in told[1] and "code de la brochure" in told[1] and "la liste" in told[1]


def test_where_the_carrier_hears_words_callers_are_invited_to_say_them(carrier_of):
    answer = carrier_of("gather").answer("/voice/incoming")

    assert answer.find("Gather").get("input") == "dtmf speech"
    assert "dites" in spoken(answer)


def test_a_caller_whose_words_were_lost_is_told_once_to_use_the_keys(carrier_of, redis):
    carrier = carrier_of("own")
    carrier.answer("/voice/incoming")
    Tickets(redis).put_on_keys(carrier.call_id, 45)

    first, second = spoken(carrier.answer("/voice/again")), spoken(carrier.answer("/voice/again"))

    assert first.startswith("Je vous entends mal")
    assert "Je vous entends mal" not in second
    assert first.endswith(second)


def test_ears_that_nobody_knows_are_refused():
    with pytest.raises(BadSetting, match="stream, own, gather, keys"):
        Settings.read({"SPEECH": "whisper"})
