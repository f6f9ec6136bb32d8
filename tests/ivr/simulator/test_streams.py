"""Media streams over a real WebSocket: what the platform sends, obeys and refuses."""

from __future__ import annotations

import asyncio
import base64
import json
import queue
import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from ivr.simulator import AUTH_TOKEN
from ivr.simulator.body import Silent
from ivr.simulator.service import Service

LONGEST = 10


class Application:
    """A product whose call is a stream; the test holds the application's end of it."""

    def __init__(self) -> None:
        self.messages: queue.Queue[dict] = queue.Queue()
        self.forms: queue.Queue[dict] = queue.Queue()
        self.closed = threading.Event()
        self.app = Flask(__name__)
        self.app.add_url_rule("/voice/incoming", view_func=self._incoming, methods=["POST"])
        self.app.add_url_rule("/voice/ended", view_func=lambda: ("", 204), methods=["POST"])
        self.app.add_url_rule("/stream-status", view_func=self._status, methods=["POST"])
        Sock(self.app).route("/flux")(self._flux)
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def _incoming(self) -> Response:
        stream = (
            f'<Stream url="ws://{self.host}/flux" statusCallback="/stream-status" name="oreille">'
            '<Parameter name="tour" value="3"/></Stream>'
        )
        return Response(f"<Response><Connect>{stream}</Connect><Say>suite</Say></Response>", mimetype="text/xml")

    def _status(self) -> Response:
        self.forms.put(request.form.to_dict())
        return Response(status=204)

    def _flux(self, socket) -> None:
        self.signature, self.socket = request.headers["X-Twilio-Signature"], socket
        try:
            while True:
                self.messages.put(json.loads(socket.receive()))
        except ConnectionClosed:
            self.closed.set()

    def next(self, event: str) -> dict:
        """The next message of that kind; others are passed over."""
        while (message := self.messages.get(timeout=LONGEST))["event"] != event:
            pass
        return message

    def send(self, sid: str, event: str, **more: object) -> None:
        self.socket.send(json.dumps({"event": event, "streamSid": sid, **more}))

    def play(self, sid: str, milliseconds: int, byte: bytes = b"\x10") -> None:
        self.send(sid, "media", media={"payload": base64.b64encode(byte * (8 * milliseconds)).decode()})


class Listener(Silent):
    """A caller who keeps every sound that reaches the ear."""

    def __init__(self) -> None:
        super().__init__()
        self.ear = bytearray()

    def sound(self, call, mulaw: bytes) -> None:
        self.ear += mulaw


@pytest.fixture
def application() -> Iterator[Application]:
    application = Application()
    yield application
    application.server.shutdown()
    application.server.server_close()
    application.thread.join(5)


@pytest.fixture
def service(application) -> Iterator[Service]:
    with Service(f"http://{application.host}") as service:
        yield service


@pytest.fixture
def listener(service) -> Listener:
    return Listener()


@pytest.fixture
def call(service, listener, application):
    """A call whose stream has begun."""
    placed: queue.Queue = queue.Queue()
    service.soon(lambda: placed.put(service.receive("+33612345678", "+33189000000", listener)))
    call = placed.get(timeout=LONGEST)
    application.connected = application.next("connected")
    application.start = application.next("start")
    return call


@pytest.fixture
def sid(call, application) -> str:
    return application.start["streamSid"]


def test_the_beginning_is_as_documented(call, application):
    start = application.start

    assert application.connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["sequenceNumber"] == "1"
    assert start["start"]["callSid"] == call.sid
    assert start["start"]["tracks"] == ["inbound"]
    assert start["start"]["customParameters"] == {"tour": "3"}
    assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


def test_the_handshake_is_signed(call, application):
    assert RequestValidator(AUTH_TOKEN).validate(f"ws://{application.host}/flux", {}, application.signature)


def test_frames_of_twenty_milliseconds_are_numbered_in_strings(call, application):
    frames = [application.next("media") for _ in range(5)]

    assert [frame["media"]["chunk"] for frame in frames] == ["1", "2", "3", "4", "5"]
    assert [frame["sequenceNumber"] for frame in frames] == ["2", "3", "4", "5", "6"]
    assert {len(base64.b64decode(frame["media"]["payload"])) for frame in frames} == {160}


def test_what_the_caller_says_is_carried(service, call, application):
    service.soon(lambda: call.make_sound(b"\x21" * 160))

    while base64.b64decode(application.next("media")["media"]["payload"]) != b"\x21" * 160:
        pass


def test_keys_are_told_on_the_literal_track(service, call, application):
    service.soon(lambda: call.press("5"))

    assert application.next("dtmf")["dtmf"] == {"track": "inbound_track", "digit": "5"}


def test_a_mark_with_nothing_before_it_comes_back_at_once(call, sid, application):
    application.send(sid, "mark", mark={"name": "rien"})

    assert application.next("mark")["mark"]["name"] == "rien"


def test_a_mark_comes_back_once_the_sound_before_it_was_heard(call, sid, application, listener):
    application.play(sid, 200)
    application.send(sid, "mark", mark={"name": "fin"})

    application.next("mark")

    assert bytes(listener.ear) == b"\x10" * 1600


def test_clear_stops_the_sound_and_returns_every_mark(call, sid, application, listener):
    application.play(sid, 5000)
    application.send(sid, "mark", mark={"name": "a"})
    application.send(sid, "mark", mark={"name": "b"})
    application.send(sid, "clear")

    assert [application.next("mark")["mark"]["name"] for _ in range(2)] == ["a", "b"]
    assert len(listener.ear) < 8 * 5000


def test_strange_messages_are_not_played_and_the_call_goes_on(call, sid, application, listener):
    application.play("MZother", 100)
    application.socket.send(b"\x00\x01\x02")
    application.socket.send("not json")
    application.send(sid, "media", media={"payload": "%%%"})
    application.send(sid, "mark", mark={"name": "encore là"})

    assert application.next("mark")["mark"]["name"] == "encore là"
    assert not listener.ear
    assert [fault.code for fault in call.faults] == [31951] * 4


def test_when_the_application_closes_the_next_verb_runs(call, application):
    application.socket.close()

    assert application.forms.get(timeout=LONGEST)["StreamEvent"] == "stream-started"
    assert application.forms.get(timeout=LONGEST)["StreamEvent"] == "stream-stopped"
    ended(call)
    assert [piece.text for piece in call.heard] == ["suite"]


def test_hanging_up_sends_exactly_one_stop_and_nothing_after(service, call, application):
    service.soon(call.hang_up)

    stop = application.next("stop")
    assert stop["stop"]["callSid"] == call.sid
    assert application.closed.wait(LONGEST)
    assert application.messages.empty()


def ended(call) -> None:
    """Wait until the call is over."""
    asyncio.run_coroutine_threadsafe(asyncio.wait_for(call.over.wait(), LONGEST), call.carrier.loop).result()
