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

ONSET_WINDOW = 12
"""Frames up to the one that made the beginning (see onset.py) in which the answer's first voice is looked for."""


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
        self._recent: deque[bool] = deque(maxlen=ONSET_WINDOW)
        self.begun = False
        self.voiced = 0
        self.pause = 0
        self.length = 0

    def hear(self, voice: bool, begins: bool = False) -> None:
        """Take one frame's verdict; `begins` counts once."""
        self._recent.append(voice)
        if self.begun:
            self._go_on(voice)
        elif begins:
            since = list(self._recent)[self._recent.index(True) if any(self._recent) else -1 :]
            self.begun, self.voiced, self.length = True, sum(since), len(since)

    def _go_on(self, voice: bool) -> None:
        self.length += 1
        self.voiced += voice
        # One lone voiced frame in a pause is a breath or a click; it must not start the waiting anew.
        steady = voice and sum(list(self._recent)[-3:]) >= 2
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
