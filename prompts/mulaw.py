"""Sound as numbers: µ-law bytes to and from floats in -1..1, and one rate to another."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_BIAS, _CLIP = 0x84, 8_158


@cache
def _decoding() -> NDArray[np.int16]:
    """ITU-T G.711, µ-law: the sample of each of the 256 codes."""
    codes = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (codes >> 4) & 7, codes & 0x0F
    size = (((mantissa.astype(np.int32) << 3) + _BIAS) << exponent) - _BIAS
    return np.where(codes & 0x80, -size, size).astype(np.int16)


@cache
def _encoding() -> NDArray[np.uint8]:
    """ITU-T G.711, µ-law: the code of each of the 65,536 samples, from the most negative up."""
    samples = np.arange(-32_768, 32_768, dtype=np.int32) >> 2  # the recommendation speaks of 14 bits
    size = np.minimum(np.abs(samples), _CLIP) + (_BIAS >> 2)
    exponent = np.floor(np.log2(size)).astype(np.int32) - 5
    mantissa = (size >> (exponent + 1)) & 0x0F
    codes = ~(np.where(samples < 0, 0x80, 0) | (exponent << 4) | mantissa)
    return np.asarray(codes, dtype=np.uint8)


def encoded(samples: Samples) -> bytes:
    """Floats as µ-law, one byte a sample; what is louder than full scale is cut."""
    return bytes(_encoding()[as_int16(samples).astype(np.int32) + 32_768])


def decoded(raw: bytes) -> Samples:
    """µ-law as floats."""
    return (_decoding()[np.frombuffer(raw, dtype=np.uint8)] / np.float32(32_768)).astype(np.float32)


def as_int16(samples: Samples) -> NDArray[np.int16]:
    """Floats as 16-bit samples."""
    return np.clip(np.round(samples * 32_768), -32_768, 32_767).astype(np.int16)


def as_floats(samples: NDArray[Any]) -> Samples:
    """16-bit samples as floats."""
    return (samples.astype(np.float32) / 32_768).astype(np.float32)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another rate (libsoxr, very high quality)."""
    if rate == wanted or not len(samples):
        return samples
    return np.asarray(soxr.resample(samples, rate, wanted, quality="VHQ"), dtype=np.float32)
