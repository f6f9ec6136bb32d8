"""Whatever breaks a stream, the call goes on from where it stood, by keys if our ears failed.

All over the real socket; what is broken is really broken: processes are killed or stopped, sockets cut.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
import websocket
from speech_callers import Line, spoken
from speech_phone import Phone, signature, standing, step

from callflows import Heard
from ivr.app import create_app
from ivr.house import House
from ivr.incoming import BEGINNING, Incoming
from ivr.speech.decoders import Decoders
from ivr.speech.engines import Choice
from ivr.speech.recogniser import Question
from ivr.telephony.media import MediaParts

pytestmark = pytest.mark.sound
SAID, MIDDLE = "operator", 24


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    """English only, and quick to lose patience."""
    made = Decoders({"en": Choice("pocketsphinx")}, limit=8, patience=1.5)
    made.start()
    yield made
    made.close()


@pytest.fixture
def way_back(house: House, parts: MediaParts, carrier: Any) -> Callable[..., ElementTree.Element]:
    """What the carrier fetches behind the stream when it is closed: the question once more."""
    settings = replace(house.settings, media_url="wss://house.example/media")
    app = create_app(settings, replace(house, settings=settings))

    def fetch(call_id: str = "CA1") -> ElementTree.Element:
        parts.tickets.beat(parts.decoders.free, ("en",))
        return type(carrier)(app, call_id).answer("/voice/again?language=en")

    return fetch


def is_on_keys(answer: ElementTree.Element) -> bool:
    """Does the TwiML put the question by <Gather>, with keys, and open no stream?"""
    gather = answer.find("Gather")
    return answer.find("Connect") is None and gather is not None and "dtmf" in gather.get("input", "dtmf")


@pytest.fixture
def asked(call: Callable[..., Phone], house: House) -> Iterator[Phone]:
    """A call at «which performance?», whose prompt has begun; life's own pace is not needed."""
    with call() as phone:
        phone.until_prompt().press("1").until(lambda: step(house) == "buy_seats.which", 5).until_prompt().quiet(1)
        yield phone


def words() -> list[bytes]:
    """What the caller says, some forty frames."""
    return Line().carry(spoken(SAID, "en"))


def went_to_agent(house: House) -> bool:
    """Were the words understood, all of them?"""
    return step(house).startswith("to_agent")


def test_the_whole_answer_is_heard_when_nothing_breaks(house, asked, way_back):
    """The control of all tests below: these words take a turn, and the next question is put on a stream again."""
    before = standing(house)["turn"]
    asked.line(words()).until(lambda: standing(house)["turn"] > before, 8)

    assert went_to_agent(house)
    assert way_back().find("Enqueue") is not None


def test_a_socket_cut_in_the_middle_of_a_word(house, asked, parts, way_back):
    """No turn is taken of half a word, the line is free again, and the question is put on a new stream."""
    before = standing(house)
    asked.line(words()[:MIDDLE])
    asked.socket.shutdown()
    until(lambda: parts.decoders.free == parts.decoders.limit)

    assert standing(house) == before
    assert way_back().find("Connect") is not None


GARBAGE: dict[str, Callable[[Phone], None]] = {
    "no JSON": lambda phone: phone.say_text("{"),
    "no base64": lambda phone: phone.say_json(event="media", media={"payload": "%%%"}),
    "a payload of seconds": lambda phone: phone.say_json(event="media", media={"payload": "A" * 12_000}),
    "no payload": lambda phone: phone.say_json(event="media", media={}),
    "another stream": lambda phone: phone.say_json(event="media", streamSid="MZ2", media={"payload": "//8="}),
    "keys that are none": lambda phone: phone.say_json(event="dtmf", dtmf={"digit": "E"}),
    "bytes": lambda phone: phone.socket.send_binary(b"\x00" * 160),
    "numbers for words": lambda phone: phone.say_text('{"event":5,"media":7}' * 2),
    "deep nesting": lambda phone: phone.say_text("[" * 9_000),
}


