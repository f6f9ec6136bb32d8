"""The media socket: a real server, a real house, real sound; whatever happens to the socket, the call goes on."""

from __future__ import annotations

import time

import pytest
import requests
from speech_callers import Line, spoken
from speech_phone import Phone, signature, standing, step

from ivr.telephony.tickets import Tickets

pytestmark = pytest.mark.sound


def test_a_prompt_is_played_and_a_key_goes_on_without_leaving_the_stream(house, call):
    """The menu by key: the next question is put on the same socket, and the prompt was cut at once."""
    with call() as phone:
        phone.until_prompt().quiet(0.5).press("1").until(lambda: standing(house)["turn"] > 0, 5).quiet(0.5)

        assert step(house) == "buy_seats.which"
        assert phone.clears == 1
        assert phone.buffer
        assert not phone.closed


def test_spoken_english_is_understood_on_the_line(house, call):
    """PocketSphinx, whose model comes with the package, through µ-law, ears, decoder process, matching and flow."""
    with call() as phone:
        phone.until_prompt().press("1").until(lambda: step(house) == "buy_seats.which", 5).until_prompt().quiet(1)
        before = standing(house)["turn"]
        phone.line(Line().carry(spoken("agent", "en"))).until(lambda: standing(house)["turn"] > before, 6)

        assert standing(house)["turn"] > before


def test_a_voice_over_the_prompt_clears_it_within_200_ms(house, call):
    with call() as phone:
        phone.until_prompt().quiet(2)
        phone.speed, began = (
            1.0,
            phone.frames,
        )  # at life's own speed the server's answer takes no frames of the caller's
        phone.line(Line().carry(spoken("agent please", "en")))

        assert phone.clears == 1
        assert (phone.cleared_at[0] - began) * 20 <= 240  # 200, and 40 for a machine that is busy with other tests


def test_keys_typed_ahead_answer_questions_that_were_not_heard_yet(house, call):
    with call() as phone:
        phone.until_prompt().press("11").until(lambda: standing(house)["turn"] >= 2, 5)

        assert standing(house)["turn"] >= 2


def test_what_only_the_carrier_can_do_closes_the_socket_and_the_reply_waits(house, call):
    """Zero: a person. The transfer is TwiML's, which the <Redirect> behind the stream fetches."""
    with call() as phone:
        phone.until_prompt().press("0").until_closed(10)

        assert phone.closed
    reply, _ = house.switchboard.again("CA1")
    assert type(reply.then).__name__ == "Transfer"


def test_a_ticket_is_taken_once_and_only_for_its_call(house, call, parts):
    with call() as phone:
        phone.until_prompt()
        with Phone(phone.url, "CA1", phone.ticket) as thief:
            assert thief.until_closed(5).closed
            assert not thief.heard
        with Phone(phone.url, "CA2", parts.tickets.issue("CA1")) as stranger:
            assert stranger.until_closed(5).closed
        assert not phone.closed


def test_a_handshake_that_the_carrier_did_not_sign_is_403(url):
    for header in ({}, signature(url, "another-token")):
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        wanted = {**upgrade, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", **header}
        with requests.get(url.replace("ws:", "http:"), headers=wanted, timeout=5) as refused:
            assert refused.status_code == 403


def test_garbage_is_borne_a_little_and_then_the_call_goes_on_by_keys(call, parts):
    with call() as phone:
        phone.until_prompt()
        for text in ["{", "[]", '{"event":"media"}', '{"event":"dtmf","dtmf":{"digit":"E"}}'] * 4:
            phone.say_text(text)
        assert not phone.quiet(0.3).closed
        for _ in range(10):
            phone.say_text("{")
        phone.until_closed(5)

        assert phone.closed
    assert not parts.tickets.may_stream("CA1")


def test_a_flood_is_cut_off(call, parts):
    with call() as phone:
        for _ in range(20_000):
            phone.say_json(event="media", media={"payload": "//8="})
            if phone.closed:
                break
        phone.until_closed(5)

        assert phone.closed
    assert not parts.tickets.may_stream("CA1")


def test_a_socket_that_never_begins_is_closed_and_costs_its_call_nothing(call, parts):
    parts.start_seconds = 0

    with call() as phone:
        assert phone.until_closed(5).closed

    assert parts.tickets.may_stream("CA1")


def test_a_line_too_many_is_put_on_keys_and_the_others_do_not_notice(house, call, decoders, parts):
    limit, decoders.limit = decoders.limit, 1
    try:
        with call() as first:
            first.until_prompt()
            with call(call_id="CA2") as second:
                assert second.until_closed(5).closed
            assert not first.quiet(0.2).closed
            assert parts.tickets.may_stream("CA1")
            assert not parts.tickets.may_stream("CA2")
    finally:
        decoders.limit = limit


def test_on_a_deploy_every_socket_is_closed_and_the_question_stands(house, call, parts):
    """Nothing is marked: another process may put the question on a stream again."""
    with call() as phone:
        phone.until_prompt()
        turn = standing(house)["turn"]
        parts.leaving.set()
        phone.until_closed(5)

        assert phone.closed
    assert standing(house)["turn"] == turn
    assert parts.tickets.may_stream("CA1")


def test_a_socket_that_breaks_frees_its_line(call, decoders):
    free = decoders.free
    with call() as phone:
        phone.until_prompt()
        assert decoders.free == free - 1
        phone.socket.shutdown()

    give_up = time.monotonic() + 5
    while decoders.free != free and time.monotonic() < give_up:
        pass
    assert decoders.free == free


def test_lost_frames_are_filled_so_that_silence_is_not_longer_than_it_is(house, call):
    """The network drops nine tenths of ten silent seconds: the question still counts them all."""
    with call() as phone:
        phone.until_played()
        before = standing(house)["turn"]
        for _ in range(60):
            phone.frames += 9
            phone.frame()

        phone.until(lambda: standing(house)["turn"] > before, 4)
        assert standing(house)["turn"] > before


def test_a_call_nobody_remembers_leaves_the_stream(url, parts):
    """Redis forgot it: the carrier's way back begins it anew."""
    with Phone(url, "CA9", parts.tickets.issue("CA9")) as phone:
        assert phone.until_closed(5).closed


def test_a_call_that_goes_round_in_circles_is_put_on_keys(redis):
    """A stream that always fails at once would be asked for again by every <Redirect>, for ever."""
    tickets = Tickets(redis)
    for _ in range(6):
        assert tickets.may_stream("CA1")
        tickets.issue("CA1")

    assert not tickets.may_stream("CA1")
    tickets.went_well("CA1")
    assert tickets.may_stream("CA1")
