"""Sound that goes where voices go and says nothing: recognisers hear it ahead of callers.

Vowels of three random resonances, hisses of a random band and pauses, each as long as a sound of speech; no language.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

RATE = 16000
LOUDEST = 12000
PAUSE = 0.003
"""A line's own noise, beside the loudest sound."""

Sound = np.ndarray[tuple[int], np.dtype[np.float64]]


@lru_cache(maxsize=8)
def gibberish(seed: int) -> bytes:
    """A second of it, 16-bit at 16 kHz; another seed is another second, the same seed the same."""
    random = np.random.default_rng(seed)
    sound = np.concatenate(list(_sounds(random)))[:RATE] + PAUSE * random.normal(size=RATE)
    return bytes((np.clip(sound, -2, 2) * LOUDEST).astype("<i2").tobytes())


def _sounds(random: np.random.Generator) -> Iterator[Sound]:
    """A second at least; eleven of twenty are voiced, six hiss, three are pauses."""
    pitch, filled = random.uniform(100, 220), 0
    while filled < RATE:
        length = round(RATE * random.uniform(0.05, 0.16))
        kind = random.integers(20)
        if kind < 11:
            sound = _vowel(random, pitch * random.uniform(0.85, 1.2), length)
        else:
            sound = _hiss(random, length) if kind < 17 else np.zeros(length)
        edge = np.minimum(np.arange(length), np.arange(length)[::-1])
        yield sound * np.minimum(1.0, edge / (0.01 * RATE))
        filled += length


def _vowel(random: np.random.Generator, pitch: float, length: int) -> Sound:
    """Harmonics under three resonances, where voices have them (Hz)."""
    harmonics = np.arange(pitch, 3800, pitch)[:, None]
    resonances = zip(random.uniform([250, 700, 2000], [900, 2400, 3400]), (90, 120, 180), (1.0, 0.6, 0.3), strict=True)
    loud = sum(share / (1 + ((harmonics - centre) / width) ** 2) for centre, width, share in resonances)
    phases = random.uniform(0, 2 * np.pi, harmonics.shape)
    sound = (loud * np.sin(2 * np.pi * harmonics * np.arange(length) / RATE + phases)).sum(axis=0)
    return np.asarray(sound / np.abs(sound).max() * random.uniform(0.3, 1))


def _hiss(random: np.random.Generator, length: int) -> Sound:
    """Noise around one frequency."""
    away = (np.fft.rfftfreq(length, 1 / RATE) - random.uniform(500, 5500)) / random.uniform(400, 1800)
    sound = np.fft.irfft(np.fft.rfft(random.normal(size=length)) * np.exp(-(away**2)), length)
    return np.asarray(sound / np.abs(sound).max() * random.uniform(0.05, 0.4))
