"""From microphone frames to deeds: when a sound began, when it ended, and what a recogniser made of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from ivr.simulator.call import Listening
from ivr.simulator.caller_deeds import Deed, SoundBegan, SoundEnded
from ivr.simulator.recordings import linear

Recognise = Callable[[bytes, Listening], tuple[str, float | None]]
"""From raw µ-law and what is listened for to words (empty for none) and a confidence."""

FRAME = 160
LOUD = 500.0
"""Root mean square above which a frame is somebody speaking; a quiet room is well under."""
BEGINS_AFTER = 4
ENDS_AFTER = 35
KEPT_BEFORE = 15


class Ear:
    """Cuts a stream of sound into utterances, 20 ms at a time."""

    def __init__(self) -> None:
        self._rest = b""
        self._before: deque[bytes] = deque(maxlen=KEPT_BEFORE)
        self._loud = self._quiet = 0
        self.utterance: list[bytes] | None = None

    def hear(self, mulaw: bytes) -> list[tuple[Deed, bytes]]:
        """What began or ended in this stretch of sound; an end brings the whole utterance."""
        self._rest += mulaw
        found = []
        while len(self._rest) >= FRAME:
            frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            deed = self._frame(frame)
            if deed is not None:
                found.append(deed)
        return found

    def _frame(self, frame: bytes) -> tuple[Deed, bytes] | None:
        samples = linear(frame).astype(np.float64)
        loud = float(np.sqrt(np.mean(samples * samples))) > LOUD
        self._loud, self._quiet = (self._loud + 1, 0) if loud else (0, self._quiet + 1)
        if self.utterance is None:
            self._before.append(frame)
            if self._loud < BEGINS_AFTER:
                return None
            self.utterance = list(self._before)
            return SoundBegan(), b""
        self.utterance.append(frame)
        if self._quiet < ENDS_AFTER:
            return None
        whole, self.utterance = b"".join(self.utterance), None
        self._before.clear()
        return SoundEnded(), whole
