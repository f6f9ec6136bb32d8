"""Media streams on the virtual clock: an application in a coroutine; minutes of sound pass in milliseconds."""

from __future__ import annotations

import asyncio
import base64
import random
import re

import pytest

from ivr.simulator import Line, Network
from ivr.simulator.actor import act
from ivr.simulator.call import StatusTo, Webhook
from ivr.simulator.ear import Ear
from ivr.simulator.mix import Kind, Rule
from ivr.simulator.sockets import ApplicationEnd, PeerSocket, SocketClosed
from ivr.simulator.voice import Voice

LOUD = b"\x10"
SECOND = 8000
STREAM = (
    '<Connect><Stream url="ws://opera.test/flux"><Parameter name="tour" value="3"/></Stream></Connect><Say>suite</Say>'
)


class Application:
    """Keeps every message with its moment; a test says what it sends, and when."""

    def __init__(self, *sends) -> None:
        self.sends, self.messages = sends, []
        self.network = None

    async def __call__(self, end: ApplicationEnd) -> None:
        for send in self.sends:
            send(end)
        try:
            while True:
                message = await end.receive()
                self.messages.append((round(self.network.loop.time(), 3), message))
        except SocketClosed:
            return

    def of(self, event):
        return [(at, message) for at, message in self.messages if message["event"] == event]

    def marks(self):
        return [(at, message["mark"]["name"]) for at, message in self.of("mark")]


@pytest.fixture
def streamed(product):
    """A caller on a stream whose application does as told, for so many seconds."""
    opened = []

    def begin(*sends, seconds=5.0):
        product.pages["/voice/incoming"] = STREAM
        application = Application(*sends)
        network = Network(
            "http://opera.test", http=product.app, seed="flux", strict=False, open_socket=PeerSocket.opener(application)
        )
        application.network = network
        opened.append(network)
        line = Line("http://opera.test", network=network)
        line.dial(settle=False)
        network.wait(seconds)
        return application, line, network

    yield begin
    for network in opened:
        network.close()


def test_the_beginning_is_as_documented(streamed):
    application, line, _ = streamed()
    (_, connected), (_, start) = application.messages[:2]

    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["start"]["customParameters"] == {"tour": "3"}
    assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    assert (start["sequenceNumber"], start["start"]["callSid"]) == ("1", line.call_sid)