@pytest.mark.parametrize("say", GARBAGE.values(), ids=GARBAGE)
def test_garbage_between_the_frames(say, house, asked, way_back):
    """Twenty of a kind are borne; with one more the call goes on by keys, and stands where it stood."""
    before = standing(house)
    for _ in range(20):
        say(asked)
    assert not asked.quiet(0.5).closed
    assert standing(house) == before

    say(asked)
    asked.until_closed(5)

    assert asked.closed
    assert standing(house) == before
    assert is_on_keys(way_back())


@pytest.mark.parametrize("said", ["x" * 25_000, "\x00" * 300_000])
def test_a_message_too_long_to_be_read(said, house, asked, way_back):
    """It is not even taken in: the socket is closed at its head."""
    before = standing(house)
    asked.say_text(said)
    asked.until_closed(5)

    assert standing(house) == before
    assert is_on_keys(way_back())


def test_frames_in_pieces_and_without_a_mask(house, asked, way_back):
    """A browser of ours may cut a message in pieces; nobody may leave the mask away."""
    text = b'{"event":"mark","mark":{"name":"m"},"streamSid":"MZ1"}'
    head, tail = bytes([0x01, 0x80 | 10]) + bytes(4), bytes([0x80, 0x80 | len(text) - 10]) + bytes(4)
    asked.socket.sock.sendall(head + text[:10] + tail + text[10:])
    assert not asked.quiet(0.3).closed

    asked.socket.sock.sendall(bytes([0x81, len(text)]) + text)
    assert asked.until_closed(5).closed
    assert is_on_keys(way_back())


def test_sound_before_the_start(house, parts, url, way_back):
    """Nobody knows yet whose it is: the socket is closed, and the call loses nothing by it."""
    house.switchboard.take_turn(Incoming("CA1", "", "", "en"), BEGINNING, Heard())
    before, free = standing(house), parts.decoders.free
    socket = websocket.create_connection(url, header=signature(url), timeout=5)
    socket.send('{"event":"media","media":{"payload":"//8="},"streamSid":"MZ1"}')
    assert not socket.recv()  # the good-bye
    socket.close()

    assert standing(house) == before
    assert parts.decoders.free == free
    assert way_back().find("Connect") is not None


def test_times_that_go_backward_and_leap_are_no_silence(house, asked):
    """Ten seconds backward and forward again, thirty times: nobody has been silent for that long."""
    before = standing(house)["turn"]
    for _ in range(30):
        asked.frames -= 200
        asked.frame()
        asked.frames += 200
        asked.frame()

    assert not asked.closed
    assert standing(house)["turn"] == before


def test_a_newer_stream_of_the_same_call_takes_over(house, asked, url, parts, way_back):
    """The carrier lost the first one without telling us: its call is no other one, and is not put on keys."""
    with Phone(url, "CA1", parts.tickets.issue("CA1")) as again:
        again.until_prompt()
        assert asked.until_closed(5).closed
        before = standing(house)["turn"]
        again.quiet(1).line(words()).until(lambda: standing(house)["turn"] > before, 8)
        assert standing(house)["turn"] > before


def test_strangers_on_the_doorstep_are_few_and_no_call_notices(house, asked, call, parts, url):
    """Eight sockets that never say whose call they are; a ninth is refused; when they are gone, calls come in again."""
    idle = [websocket.create_connection(url, header=signature(url), timeout=5) for _ in range(8)]
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(url, header=signature(url), timeout=5)
    assert refused.value.status_code == 503
    assert not asked.quiet(0.3).closed

    for each in idle:
        each.close()
        each.shutdown()
    until(lambda: parts.doorstep.acquire(blocking=False) and parts.doorstep.release() is None)
    with call(call_id="CA2") as other:
        assert other.until_prompt().buffer


