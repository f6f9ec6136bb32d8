"""µ-law to PCM and its level (ITU-T G.711), and 8 kHz to 16 kHz for the recognisers."""

from __future__ import annotations

from math import log10

import numpy as np
import soxr
from numpy.typing import NDArray

FRAME_SAMPLES = 160
"""20 ms at 8 kHz."""
FRAMES_A_SECOND = 50
SILENCE = b"\xff" * FRAME_SAMPLES
"""One frame of µ-law nothing."""
QUIETEST = -96.0
"""dBFS given to a frame of pure nothing."""

Samples = NDArray[np.int16]


def _table() -> Samples:
    codes = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (codes >> 4) & 7, codes & 15
    magnitude = (((mantissa.astype(np.int32) << 3) + 0x84) << exponent) - 0x84
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


_PCM = _table()
_WIDE = (_PCM / 32768).astype(np.float32)
_BOUNDARIES = np.array([(((m << 3) + 0x84) << e) - 0x84 for e in range(8) for m in range(16)], dtype=np.int32)


def to_pcm(mulaw: bytes) -> Samples:
    """16-bit samples at 8 kHz."""
    return _PCM[np.frombuffer(mulaw, dtype=np.uint8)]


def to_floats(mulaw: bytes) -> NDArray[np.float32]:
    """The same between -1 and 1."""
    return _WIDE[np.frombuffer(mulaw, dtype=np.uint8)]


def from_pcm(pcm: Samples) -> bytes:
    """Nearest µ-law codes of 16-bit samples at 8 kHz; for synthetic callers, benches and the microphone."""
    wide = pcm.astype(np.int32)
    middles = (_BOUNDARIES[1:] + _BOUNDARIES[:-1] + 1) // 2
    codes = np.searchsorted(middles, np.abs(wide), side="right").astype(np.uint8)
    signed = np.where(wide < 0, codes | 0x80, codes).astype(np.uint8)
    return bytes(~signed)


def level(mulaw: bytes) -> float:
    """Loudness in dB below full scale: 0 is the loudest square wave, -96 is nothing."""
    if not mulaw:
        return QUIETEST
    wide = to_floats(mulaw)
    power = float(np.dot(wide, wide)) / len(mulaw)
    return max(QUIETEST, 10 * log10(power)) if power > 0 else QUIETEST


class Upsampler:
    """8 kHz to 16 kHz for one stretch of sound; we do it because only some models accept 8 kHz."""

    def __init__(self) -> None:
        self._stream = soxr.ResampleStream(8000, 16000, 1, dtype="int16", quality="HQ")

    def feed(self, pcm: Samples) -> bytes:
        """What is ready of the 16 kHz sound, little-endian 16-bit."""
        return bytes(self._stream.resample_chunk(pcm).astype("<i2").tobytes())

    def finish(self) -> bytes:
        """The rest that the filter still held."""
        return bytes(self._stream.resample_chunk(np.zeros(0, dtype=np.int16), last=True).astype("<i2").tobytes())
