"""What is played to the caller on a stream: 20 ms frames a little ahead of time, a mark behind each prompt, clear."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from ivr.telephony import stream

AHEAD = 40
"""Frames sent before they are due: enough for a stuttering network, little enough for a quick farewell."""
MARK_IS_LATE = 150
"""Frames after the last sound by which a mark must have come back; a network that sends none must not hang the call."""


class Player:
    """Plays to one stream; `tick` once per 20 ms."""

    def __init__(self, send: Callable[[str], None], stream_id: str) -> None:
        self._send, self._stream = send, stream_id
        self._waiting: deque[bytes | str] = deque()
        self._ahead: deque[bytes] = deque()
        self._marks: deque[str] = deque()
        self._late = 0
        self._count = 0
        self.cleared = 0
        """How often the caller cut us short."""

    def play(self, mulaw: bytes) -> None:
        """Put a prompt behind what is already waiting."""
        for start in range(0, len(mulaw), stream.FRAME_BYTES):
            self._waiting.append(mulaw[start : start + stream.FRAME_BYTES])
        self._count += 1
        self._waiting.append(f"prompt-{self._count}")
        self._late = 0
        self._fill()

    @property
    def playing(self) -> bool:
        """Is something still to be heard?"""
        return bool(self._waiting or self._marks)

    def tick(self) -> bytes:
        """20 ms have passed; gives what the caller hears now (b"" when nothing), and sends what is due."""
        now = self._ahead.popleft() if self._ahead else b""
        self._fill()
        if self._marks and not now and not self._waiting:
            self._late += 1
            if self._late > MARK_IS_LATE:
                self._marks.clear()
        return now

    def reached(self, name: str) -> None:
        """A mark came back: all before it has been played."""
        while name in self._marks:
            self._marks.popleft()
        if not self._marks and not self._waiting:
            self._ahead.clear()

    def stop(self) -> None:
        """The caller has begun: throw away what waits here and over there."""
        if not self.playing:
            return
        self._waiting.clear()
        self._ahead.clear()
        self._marks.clear()
        self.cleared += 1
        self._send(stream.clear(self._stream))

    def _fill(self) -> None:
        while self._waiting and len(self._ahead) < AHEAD:
            each = self._waiting.popleft()
            if isinstance(each, str):
                self._marks.append(each)
                self._send(stream.mark(self._stream, each))
            else:
                self._ahead.append(each)
                self._send(stream.sound(self._stream, each))
