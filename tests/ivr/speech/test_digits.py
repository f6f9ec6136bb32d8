"""Voices through the whole path: µ-law, line noise, ears, PocketSphinx in its own process, matching.

Human ones where SPEECH_RECORDINGS names a folder of 8 kHz WAV files called `digit_speaker_index.wav`, such as the
Free Spoken Digit Dataset (CC BY-SA 4.0, not carried here); synthetic ones always.
"""

from __future__ import annotations

import os
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from speech_callers import LOUDNESS, Line, frames_of, levelled, pcm_of

from ivr.speech.decoders import Decoders
from ivr.speech.ears import Ears
from ivr.speech.recogniser import Question

pytestmark = pytest.mark.sound
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
FLOOR, SYNTHETIC_FLOOR = 0.80, 0.55
"""The goal is 87 % for people at 20 dB; under this floor something is broken."""


def recorded(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Every recording of the folder."""
    for path in sorted(folder.glob("[0-9]_*.wav")):
        with wave.open(str(path)) as file:
            yield DIGITS[int(path.name[0])], np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def synthetic() -> Iterator[tuple[str, np.ndarray]]:
    """Every digit by two voices, at two paces; single digits of a machine are harder than people's."""
    for digit in DIGITS:
        for voice, speed in (("en-US", 0.9), ("en-GB", 1.0)):
            yield digit, pcm_of(digit, voice, speed=speed)


def understood(digits: Iterator[tuple[str, np.ndarray]], decoders: Decoders, play) -> float:
    """The share that is understood on a line with noise 20 dB under the voice."""
    question = Question("en", DIGITS, "any", seconds=4)
    right: list[bool] = []
    with decoders.line() as decoder:
        ears = Ears(decoder.listen)
        for place, (digit, pcm) in enumerate(digits):
            line = Line(noise=LOUDNESS - 20, seed=place)
            ears.ask(question, playing=False)
            heard, _ = play(ears, line.quiet(0.4) + line.carry(frames_of(levelled(pcm))) + line.quiet(1))
            right.append(heard is not None and heard.words == digit)
            ears.close()
    return sum(right) / len(right)


def test_synthetic_digits_are_understood(decoders: Decoders, play):
    """Measured: 70 to 80 % of them, at 20 dB."""
    assert understood(synthetic(), decoders, play) >= SYNTHETIC_FLOOR


def test_four_of_five_human_digits_are_understood(decoders: Decoders, play):
    """English digits by people, on a telephone line."""
    folder = os.environ.get("SPEECH_RECORDINGS")
    if not folder:
        pytest.skip("SPEECH_RECORDINGS names no folder with spoken digits")

    assert understood(recorded(Path(folder)), decoders, play) >= FLOOR
