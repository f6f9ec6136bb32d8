"""When a question goes by stream, and the TwiML that says so."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from twilio.twiml.voice_response import VoiceResponse

from callflows.reply import HangUp, Listen, Reply
from ivr.redis_links import link
from ivr.telephony.streaming import Streaming
from ivr.telephony.tickets import Tickets

QUESTION = Reply((), Listen("main_menu"), "fr")


@pytest.fixture
def streaming(redis) -> Streaming:
    """A media process lives, hears French, and has a line free."""
    tickets = Tickets(redis)
    tickets.beat(3, ("fr",))
    return Streaming(tickets, "wss://house.example/media")


def test_a_question_is_heard_by_our_own_ears(streaming):
    assert streaming.is_wanted(QUESTION, "CA1")


@pytest.mark.parametrize(
    "reply",
    [
        replace(QUESTION, language="en"),
        replace(QUESTION, then=HangUp()),
        replace(QUESTION, then=Listen("any", secret=True)),
    ],
    ids=["nobody hears English", "nothing is asked", "a secret is never streamed"],
)
def test_some_replies_never_go_by_stream(streaming, reply):
    assert not streaming.is_wanted(reply, "CA1")


def test_without_a_living_media_process_with_a_free_line_it_is_gather(streaming):
    streaming.tickets.beat(0, ("fr",))
    assert not streaming.is_wanted(QUESTION, "CA1")

    streaming.tickets.leave()
    assert not streaming.is_wanted(QUESTION, "CA1")


def test_a_house_may_choose_other_ears(streaming):
    assert not replace(streaming, mode="gather").is_wanted(QUESTION, "CA1")
    assert replace(streaming, mode="gather").gathers_speech
    assert not replace(streaming, mode="keys").gathers_speech
    assert not replace(streaming, media_url="").is_wanted(QUESTION, "CA1")


def test_a_call_on_keys_comes_back_to_the_stream_after_a_while(streaming, redis):
    streaming.tickets.put_on_keys("CA1", 45)

    assert not streaming.is_wanted(QUESTION, "CA1")
    assert streaming.is_wanted(QUESTION, "CA2")
    assert 0 < redis.ttl("stream:keys:CA1") <= 45


def test_without_redis_it_is_gather():
    away = link("redis://127.0.0.1:9")

    assert not Streaming(Tickets(away), "wss://house.example/media").is_wanted(QUESTION, "CA1")
    away.close()


def test_the_twiml_is_a_stream_with_a_ticket_and_a_way_back(streaming):
    """No query in the address (Twilio refuses it); the ticket is good for one use by this call."""
    answer = VoiceResponse()
    streaming.write(answer, "CA1", "/voice/again")

    connect, redirect = list(ElementTree.fromstring(str(answer)))
    stream = connect.find("Stream")
    parameter = stream.find("Parameter")
    assert stream.get("url") == "wss://house.example/media"
    assert (redirect.tag, redirect.text) == ("Redirect", "/voice/again")
    assert not streaming.tickets.redeem(parameter.get("value"), "CA2")
    streaming.write(answer, "CA1", "/voice/again")
    ticket = ElementTree.fromstring(str(answer)).findall(".//Parameter")[1].get("value")
    assert streaming.tickets.redeem(ticket, "CA1")
    assert not streaming.tickets.redeem(ticket, "CA1")


def test_redis_never_sees_a_ticket(streaming, redis):
    ticket = streaming.tickets.issue("CA1")

    assert not [key for key in redis.keys("*") if ticket in key]
