"""How likely is it that the words really were said, and are not only the least wrong of the question's phrases?

Three measures of one decoded answer, weighed by a logistic regression over 144 answers and 240 words outside the
question (three speakers' digits, two synthetic voices, 20 dB). An engine's own confidence is not among them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ivr.speech.cepstra import Floats
from ivr.speech.wideband import voiced_frames

PER_FIT, PER_LENGTH, PER_LEFT_OUT, BASE = 1.9, -0.21, -13.3, 9.84
"""What each measure adds to the logarithm of the odds."""
LEAST = -1.5
"""Logarithm of the odds under which the words are not believed: one right answer of a hundred lies there (digits of six
speakers, 20 dB), and three of four phrases outside the question. At -0.5 it were three, and four of five."""
LEAST_OF_SEVERAL, LEAST_OF_YES = 0.25, 0.5
"""The same for several words, of which some fit nearly any sound, and for a yes or no, on which money hangs. Three of
four right sentences lie above 0.25, and one of eight strange phrases (34 and 96, 20 dB)."""
NEIGHBOURS = 3
"""Frames that a word's edges may be off."""


class Word(NamedTuple):
    """One word of the decoded answer, in frames of 10 ms, `score` being its acoustic score as a logarithm."""

    first: int
    last: int
    score: float
    sounds: int


def odds(words: Sequence[Word], channels: Floats) -> float:
    """Logarithm of the odds that these words were said in the sound with these (frames, 25) channels."""
    frames = sum(word.last - word.first + 1 for word in words)
    if not frames:
        return -math.inf
    fit = sum(word.score for word in words) / frames
    length = frames / max(1, sum(word.sounds for word in words))
    return BASE + PER_FIT * fit + PER_LENGTH * length + PER_LEFT_OUT * left_out(words, channels)


def least(words: Sequence[Word], context: str) -> float:
    """The logarithm of the odds from which these words are believed as an answer to this kind of question."""
    if context == "confirm":
        return LEAST_OF_YES
    return LEAST_OF_SEVERAL if len(words) > 1 else LEAST


def left_out(words: Sequence[Word], channels: Floats) -> float:
    """The share of the voice that lies before the first word or behind the last: it said something else."""
    voiced = voiced_frames(channels)
    first, last = words[0].first - NEIGHBOURS, words[-1].last + NEIGHBOURS
    return float(np.mean((voiced < first) | (voiced > last)))


def confidence(log_odds: float) -> float:
    """The odds as a number from 0 to 1."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))