# -- decoders --


def test_a_decoder_killed_in_the_middle_of_an_answer_costs_nothing(house, asked, decoders):
    """The very same socket hears the very same words: the next decoder is given all of them."""
    before, said = standing(house)["turn"], words()
    asked.line(said[:MIDDLE])
    first = decoders.pids
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    asked.line(said[MIDDLE:]).until(lambda: standing(house)["turn"] > before, 8)

    assert standing(house)["turn"] > before
    assert first
    assert not set(first) & set(decoders.pids)
    assert decoders.restarts == 0
    assert went_to_agent(house)


def test_two_dead_decoders_in_one_answer_put_the_call_on_keys(house, asked, decoders, way_back):
    """It may be the sound that kills them: a third is not tried."""
    before, said = standing(house), words()
    asked.line(said[:MIDDLE])
    first, asked.speed = decoders.pids, 1.0
    kill(first)
    for frame in said[MIDDLE:] + said + said:
        asked.frame(frame)
        if decoders.pids and decoders.pids != first:
            break
    kill(decoders.pids)
    asked.line(said + said).until_closed(5)

    assert asked.closed
    assert standing(house) == before
    assert is_on_keys(way_back())


def test_a_decoder_that_hangs_is_ended_and_the_answer_heard_again(house, asked, decoders):
    """Stopped, not dead: after its patience the line takes another one."""
    before, said = standing(house)["turn"], words()
    asked.line(said[:MIDDLE])
    hanging = decoders.pids
    for pid in hanging:
        os.kill(pid, signal.SIGSTOP)
    asked.line(said[MIDDLE:]).until(lambda: standing(house)["turn"] > before, 60)

    assert standing(house)["turn"] > before
    assert went_to_agent(house)
    until(lambda: not any(map(lives, hanging)))


@pytest.fixture
def own(parts: MediaParts) -> Iterator[Decoders]:
    """Decoders whose nursery only this test ends; put in place of the others."""
    made = Decoders({"en": Choice("pocketsphinx")}, limit=8, patience=1.5)
    made.start()
    parts.decoders = made
    yield made
    made.close()


def test_a_nursery_that_is_killed_takes_no_line_with_it(own, house, asked, call):
    """The lines that speak keep their decoders; the next one waits for the new nursery, or begins on keys."""
    before, said = standing(house)["turn"], words()
    asked.line(said[:MIDDLE])
    own.nursery._started = float("-inf")  # it was started long ago
    os.kill(own.nursery.pid, signal.SIGKILL)
    asked.line(said[MIDDLE:]).until(lambda: standing(house)["turn"] > before, 8)

    assert standing(house)["turn"] > before
    own.start()
    assert own.restarts == 1
    with call(call_id="CA2") as other:
        assert other.until_prompt().buffer
        assert not other.closed


def test_a_nursery_that_hangs_is_replaced(own, house, call, way_back):
    """It takes lines in and gives them nothing: two such lines, and it is ended; the caller goes on by keys."""
    os.kill(own.nursery.pid, signal.SIGSTOP)
    with call() as phone:
        phone.until_prompt().quiet(0.5).line(words()).until_closed(120)

        assert phone.closed
    assert is_on_keys(way_back())
    own.nursery._started = float("-inf")
    own.start()
    assert own.restarts == 1
    with own.line() as line:
        line.prepare(Question("en", ("yes", "no")))
        assert line.pid


def test_a_line_too_many_is_told_of_keys_and_the_others_hear_as_before(house, asked, call, parts, way_back):
    """What the second caller hears does not invite her to speak to nobody; the first is understood."""
    limit, parts.decoders.limit = parts.decoders.limit, 1
    try:
        with call(call_id="CA2") as second:
            assert second.until_closed(5).closed
        before = standing(house)["turn"]
        asked.line(words()).until(lambda: standing(house)["turn"] > before, 8)
    finally:
        parts.decoders.limit = limit

    assert standing(house)["turn"] > before
    assert is_on_keys(way_back("CA2"))


