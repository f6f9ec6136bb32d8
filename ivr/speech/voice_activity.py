"""Is somebody speaking in this frame, and is it somebody who has just begun to speak to us?

Two questions, two judges. A beginning cuts our prompt, so it must be a voice and not ourselves (onset.py, echo.py); an
answer that has begun ends with a pause, for which loudness above the line's running noise floor is enough.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from ivr.speech.mulaw import QUIETEST, level
from ivr.speech.onset import Onset

ABOVE_FLOOR = 6.0
"""dB a voice must stand above the line's own noise; a loud noise is steadier, and ABOVE_LOUD is enough there."""
ABOVE_LOUD = 4.0
LOUD = -45.0
QUIET = -52.0
"""dBFS under which a telephone carries no voice."""
FLOOR_FRAMES = 100
"""Two seconds: long enough to hold a pause between words, short enough to follow a passing tram."""
STEADY = 0.4
"""dB within which a hum or a tone keeps for 100 ms; a voice moves by more, even in a long vowel."""


class Floor:
    """The line's own noise, in dBFS: the quiet fifth of the last two seconds."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=FLOOR_FRAMES)
        self._floor = QUIETEST
        self._since = 0

    def hear(self, loudness: float) -> float:
        """Take one frame's level, give the floor."""
        self._levels.append(loudness)
        self._since += 1
        if self._since >= 5 or len(self._levels) <= 10:
            self._since = 0
            ordered = sorted(self._levels)
            self._floor = min(-30.0, ordered[len(ordered) // 5])
        return self._floor


class Judged(NamedTuple):
    """One frame: does it hold a voice, has somebody begun to speak with it?"""

    voice: bool
    begins: bool = False


class VoiceActivity:
    """One line's judge.

    WebRTC's detector was tried too: it takes hums, tones and every steady noise for voices (at 10 dB not one of 90
    answers ever ended), and beside these judges it changed nothing.
    """

    def __init__(self) -> None:
        self._floor, self._onset = Floor(), Onset()
        self._loud: deque[float] = deque(maxlen=5)

    def sent(self, mulaw: bytes) -> None:
        """One frame of our own prompt is going out now, b"" for none."""
        self._onset.echo.sent(mulaw)

    def afresh(self) -> None:
        """We wait for a new beginning."""
        self._onset.afresh()

    def hear(self, mulaw: bytes, *, begun: bool = False) -> Judged:
        """Judge 20 ms of µ-law; `begun` while the caller is known to be answering."""
        voice = self._is_voice(level(mulaw))
        if begun:
            self._onset.pass_over(mulaw)
            return Judged(voice)
        return Judged(voice, self._onset.hear(mulaw))

    def _is_voice(self, loudness: float) -> bool:
        floor = self._floor.hear(loudness)
        above = ABOVE_LOUD if floor > LOUD else ABOVE_FLOOR
        if loudness < max(QUIET, floor + above, self._onset.echo.loudness):
            self._loud.clear()
            return False
        self._loud.append(loudness)
        return len(self._loud) < 5 or self._is_restless()

    def _is_restless(self) -> bool:
        """No hum, no tone, which keep one level for 100 ms (the quietest frame may be its beginning)."""
        ordered = sorted(self._loud)
        return ordered[-1] - ordered[1] >= STEADY
