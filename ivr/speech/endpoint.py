"""Has the caller begun, has she finished? Pure; it counts frames of 20 ms, not seconds.

    short  yes or no, a key word          a pause of 0.5 s ends it
    long   dates, numbers, names          1.2 s
    group  numbers read out in groups     1.5 s, even when it could be complete

When the words so far already answer the question, a shorter pause is enough, and the shortest when nothing could
follow («settled»): people leave 0.2 s between turns, and every tenth of a second of waiting is heard.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ivr.speech.mulaw import FRAMES_A_SECOND
from ivr.speech.recogniser import Question

STRONG_COUNTS = 3
"""A strong frame among them, of which the first two of a voice are never any: it takes three to be restless."""
ONSET_WINDOW = 12
"""Frames looked at for a beginning: «the fifth» and «au parterre» begin with a short syllable and a gap."""
ONSET = 5
"""Voiced frames among them that make one: 100 ms of voice, or 60 of a strong one.

Over our own prompt, its echo 22 dB weaker, 19 of 20 answers begin within 180 to 220 ms at 42 and 20 dB, the middle one
after 60 to 80; with a window of 8 and every frame counted once it was 280 to 400, and 100.
"""


@dataclass(frozen=True)
class Waits:
    """How long, in frames, each kind of waiting lasts."""

    settled: int
    answer: int
    pause: int
    longest: int
    between_keys: int


SHORT = Waits(settled=20, answer=24, pause=26, longest=10 * FRAMES_A_SECOND, between_keys=3 * FRAMES_A_SECOND)
LONG = Waits(settled=22, answer=36, pause=60, longest=25 * FRAMES_A_SECOND, between_keys=4 * FRAMES_A_SECOND)
GROUPS = Waits(settled=75, answer=75, pause=75, longest=40 * FRAMES_A_SECOND, between_keys=5 * FRAMES_A_SECOND)


def waits_for(question: Question) -> Waits:
    """The waits that suit the kind of answer expected."""
    if question.is_long_entry:
        return GROUPS
    return LONG if question.patience == "long" else SHORT


class Endpoint:
    """Follows one answer from its first voiced frame to the pause that ends it."""

    def __init__(self, waits: Waits) -> None:
        self.waits = waits
        self._recent: deque[int] = deque(maxlen=ONSET_WINDOW)
        self.begun = False
        self.voiced = 0
        self.pause = 0
        self.length = 0

    def hear(self, voice: bool, strong: bool = False) -> None:
        """Take one frame's verdict."""
        self._recent.append(STRONG_COUNTS if strong else voice)
        if self.begun:
            self._go_on(voice)
        elif sum(self._recent) >= ONSET:
            since = list(self._recent)[next(place for place, each in enumerate(self._recent) if each) :]
            self.begun, self.voiced, self.length = True, sum(map(bool, since)), len(since)

    def _go_on(self, voice: bool) -> None:
        self.length += 1
        self.voiced += voice
        # One lone voiced frame in a pause is a breath or a click; it must not start the waiting anew.
        steady = voice and sum(map(bool, list(self._recent)[-3:])) >= 2
        self.pause = 0 if steady else self.pause + 1

    @property
    def span(self) -> int:
        """Frames from the beginning to the last voice."""
        return max(0, self.length - self.pause)

    def is_over(self, completeness: str) -> bool:
        """Has she finished, given that the words so far are `settled`, an `answer`, or still `open`?"""
        if not self.begun:
            return False
        enough = {"settled": self.waits.settled, "answer": self.waits.answer}.get(completeness, self.waits.pause)
        return self.pause >= enough or self.length >= self.waits.longest

    @property
    def may_be_over(self) -> bool:
        """Is it worth asking what the words so far are?"""
        return self.begun and self.pause >= self.waits.settled