def test_a_frame_comes_every_twenty_milliseconds_to_the_millisecond(streamed):
    application, _, _ = streamed(seconds=2.0)
    frames = application.of("media")

    assert len(frames) in {100, 101}
    assert [int(message["media"]["timestamp"]) for _, message in frames[:4]] == [0, 20, 40, 60]
    assert [message["media"]["chunk"] for _, message in frames[:3]] == ["1", "2", "3"]
    numbers = [int(message["sequenceNumber"]) for _, message in application.messages[1:]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_mark_with_nothing_before_it_comes_back_at_once(streamed):
    application, _, _ = streamed(lambda end: end.mark("m"))

    assert application.marks() == [(0.0, "m")]


def test_a_mark_comes_back_when_the_sound_before_it_was_heard(streamed):
    application, _, _ = streamed(lambda end: end.play(LOUD * (SECOND // 2)), lambda end: end.mark("m"))

    (at, name), *rest = application.marks()
    assert (name, rest) == ("m", [])
    assert at == pytest.approx(0.5, abs=0.06)


def test_clear_returns_every_mark_and_stops_the_sound(streamed):
    application, _, _ = streamed(
        lambda end: end.play(LOUD * 2 * SECOND),
        lambda end: end.mark("a"),
        lambda end: end.mark("b"),
        lambda end: end.clear(),
    )

    assert [name for _, name in application.marks()] == ["a", "b"]
    assert all(at <= 0.02 for at, _ in application.marks())


def test_two_sounds_are_heard_one_after_the_other(streamed):
    sound = LOUD * (SECOND // 5)
    application, _, _ = streamed(
        lambda end: end.play(sound), lambda end: end.mark("a"), lambda end: end.play(sound), lambda end: end.mark("b")
    )

    assert [at for at, _ in application.marks()] == pytest.approx([0.2, 0.4], abs=0.06)


def test_a_message_for_another_stream_is_not_played(streamed):
    def foreign(end):
        end.stream_sid, own = "MZother", end.stream_sid
        end.play(LOUD * SECOND)
        end.stream_sid = own
        end.mark("m")

    application, line, _ = streamed(foreign)

    assert application.marks() == [(0.0, "m")]
    assert 31951 in {fault.code for fault in line.now().faults}


def test_binary_is_not_played_and_the_call_goes_on(streamed):
    application, line, _ = streamed(lambda end: end.outbox.put_nowait(b"\x00\x01"), lambda end: end.mark("m"))

    assert application.marks() == [(0.0, "m")]
    assert not line.now().ended


def test_hanging_up_sends_one_stop_and_nothing_after(streamed):
    application, line, _ = streamed()
    line.hang_up()
    line.network.wait(1)

    assert [message["event"] for _, message in application.messages].count("stop") == 1
    assert application.messages[-1][1]["event"] == "stop"


def test_when_the_application_closes_the_next_verb_is_performed(streamed):
    _, line, _ = streamed(lambda end: end.close())

    assert line.now().said == "suite"


def test_keys_are_told_on_the_literal_track(streamed):
    application, line, network = streamed()
    line.call.press("5")
    network.wait(0.1)

    assert application.of("dtmf")[0][1]["dtmf"] == {"track": "inbound_track", "digit": "5"}


def test_a_minute_of_stream_is_the_same_every_time(streamed):
    """Byte for byte, in less than a second."""
    runs = [streamed(lambda end: end.play(LOUD * SECOND), seconds=60.0)[0].messages for _ in range(2)]

    assert runs[0] == runs[1]
    assert len(runs[0]) > 3000


# --- callers with a voice ---------------------------------------------------------------------------------------------


class Dialogue:
    """An application with ears: says something, waits until a voice was heard and fell silent, and again."""

    def __init__(self, turns: int) -> None:
        self.turns, self.heard = turns, []
        self.keys = []

    async def __call__(self, end: ApplicationEnd) -> None:
        for _ in range(self.turns):
            end.play(LOUD * SECOND)
            self.heard.append(await self._answer(end))
        end.close()

    async def _answer(self, end) -> int:
        """How many frames of voice the caller made before half a second of silence; -1 for a key."""
        voiced = quiet = 0
        while not (voiced and quiet >= 25):
            message = await end.receive()
            if message["event"] == "dtmf":
                self.keys.append(message["dtmf"]["digit"])
                return -1
            if message["event"] == "media":
                loud = set(base64.b64decode(message["media"]["payload"])) != {0xFF}
                voiced, quiet = voiced + loud, 0 if loud else quiet + 1
        return voiced


def test_a_caller_with_a_voice_takes_turns_by_ear(product):
    product.pages["/voice/incoming"] = STREAM
    dialogue = Dialogue(turns=4)
    spoken = []

    def render(words: str, language: str) -> bytes:
        spoken.append(words)
        return b"\x22" * (len(words) * 400)  # fifty milliseconds a letter

    aloud = (Rule(_any(), says=("deux places",)), Rule(_any(), presses=("1",)), Rule(_any(), says=("oui",)))
    kind = Kind("by voice", 1, (), language="fr", thinks=(0.2, 0.4), aloud=aloud)
    with Network(
        "http://opera.test", http=product.app, seed="voix", open_socket=PeerSocket.opener(dialogue)
    ) as network:
        call = network.carrier.receive(
            "+33612345678", "+33189000000", Webhook("http://opera.test/voice/incoming"), Ear(), StatusTo()
        )
        played = network.run(act(call, kind, random.Random(1), Voice(render)))

    assert spoken == ["deux places", "oui"]
    assert dialogue.keys == ["1"]
    assert dialogue.heard == [pytest.approx(27, abs=2), -1, pytest.approx(8, abs=2), pytest.approx(8, abs=2)]
    assert (played.deeds, call.status) == (4, "completed")


def _any():
    return re.compile("")


def test_the_house_voice_is_sound_a_stream_can_carry():
    sound = asyncio.run(Voice.synthetic().sound_of("deux places", "fr"))

    assert 0.3 * SECOND < len(sound) < 3 * SECOND
    assert len(set(sound)) > 20
