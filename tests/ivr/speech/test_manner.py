"""How the stream speaks: at the call's pace, with the recordings of the call's revision, as plain TwiML does."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from speech_phone import Phone, hurried, served
from speech_scripts import Always
from twilio.twiml.voice_response import VoiceResponse

from callflows import Heard, Say
from ivr.incoming import BEGINNING, Incoming
from ivr.media_app import media_parts, sounds_of
from ivr.telephony.conversation import Conversation, Manner
from ivr.telephony.media import make_media
from ivr.telephony.playing import Player
from ivr.telephony.streaming import Streaming, revision_in
from ivr.telephony.tickets import Tickets
from prompts import mulaw_wav
from prompts.takes import Draft

FIRST, SECOND = b"\x01\x02" * 4000, b"\x03\x04" * 4000


@pytest.fixture
def revisions(house) -> tuple[int, int]:
    """The first sentence of a call was recorded and published twice."""
    return tuple(_publish(house, sound) for sound in (FIRST, SECOND))


def _publish(house, sound: bytes) -> int:
    takes, words = house.takes, house.catalogue.get("main.welcome", "fr").text
    address = takes.folder.keep(mulaw_wav.wrapped(sound))
    draft = Draft("main.welcome", "fr", words, address, 1.0, -19.0, -3.0, "upload", "Papageno", house.clock())
    return takes.publish(takes.book.add(draft).id, "Papageno")


def test_a_slow_call_is_spoken_slowly(house):
    sounds, say = sounds_of(house), Say("general.help")

    usual, slow = (len(sounds(say, Manner("fr", pace))) for pace in ("normal", "slow"))

    assert 1.15 < slow / usual < 1.35


def test_a_pace_that_nobody_knows_is_the_usual_one(house):
    sounds, say = sounds_of(house), Say("general.help")

    assert sounds(say, Manner("fr", "allegro")) == sounds(say, Manner("fr"))


def test_a_caller_who_asks_for_slower_hears_it_slower_on_the_stream(house):
    """The question is put again by the flow itself; what the stream asks to have said carries its pace."""
    house.switchboard.take_turn(Incoming("CA1", "", "", "fr"), BEGINNING, Heard())
    asked: list[Manner] = []
    voices = replace(media_parts(house, Always("")).voices, sounds=lambda say, manner: asked.append(manner) or b"")
    talk = Conversation(voices, Incoming("CA1"), Player(lambda text: None, "MZ1"), Always(""), takes=7)
    talk.begin()
    assert {(each.pace, each.takes) for each in asked} == {("normal", 7)}

    asked.clear()
    _, turn = house.switchboard.again("CA1")
    house.switchboard.take_turn(Incoming("CA1"), turn, Heard(words="plus lentement"))
    talk.begin()

    assert {(each.pace, each.takes) for each in asked} == {("slow", 7)}


def test_the_stream_is_told_the_revision_its_call_began_with(redis):
    answer = VoiceResponse()
    Streaming(Tickets(redis), "wss://house.example/media").write(answer, "CA1", "/voice/again", 12)
    told = {each.get("name"): each.get("value") for each in ElementTree.fromstring(str(answer)).iter("Parameter")}

    assert revision_in(told) == 12
    assert [revision_in({"takes": text}) for text in ("", "-1", "٣", "9" * 40, "x")] == [None] * 5
    assert revision_in({}) is None


@pytest.mark.sound
@pytest.mark.parametrize("at", [0, 1, None], ids=["published before", "published since", "no revision"])
def test_a_call_keeps_its_voice_on_the_stream(house, revisions, at):
    """Through the real socket; without a revision the newest is heard."""
    parts = hurried(media_parts(house, Always("")))
    house.switchboard.take_turn(Incoming("CA1", "", "", "fr"), BEGINNING, Heard())
    takes = "" if at is None else str(revisions[at])
    with (
        served(make_media(parts)) as url,
        Phone(url, "CA1", parts.tickets.issue("CA1"), takes=takes) as phone,
    ):
        phone.until_prompt().quiet(0.2)

        assert (FIRST if at == 0 else SECOND)[:1600] in bytes(phone.heard + phone.buffer)
