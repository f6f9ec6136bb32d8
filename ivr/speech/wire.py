"""What a line and its decoder say to each other over their socket: one letter, a length, a load.

to the decoder   L question as JSON   A sound, 16 kHz   F finish   X drop it         U which phrases can it not hear?
from it          H hello, its pid     O listening       E error    P words so far   G the guess   V these it cannot
"""

from __future__ import annotations

import json
import select
import socket
import struct
from typing import Any

from ivr.speech.recogniser import Guess, ModelMissing, NothingToHear, Question, SpeechError

_HEAD = struct.Struct(">cI")
LARGEST = 4_000_000
"""Bytes; two minutes of sound at 16 kHz."""


def send(line: socket.socket, kind: bytes, load: bytes = b"") -> None:
    """One message; raises OSError."""
    line.sendall(_HEAD.pack(kind, len(load)) + load)


class Inbox:
    """Messages as they arrive, whole."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._bytes = bytearray()

    def whole(self) -> tuple[bytes, bytes] | None:
        """The next message if it is all here."""
        if len(self._bytes) < _HEAD.size:
            return None
        kind, length = _HEAD.unpack_from(self._bytes)
        if length > LARGEST:
            raise ConnectionError("a message too large")
        if len(self._bytes) < _HEAD.size + length:
            return None
        load = bytes(self._bytes[_HEAD.size : _HEAD.size + length])
        del self._bytes[: _HEAD.size + length]
        return kind, load

    def wait(self) -> tuple[bytes, bytes]:
        """The next message; raises OSError when the other end is gone or the socket's own time is up."""
        while True:
            message = self.whole()
            if message:
                return message
            self._more(self._line.recv(65536))

    def arrived(self) -> list[tuple[bytes, bytes]]:
        """Every message that has arrived; never waits."""
        waiting = select.poll()
        waiting.register(self._line, select.POLLIN)
        while waiting.poll(0):
            self._more(self._line.recv(65536))
        return list(iter(self.whole, None))

    def _more(self, received: bytes) -> None:
        if not received:
            raise ConnectionError("the other end is gone")
        self._bytes += received


def question_to(question: Question) -> bytes:
    """A question as it travels; `asdict` would copy each of its thousands of phrases first."""
    return json.dumps(vars(question), ensure_ascii=False).encode()


def question_from(load: bytes) -> Question:
    """What `question_to` wrote."""
    fields: dict[str, Any] = json.loads(load)
    fields["phrases"] = tuple(fields["phrases"])
    return Question(**fields)


def phrases_to(phrases: tuple[str, ...]) -> bytes:
    """Phrases as they travel."""
    return json.dumps(phrases, ensure_ascii=False).encode()


def phrases_from(load: bytes) -> tuple[str, ...]:
    """What `phrases_to` wrote."""
    return tuple(json.loads(load))


def guess_to(guess: Guess) -> bytes:
    """A guess as it travels."""
    return json.dumps(guess, ensure_ascii=False).encode()


def guess_from(load: bytes) -> Guess:
    """What `guess_to` wrote."""
    text, confidence, alternatives = json.loads(load)
    return Guess(text, confidence, tuple(alternatives))


def error_to(error: SpeechError) -> bytes:
    """Why it cannot listen."""
    return json.dumps([type(error).__name__, *error.args], ensure_ascii=False).encode()


def error_from(load: bytes) -> SpeechError:
    """What `error_to` wrote."""
    name, *facts = json.loads(load)
    if name == "NothingToHear":
        return NothingToHear(facts[0], tuple(facts[1]))
    return ModelMissing(*facts) if name == "ModelMissing" else SpeechError(name, *facts)
