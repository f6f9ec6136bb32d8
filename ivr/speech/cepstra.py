"""16 kHz sound to the numbers that the English model was trained on: 25 logarithmic mel channels, 13 cepstra a frame.

The same as PocketSphinx's own front end computes (Slaney's unit-area filters over 130 to 6800 Hz, DCT-II, lifter 22,
its `feat.params`), but in our hands, so that a telephone's missing band and noise can be reckoned with in between.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATE, SHIFT, WINDOW, FFT = 16000, 160, 410, 512
"""Samples: a frame every 10 ms, of 25.6 ms."""
CHANNELS, CEPSTRA = 25, 13
LOWEST, HIGHEST = 130.0, 6800.0
EMPHASIS, LIFTER = 0.97, 22
_FLOOR = 1e-4


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _filters() -> Floats:
    mels = np.linspace(_mel(LOWEST), _mel(HIGHEST), CHANNELS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    step = RATE / FFT
    edges = np.round(edges / step) * step
    hertz = np.arange(FFT // 2 + 1) * step
    low, middle, high = (edges[place : place + CHANNELS, None] for place in range(3))
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low))


def _cosines() -> Floats:
    order, channel = np.arange(CEPSTRA)[:, None], np.arange(CHANNELS)[None]
    table = np.cos(np.pi / CHANNELS * order * (channel + 0.5)) * np.sqrt(2 / CHANNELS)
    table[0] = np.sqrt(1 / CHANNELS)
    return np.asarray(table)


_FILTERS, _COSINES = _filters(), _cosines()
_HAMMING = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
_LIFT = 1 + LIFTER / 2 * np.sin(np.arange(CEPSTRA) * np.pi / LIFTER)


def cepstra(channels: Floats) -> Floats:
    """(frames, 25) channels as (frames, 13) cepstra."""
    return np.asarray(channels @ _COSINES.T * _LIFT)


def channels_of(cepstrum: Floats) -> Floats:
    """(any, 13) cepstra back as (any, 25) smooth channels."""
    return np.asarray(cepstrum / _LIFT @ _COSINES)


def spread_of(variance: Floats) -> Floats:
    """(any, 13) variances of cepstra as (any, 25) variances of channels."""
    return np.asarray(variance @ np.square(_COSINES.T / _LIFT).T)


class Channels:
    """Mel channels of one stretch of sound that comes in pieces."""

    def __init__(self) -> None:
        self._rest: Floats = np.zeros(0)
        self._last: float | None = None

    def feed(self, pcm16k: bytes) -> Floats:
        """The (frames, 25) channels that the sound so far makes ready."""
        sound = np.frombuffer(pcm16k, dtype="<i2").astype(np.float64)
        if not len(sound):
            return np.zeros((0, CHANNELS))
        before = 0.0 if self._last is None else self._last
        sharp = sound - EMPHASIS * np.concatenate(([before], sound[:-1]))
        self._last = float(sound[-1])
        waiting = np.concatenate((self._rest, sharp))
        count = max(0, 1 + (len(waiting) - WINDOW) // SHIFT)
        self._rest = waiting[count * SHIFT :]
        if not count:
            return np.zeros((0, CHANNELS))
        frames = np.lib.stride_tricks.sliding_window_view(waiting, WINDOW)[::SHIFT][:count] * _HAMMING
        power = np.square(np.abs(np.fft.rfft(frames, FFT)))
        return np.asarray(np.log(power @ _FILTERS.T + _FLOOR))
