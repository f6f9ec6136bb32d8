"""Lines as they are: packets lost and late, our own prompt coming back, and callers who stop in the middle."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from speech_phone import Phone

from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, from_pcm, to_pcm

ECHO_FRAMES = 8
"""The way through a handset and back: 160 ms."""


@dataclass
class BadLine(Phone):
    """A telephone whose frames get lost (a share), come late together (so many at once), and carry an echo (dB)."""

    loss: float = 0.0
    clump: int = 1
    echo: float | None = None
    seed: int = 5
    echoes: int = 0
    """Frames in which our own voice came back."""
    _held: list[dict[str, object]] = field(default_factory=list)
    _back: deque[bytes] = field(default_factory=lambda: deque([SILENCE] * ECHO_FRAMES))

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def frame(self, mulaw: bytes = SILENCE) -> None:
        """What she says, with what her handset gives back of us."""
        self._back.append(bytes(self.buffer[:FRAME_SAMPLES]).ljust(FRAME_SAMPLES, SILENCE[:1]))
        super().frame(self._with_echo(mulaw, self._back.popleft()))

    def say_json(self, **message: object) -> None:
        """Sound may be lost or late; keys, marks and the rest are not."""
        if message.get("event") == "media":
            if self._random.random() >= self.loss:
                self._held.append(message)
            if len(self._held) < self.clump:
                return
        held, self._held = self._held, []
        for each in held:
            super().say_json(**each)
        if message.get("event") != "media":
            super().say_json(**message)

    def _with_echo(self, mulaw: bytes, ours: bytes) -> bytes:
        if self.echo is None or not ours.strip(SILENCE[:1]):
            return mulaw
        self.echoes += 1
        mixed = to_pcm(mulaw) + to_pcm(ours) * 10 ** (self.echo / 20)
        return from_pcm(np.clip(mixed, -32767, 32767).astype(np.int16))