# -- what stands behind --


def test_a_deploy_while_the_caller_speaks(house, asked, parts, way_back):
    """Half an answer is no answer; the next process puts the question on a stream again."""
    before = standing(house)
    asked.line(words()[:MIDDLE])
    parts.leaving.set()
    asked.until_closed(5)

    assert asked.closed
    assert standing(house) == before
    assert way_back().find("Connect") is not None
    parts.tickets.leave()


def test_a_mistake_of_ours_in_the_middle_of_a_turn(house, call, parts, way_back):
    """The switchboard raises when the answer comes: by keys, from where the call stood."""
    parts.voices = replace(parts.voices, switchboard=Clumsy(house.switchboard))
    with call() as phone:
        phone.until_prompt()
        before = standing(house)
        phone.press("1").until_closed(5)

        assert phone.closed
    assert standing(house) == before
    assert is_on_keys(way_back())


def test_redis_is_away_for_a_while(house, asked, redis, parts, way_back):
    """It answers nothing while the caller answers: her stream ends; when it is back she stands where she stood."""
    before = standing(house)
    redis_pid = redis.info("server")["process_id"]
    os.kill(redis_pid, signal.SIGSTOP)
    try:
        asked.press("1").until_closed(60)
    finally:
        os.kill(redis_pid, signal.SIGCONT)

    assert asked.closed
    assert standing(house)["where"] == before["where"]
    assert way_back().find("Connect") is not None or is_on_keys(way_back())


# -- networks --


@pytest.mark.parametrize("frames", [2, 3], ids=["40 ms", "60 ms"])
def test_frames_of_another_length(frames, house, asked):
    before, said = standing(house)["turn"], words() + Line().quiet(2.4)
    for start in range(0, len(said), frames):
        asked.frame(b"".join(said[start : start + frames]))
        asked.frames += frames - 1
    asked.wait(lambda: standing(house)["turn"] > before)

    assert went_to_agent(house)


def test_frames_that_come_late_and_all_at_once(house, asked):
    """A network that stutters: half a second of nothing, then all of it."""
    before, said = standing(house)["turn"], words() + Line().quiet(2.4)
    for start in range(0, len(said), 25):
        pace, asked.speed = asked.speed, 10_000.0
        asked.line(said[start : start + 25])
        asked.speed = pace
        asked.rest(0.5 / pace)
    asked.wait(lambda: standing(house)["turn"] > before)

    assert went_to_agent(house)


def test_a_network_that_sends_nothing_in_silence(house, call, parts):
    """No frame comes any more after the prompt: the question still times out, as often as it is put."""
    parts.life = 30.0
    with call() as phone:
        phone.until_played()
        before = standing(house)["turn"]
        phone.wait(lambda: standing(house)["turn"] > before)

        assert standing(house)["turn"] > before


def test_a_caller_is_heard_after_a_silence_without_frames(house, asked, parts):
    """Comfort noise stopped the frames for a while; the first words after it are whole."""
    asked.rest(1.5)
    asked.frames += 75
    before = standing(house)["turn"]
    asked.line(words()).until(lambda: standing(house)["turn"] > before, 8)

    assert went_to_agent(house)


class Clumsy:
    """A switchboard that knows the call, and drops it when it has to take a turn."""

    def __init__(self, switchboard: Any) -> None:
        self._switchboard = switchboard

    def again(self, call_id: str) -> Any:
        """As the real one."""
        return self._switchboard.again(call_id)

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> Any:
        """Not as the real one."""
        raise ZeroDivisionError


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so, some seconds at most."""
    give_up = time.monotonic() + 10
    while not done():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def kill(pids: tuple[int, ...]) -> None:
    """All of them, and at least one."""
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def lives(pid: int) -> bool:
    """Is the process there?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
