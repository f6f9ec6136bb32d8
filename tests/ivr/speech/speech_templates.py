"""A recogniser for tests that hears French with no model at all: spoken templates and time warping.

It knows whole sentences in a known synthetic voice; it hears test callers, not people.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import soxr
from speech_callers import Line, frames_of, pcm_of

from ivr.speech.recogniser import Guess, Question

WINDOW, STEP, BANDS = 200, 80, 20


@lru_cache(maxsize=1)
def _filters() -> np.ndarray:
    """Triangles on a mel scale from 150 to 3700 Hz."""
    mel = np.linspace(np.log(1 + 150 / 700), np.log(1 + 3700 / 700), BANDS + 2)
    bins = np.round((np.exp(mel) - 1) * 700 / 8000 * 256).astype(int)
    filters = np.zeros((BANDS, 129))
    for band in range(BANDS):
        low, middle, high = bins[band : band + 3]
        filters[band, low:middle] = np.linspace(0, 1, max(1, middle - low), endpoint=False)
        filters[band, middle : high + 1] = np.linspace(1, 0, high + 1 - middle)
    return filters


def features(pcm: np.ndarray) -> np.ndarray:
    """Log energies of mel bands, every 10 ms of 8 kHz sound, without the quiet around the voice."""
    frames = np.lib.stride_tricks.sliding_window_view(pcm.astype(float), WINDOW)[::STEP] * np.hamming(WINDOW)
    energies = np.log(np.abs(np.fft.rfft(frames, 256)) ** 2 @ _filters().T + 1e4)
    loud = np.flatnonzero(energies.mean(axis=1) > energies.mean(axis=1).max() - 5)
    energies = energies[loud[0] : loud[-1] + 1]
    return energies - energies.mean(axis=0)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """How unlike two sounds are when one may be said faster than the other."""
    costs = np.sqrt(((one[:, None, :] - other[None, :, :]) ** 2).mean(axis=2))
    row = np.full(len(other), np.inf)
    row[0] = costs[0, 0]
    for cost in costs[1:]:
        padded = np.concatenate(([np.inf, np.inf], row))
        row = cost + np.minimum(np.minimum(padded[2:], padded[1:-1]), padded[:-2])
    return float(row[-1] / len(one))


class TemplateRecogniser:
    """One answer, held against every sentence it knows."""

    def __init__(self, templates: dict[str, np.ndarray]) -> None:
        self._templates = templates
        self._sound = bytearray()

    def feed(self, pcm16k: bytes) -> None:
        """Keep it."""
        self._sound += pcm16k

    def partial(self) -> str:
        """Nothing before the end."""
        return ""

    def finish(self) -> Guess:
        """The nearest sentence."""
        wide = np.frombuffer(bytes(self._sound), dtype="<i2").astype(np.float32)
        said = features(soxr.resample(wide, 16000, 8000))
        near = sorted((distance(said, template), text) for text, template in self._templates.items())
        return Guess(near[0][1], 0.9, tuple(text for _, text in near[1:3]))

    def close(self) -> None:
        """Nothing to let go of."""


class TemplateLines:
    """Stands where the decoders stand, for sentences that were taught."""

    languages = ("fr",)
    free, limit, restarts = 8, 8, 0

    def __init__(self, sentences: tuple[str, ...], voice: str = "fr") -> None:
        line = Line()
        self._templates = {
            text: features(np.concatenate([_decoded(line.carry(frames_of(pcm_of(text, voice))))])) for text in sentences
        }

    @contextmanager
    def line(self):
        """Any number of lines."""
        yield self

    def listen(self, question: Question) -> TemplateRecogniser:
        """Whatever the question, all sentences are expected."""
        return TemplateRecogniser(self._templates)

    def prepare(self, question: Question) -> None:
        """Nothing to prepare."""


def _decoded(frames: list[bytes]) -> np.ndarray:
    from ivr.speech.mulaw import to_pcm

    return to_pcm(b"".join(frames))
