"""A telephone at the other end of the media socket: sends frames, plays what it gets, returns marks, knows `clear`."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import websocket
from flask import Flask
from speech_callers import Line
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from ivr.house import House
from ivr.media_app import is_carrier_at
from ivr.speech.mulaw import SILENCE
from ivr.telephony.media import MediaParts

TOKEN = "a-token"
SPEED = 6.0
"""How many times faster than life these calls go."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a port of its own; gives the socket's address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{server.server_port}/media"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def hurried(parts: MediaParts) -> MediaParts:
    """The parts for a carrier of the tests, whose calls go faster than life; a busy machine may be slow to begin."""
    parts.is_carrier = lambda request: is_carrier_at(TOKEN, f"ws://{request.host}")(request)
    parts.clock = lambda: time.monotonic() * SPEED * 10
    parts.start_seconds = 60 * SPEED * 10
    return parts


def standing(house: House, call_id: str = "CA1") -> dict[str, Any]:
    """The question at which the call stands."""
    return dict(house.calls.load(call_id))


def step(house: House) -> str:
    """The name of that question."""
    return str(standing(house)["where"][-1])


def signature(url: str, token: str = TOKEN) -> dict[str, str]:
    """The header the carrier sends with the handshake."""
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, {})}


@dataclass
class Phone:
    """One call's stream, as the carrier sees it."""

    url: str
    call: str
    ticket: str
    token: str = TOKEN
    takes: str = ""
    """The revision of recordings in the stream's parameters."""
    buffer: bytearray = field(default_factory=bytearray)
    marks: deque[tuple[int, str]] = field(default_factory=deque)
    heard: bytearray = field(default_factory=bytearray)
    clears: int = 0
    cleared_at: list[int] = field(default_factory=list)
    frames: int = 0
    received: int = 0
    closed: bool = False
    speed: float = SPEED

    def __enter__(self) -> Phone:
        self.socket = websocket.create_connection(self.url, header=signature(self.url, self.token), timeout=5)
        self.say_json(event="connected", protocol="Call", version="1.0.0")
        start = {
            "streamSid": "MZ1",
            "accountSid": "AC1",
            "callSid": self.call,
            "tracks": ["inbound"],
            "customParameters": {"ticket": self.ticket} | ({"takes": self.takes} if self.takes else {}),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        self.say_json(event="start", streamSid="MZ1", start=start)
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.socket.shutdown()

    def say_json(self, **message: object) -> None:
        """One message of the network."""
        self.say_text(json.dumps({"sequenceNumber": str(self.frames), "streamSid": "MZ1", **message}))

    def say_text(self, text: str) -> None:
        """Anything at all."""
        try:
            self.socket.send(text)
        except OSError:
            self.closed = True

    def frame(self, mulaw: bytes = SILENCE) -> None:
        """20 ms of line; meanwhile 20 ms of what we were sent is played."""
        started = time.monotonic()
        payload = base64.b64encode(mulaw).decode()
        media = {"track": "inbound", "chunk": str(self.frames), "timestamp": str(self.frames * 20), "payload": payload}
        self.say_json(event="media", media=media)
        self.frames += 1
        self.heard += self.buffer[:160]
        del self.buffer[:160]
        self._give_marks()
        self._listen(started + 0.02 / self.speed)

    def line(self, frames: list[bytes]) -> Phone:
        """Send these frames; stops when the other side hangs up."""
        for each in frames:
            if self.closed:
                break
            self.frame(each)
        return self

    def quiet(self, seconds: float) -> Phone:
        """Say nothing for so long."""
        return self.line(Line().quiet(seconds))

    def press(self, keys: str) -> Phone:
        """One key after the other."""
        for key in keys:
            self.say_json(event="dtmf", dtmf={"track": "inbound_track", "digit": key})
        return self

    def until(self, done: object, seconds: float = 30) -> Phone:
        """Quiet until something is so, at most so many seconds of the call."""
        for _ in range(round(seconds * 50)):
            if self.closed or done():  # type: ignore[operator]
                break
            self.frame(Line().quiet(0.02)[0])
        return self

    def rest(self, seconds: float) -> Phone:
        """Send nothing at all for so many real seconds; what comes is taken."""
        self._listen(time.monotonic() + seconds)
        return self

    def wait(self, done: Callable[[], bool], seconds: float = 10) -> Phone:
        """Send nothing until something is so."""
        give_up = time.monotonic() + seconds
        while not self.closed and not done() and time.monotonic() < give_up:
            self.rest(0.05)
        return self

    def until_prompt(self) -> Phone:
        """Quiet until something is being played."""
        return self.until(lambda: len(self.buffer) > 0)

    def until_played(self) -> Phone:
        """Quiet until the prompt has come and has been heard to its end."""
        self.until_prompt()
        self.speed *= 8  # nobody speaks: the time may fly
        self.until(lambda: not self.buffer and not self.marks, 90)
        self.speed = SPEED
        return self

    def until_closed(self, seconds: float = 30) -> Phone:
        """Quiet until the other side closes."""
        return self.until(lambda: False, seconds)

    def _give_marks(self) -> None:
        while self.marks and len(self.heard) >= self.marks[0][0]:
            self._give_mark()

    def _give_mark(self) -> None:
        _, name = self.marks.popleft()
        self.say_json(event="mark", mark={"name": name})

    def _listen(self, until: float) -> None:
        while not self.closed:
            self.socket.settimeout(max(0.0005, until - time.monotonic()))
            try:
                text = self.socket.recv()
            except (websocket.WebSocketTimeoutException, BlockingIOError):
                return
            except (websocket.WebSocketException, OSError):
                self.closed = True
                return
            if not text:
                self.closed = True
                return
            self._obey(json.loads(text))

    def _obey(self, message: dict[str, dict[str, str]]) -> None:
        self.received += 1
        match message["event"]:
            case "media":
                self.buffer += base64.b64decode(message["media"]["payload"])
            case "mark":
                self.marks.append((len(self.heard) + len(self.buffer), message["mark"]["name"]))
                self._give_marks()
            case "clear":
                self.clears += 1
                self.cleared_at.append(self.frames)
                self.buffer.clear()
                while self.marks:
                    self._give_mark()
