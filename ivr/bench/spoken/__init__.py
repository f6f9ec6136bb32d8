"""What the speech bench says and plays: questions and answers per language, synthetic voices, noise, recordings."""

from __future__ import annotations

import tomllib
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, Samples, from_pcm, to_pcm
from ivr.speech.recogniser import Question

LOUDNESS = -20.0
CLEAN = 42.0
"""dB of voice over a good line's own noise."""
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Utterance:
    """One answer: to which question, what was said, and its sound at 8 kHz; `expected` is "" for words outside it."""

    question: Question
    expected: str
    pcm: Samples


def corpus(language: str) -> tuple[list[Utterance], list[Utterance]]:
    """The answers of a language, and words outside the questions; both empty where nothing is written."""
    path = Path(__file__).parent / f"{language}.toml"
    if not path.exists():
        return [], []
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    inside, outside = [], []
    for each in written["question"]:
        question = Question(language, tuple(each["phrases"]), each["context"], each.get("patience", "short"), seconds=5)
        for voice in written["voices"]:
            inside += [Utterance(question, said, spoken(said, voice)) for said in each["said"]]
            outside += [Utterance(question, "", spoken(said, voice)) for said in written["outside"]]
    return inside, outside


def recordings(folder: Path) -> list[Utterance]:
    """Spoken English digits, 8 kHz WAV files named `digit_speaker_index.wav`."""
    question = Question("en", DIGITS, "any", seconds=5)
    return [Utterance(question, DIGITS[int(path.name[0])], _wav(path)) for path in sorted(folder.glob("[0-9]_*.wav"))]


def spoken(text: str, voice: str) -> Samples:
    """The text by SVOX Pico, without the silence around it."""
    from prompts.synthetic import rendered

    pcm = to_pcm(rendered(text, voice))
    loud = np.flatnonzero(np.abs(pcm) > np.abs(pcm).max() * 0.01)
    return pcm[loud[0] : loud[-1] + 1]


def on_line(
    pcm: Samples, decibels: float, seed: int, before: float = 0.4, after: float = 2.5
) -> tuple[list[bytes], int]:
    """20 ms frames of a telephone line with noise so many dB under the voice, and the frame at which the voice ends."""
    power = float(np.sqrt(np.mean(np.square(pcm.astype(np.float32)))))
    voice = np.clip(pcm * (10 ** (LOUDNESS / 20) * 32768 / power), -32767, 32767)
    lead, tail = np.zeros(round(before * 8000)), np.zeros(round(after * 8000))
    whole = np.concatenate([lead, voice, tail])
    noise = np.convolve(np.random.default_rng(seed).normal(size=len(whole) + 3), [0.4, 0.3, 0.2, 0.1], mode="valid")
    noise *= 10 ** ((LOUDNESS - decibels) / 20) * 32768 / 0.5477
    mulaw = from_pcm(np.clip(whole + noise, -32767, 32767).astype(np.int16))
    return list(_frames(mulaw)), -(-(len(lead) + len(voice)) // FRAME_SAMPLES)


def _frames(mulaw: bytes) -> Iterator[bytes]:
    for start in range(0, len(mulaw), FRAME_SAMPLES):
        frame = mulaw[start : start + FRAME_SAMPLES]
        yield frame + SILENCE[len(frame) :]


def _wav(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
