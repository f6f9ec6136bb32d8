"""What a frame is made of: its loudness in sixteen bands, and how much of it hangs together as one pitch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, to_floats

Bands = NDArray[np.float32]
"""dBFS in each band."""
_EDGES = (150, 250, 350, 450, 550, 650, 750, 850, 1000, 1200, 1400, 1650, 1950, 2300, 2700, 3100, 3500)
"""Hz: a telephone carries little beside them, and mains hum ends below; narrow where vowels differ."""
BANDS = len(_EDGES) - 1
NOTHING = -100.0
"""dBFS of a band without any sound."""
_SIZE, _RATE = 512, 8000
_WINDOW = np.hanning(2 * FRAME_SAMPLES).astype(np.float32)
"""40 ms, this frame and the one before: two periods of the lowest voice."""
_BINS = np.round(np.array(_EDGES) * _SIZE / _RATE).astype(int)
_SCALE = np.float32(2 / (np.sum(_WINDOW**2) * _SIZE))
_LOWEST, _HIGHEST = 73, 400
"""Hz between which voices have their pitch."""
_LAGS = slice(_RATE // _HIGHEST, _RATE // _LOWEST + 1)
_FADING = np.fft.irfft(np.abs(np.fft.rfft(_WINDOW, _SIZE)) ** 2)[_LAGS]
_FADING = (_FADING / np.sum(_WINDOW**2)).astype(np.float32)
"""How much of itself the window still meets at each lag."""


class Spectrum:
    """Follows one direction of a line, frame by frame."""

    def __init__(self) -> None:
        self._sound = np.zeros(2 * FRAME_SAMPLES, dtype=np.float32)
        self._power = np.zeros(_SIZE // 2 + 1, dtype=np.float32)

    def pass_over(self, mulaw: bytes) -> None:
        """A frame that nobody asks about; only the next one needs it."""
        self._sound[:FRAME_SAMPLES] = self._sound[FRAME_SAMPLES:]
        self._sound[FRAME_SAMPLES:] = to_floats(mulaw)

    def bands(self, mulaw: bytes) -> Bands:
        """How loud each band is in this frame and the one before."""
        self.pass_over(mulaw)
        waves = np.fft.rfft(self._sound * _WINDOW, _SIZE)
        self._power = np.asarray(waves.real**2 + waves.imag**2, dtype=np.float32)
        summed = np.add.reduceat(self._power[: _BINS[-1]], _BINS[:-1])
        return np.asarray(10 * np.log10(summed * _SCALE + np.float32(1e-10)), dtype=np.float32)

    def voicing(self) -> float:
        """Of the frame just asked about: 0.1 to 0.2 for any noise, 0.3 and more for a voiced sound, 1 for a tone.

        The autocorrelation's highest peak; of the spectrum's root, or a vowel's loudest formant would pass for a pitch.
        """
        root = np.sqrt(self._power)
        root[: _BINS[0] // 2], root[_BINS[-1] :] = 0, 0
        alike = np.fft.irfft(root)
        return float((alike[_LAGS] / _FADING).max() / (alike[0] + 1e-9))

    def purity(self) -> float:
        """The share of the sound in its six loudest bins, as many as one tone fills."""
        power = self._power[_BINS[0] : _BINS[-1]]
        return float(np.partition(power, -6)[-6:].sum() / (power.sum() + 1e-9))


def padded(mulaw: bytes) -> bytes:
    """A whole frame: the rest of a shorter one is nothing."""
    return mulaw + SILENCE[len(mulaw) :]
