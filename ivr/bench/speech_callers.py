"""Many callers at the media socket in one thread: all they say is prepared beforehand, so that they cost little.

They answer marks, hear the prompt in life's own time, and may return its echo.
"""

from __future__ import annotations

import base64
import json
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

FRAME_SECONDS = 0.02
_UPGRADE = (
    "GET /media HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_START = {"streamSid": "MZ", "accountSid": "AC", "tracks": ["inbound"], "customParameters": {"ticket": "t"},
          "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}  # fmt: skip


def text_frame(text: bytes) -> bytes:
    """A client's WebSocket message (RFC 6455, 5.2), masked with nothing: that costs the sender nothing."""
    size = len(text)
    head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + struct.pack(">H", size)
    return head + bytes(4) + text


class HungUp(ConnectionError):
    """The other side said good-bye."""


class Socket:
    """One caller's socket: what is sent, what has come."""

    def __init__(self, port: int, call: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line.sendall(_UPGRADE.encode())
        came = b""
        while b"\r\n\r\n" not in came:
            came += self._line.recv(4096)
        self._bytes = bytearray(came.partition(b"\r\n\r\n")[2])
        self._frames, self._gone = 0, False
        self.say({"event": "connected"})
        self.say({"event": "start", "streamSid": "MZ", "start": {**_START, "callSid": call}})

    def say(self, message: dict[str, object]) -> None:
        """One message of the carrier's."""
        self._line.sendall(text_frame(json.dumps(message).encode()))

    def frame(self, payload: str) -> None:
        """The next 20 ms of line."""
        self._frames += 1
        text = (
            f'{{"event":"media","sequenceNumber":"{self._frames}","media":{{"track":"inbound",'
            f'"chunk":"{self._frames}","timestamp":"{self._frames * 20}","payload":"{payload}"}},"streamSid":"MZ"}}'
        )
        self._line.sendall(text_frame(text.encode()))

    def came(self) -> Iterable[dict[str, Any]]:
        """Every message that has arrived; raises ConnectionError when the other side is gone."""
        while select.select([self._line], [], [], 0)[0]:
            more = self._line.recv(65536)
            self._bytes += more
            if not more:
                self._gone = True
                break
        while text := self._whole():
            yield json.loads(text)
        if self._gone:
            raise ConnectionError

    def _whole(self) -> bytes:
        if len(self._bytes) < 4:
            return b""
        short = self._bytes[1] < 126
        begin, size = (2, self._bytes[1]) if short else (4, int.from_bytes(self._bytes[2:4], "big"))
        if len(self._bytes) < begin + size:
            return b""
        if self._bytes[0] & 0xF != 1:
            raise HungUp
        text = bytes(self._bytes[begin : begin + size])
        del self._bytes[: begin + size]
        return text

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class Prompt:
    """What the caller has been sent and not heard yet; gives marks back when their time has come."""

    def __init__(self, line: Socket) -> None:
        self._line = line
        self._waiting: deque[bytes | str] = deque()
        self.began_at = 0.0
        """When the newest prompt's first sound came."""
        self.cleared_at = 0.0
        self.marks = 0
        """Prompts heard to their end, or cut."""

    def listen(self) -> None:
        """Take what has come; when the network says clear, all marks go back at once."""
        now = time.monotonic()
        for message in self._line.came():
            if message["event"] == "media":
                if not self._waiting:
                    self.began_at = now
                self._waiting.append(base64.b64decode(message["media"]["payload"]))
            elif message["event"] == "mark":
                self._waiting.append(message["mark"]["name"])
            elif message["event"] == "clear":
                self.cleared_at = now
                waiting, self._waiting = self._waiting, deque()
                for each in waiting:
                    self._give(each)

    def tick(self) -> bytes:
        """20 ms more: what is heard now, b"" for nothing."""
        heard = b""
        if self._waiting and isinstance(sound := self._waiting[0], bytes):
            heard = sound
            self._waiting.popleft()
        while self._waiting and isinstance(self._waiting[0], str):
            self._give(self._waiting.popleft())
        return heard

    @property
    def playing(self) -> bool:
        """Is something to be heard?"""
        return bool(self._waiting)

    def _give(self, each: bytes | str) -> None:
        if isinstance(each, str):
            self.marks += 1
            self._line.say({"event": "mark", "streamSid": "MZ", "mark": {"name": each}})


def payloads(frames: Iterable[bytes]) -> list[str]:
    """Frames as they travel."""
    return [base64.b64encode(frame).decode("ascii") for frame in frames]


def in_lifes_time(callers: Sequence[Callable[[], None]], seconds: float) -> None:
    """Call every caller once in 20 ms, spread over them, for so long."""
    began, done = time.monotonic(), 0
    step = FRAME_SECONDS / len(callers)
    while done * step < seconds:
        wait = began + done * step - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        callers[done % len(callers)]()
        done += 1
