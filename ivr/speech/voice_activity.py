"""Is somebody speaking in this frame? A running noise floor, the restlessness of voices, the echo of our own prompt."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from ivr.speech.mulaw import QUIETEST, level

ABOVE_FLOOR = 6.0
"""dB a voice must stand above the line's own noise; a loud noise is steadier, and ABOVE_LOUD is enough there."""
ABOVE_LOUD = 4.0
LOUD = -45.0
QUIET = -52.0
"""dBFS under which a telephone carries no voice."""
FLOOR_FRAMES = 100
"""Two seconds: long enough to hold a pause between words, short enough to follow a passing tram."""


LEARNT = 50
"""Frames of our own sound after which the line's echo is known."""
FEARED, HOPED = -16.0, -30.0
"""dB from what we send to its echo: before we know the line, and on the best of lines."""


STRONG = 10.0
"""dB above what a voice needs here: nobody coughs so loud by chance, and half as many such frames make a beginning."""
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


class Echo:
    """How loud our own prompt may come back: 16 dB under what was sent, until a second of prompt has taught better."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque([QUIETEST], maxlen=30)
        self._coupling: deque[float] = deque(maxlen=150)

    def sent(self, loudness: float) -> None:
        """One frame of ours went out (or, with -96, none did)."""
        self._sent.append(loudness)

    def learn(self, loudness: float) -> None:
        """One frame came in while nobody seemed to speak."""
        loudest = max(self._sent)
        if loudest > -45:
            self._coupling.append(loudness - loudest)

    @property
    def ceiling(self) -> float:
        """dBFS up to which what comes in may be ourselves."""
        loudest = max(self._sent)
        if loudest < -60:
            return QUIETEST
        if len(self._coupling) < LEARNT:
            return loudest + FEARED
        ordered = sorted(self._coupling)
        return loudest + min(-6.0, max(HOPED, ordered[len(ordered) * 95 // 100] + 3))


class Judged(NamedTuple):
    """One frame: does it hold a voice, how loud is it in dBFS, is it restless and far above all but the caller?"""

    voice: bool
    loudness: float
    strong: bool = False


class VoiceActivity:
    """One line's judge: a voice stands above the line's own noise and never keeps still.

    WebRTC's detector was tried too: it takes hums, tones and every steady noise for voices (at 10 dB not one of 90
    answers ever ended), and beside these two judges it changed nothing.
    """

    def __init__(self) -> None:
        self._floor = Floor()
        self._loud: deque[float] = deque(maxlen=5)

    def is_voice(self, mulaw: bytes, ceiling: float = QUIETEST) -> Judged:
        """Judge 20 ms of µ-law, of which all up to `ceiling` (dBFS) may be ourselves."""
        loudness = level(mulaw)
        floor = self._floor.hear(loudness)
        above = ABOVE_LOUD if floor > LOUD else ABOVE_FLOOR
        needed = max(QUIET, floor + above, ceiling)
        if loudness < needed:
            self._loud.clear()
            return Judged(False, loudness)
        self._loud.append(loudness)
        restless = self._is_restless()
        voice = restless or len(self._loud) < 5
        return Judged(voice, loudness, restless and loudness >= needed + STRONG)

    def _is_restless(self) -> bool:
        """No hum, no tone, which keep one level for 100 ms (the quietest frame may be its beginning)."""
        ordered = sorted(self._loud)
        return len(ordered) >= 3 and ordered[-1] - ordered[1] >= STEADY
