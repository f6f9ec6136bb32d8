"""Levels: how loud a recording is, how noisy, whether it hums or was cut at the top. Pure, on arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyloudnorm
from numpy.typing import NDArray

from prompts.mulaw import Samples

FLOOR = -100.0
"""dB below full scale that count as nothing at all."""
FRAME = 0.02
"""Seconds in a frame, as on the line."""
_TOP = 0.97
"""Flat tops above this share of full scale are cut tops; µ-law's loudest sample is 0.98."""


@dataclass(frozen=True)
class Levels:
    """What was measured; everything in dB below full scale unless said."""

    seconds: float
    peak: float
    loudness: float
    """LUFS, ITU-R BS.1770."""
    speech: float
    """The louder frames: somebody is speaking."""
    noise: float
    """The quietest frames: nobody is."""
    clipped: float
    """Share of samples on flat tops, 0 to 1."""
    hum: float
    """The mains (50 or 60 Hz and what rings with them) in the quietest half seconds."""
    longest_gap: float
    """Seconds of the longest silence inside."""


def measured(samples: Samples, rate: int) -> Levels:
    """Measure a recording."""
    frames = frame_levels(samples, rate)
    speech, noise = float(np.percentile(frames, 95)), float(np.percentile(frames, 5))
    return Levels(
        seconds=len(samples) / rate,
        peak=decibels(float(np.max(np.abs(samples), initial=0.0))),
        loudness=loudness(samples, rate),
        speech=speech,
        noise=noise,
        clipped=_flat_tops(samples, rate),
        hum=_hum(samples, rate),
        longest_gap=_longest_run(frames < silence_below(speech, noise)) * FRAME,
    )


def decibels(size: float) -> float:
    """An amplitude of 0..1 in dB below full scale."""
    return max(FLOOR, 20 * math.log10(size)) if size > 0 else FLOOR


def frame_levels(samples: Samples, rate: int) -> NDArray[np.float64]:
    """The level of each 20 ms; at least one."""
    size = int(rate * FRAME)
    whole = np.pad(samples, (0, -len(samples) % size or (size if not len(samples) else 0))).reshape(-1, size)
    power = np.mean(whole.astype(np.float64) ** 2, axis=1)
    return np.asarray(np.maximum(FLOOR, 10 * np.log10(power + 1e-12)), dtype=np.float64)


def loudness(samples: Samples, rate: int) -> float:
    """LUFS; what is shorter than the meter's window is measured as if it went on."""
    if not len(samples) or not np.any(samples):
        return FLOOR
    repeats = max(1, math.ceil(0.5 * rate / len(samples)))
    with np.errstate(divide="ignore"):
        lufs = float(pyloudnorm.Meter(rate).integrated_loudness(np.tile(samples, repeats).astype(np.float64)))
    return max(FLOOR, lufs) if math.isfinite(lufs) else FLOOR


def silence_below(speech: float, noise: float) -> float:
    """Frames quieter than this are nobody speaking: above the noise, and far below the voice."""
    return min(max(noise + 6, speech - 30), speech - 10)


def _flat_tops(samples: Samples, rate: int) -> float:
    """The share of samples that stand still at the top for longer than any voice does."""
    if not len(samples):
        return 0.0
    still = np.abs(np.diff(samples, prepend=samples[:1])) < 2e-4
    flat = still & (np.abs(samples) >= _TOP)
    least = max(3, round(rate * 0.00025))
    return sum(length for length in _runs(flat) if length >= least - 1) / len(samples)


def _hum(samples: Samples, rate: int) -> float:
    """The level of the mains in the quietest half seconds; shorter recordings do not tell it from a voice."""
    size, hop = rate // 2, rate // 10
    if len(samples) < size:
        return FLOOR
    windows = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    power = np.mean(windows**2, axis=1)
    quiet = windows[power <= np.percentile(power, 20)]
    shape = np.hanning(size)
    spectrum = np.mean(np.abs(np.fft.rfft(quiet * shape, axis=1)) ** 2, axis=0) * 2 / (size * float(np.sum(shape**2)))
    return max(_mains(spectrum, 50), _mains(spectrum, 60))


def _mains(spectrum: NDArray[np.float64], mains: int) -> float:
    """The mains and five overtones, where they stand out as lines; a bin is 2 Hz, and a voice is never that steady."""
    power = 0.0
    for bin_ in (n * mains // 2 for n in range(1, 7)):
        line = spectrum[bin_ - 2 : bin_ + 3]
        around = np.concatenate([spectrum[bin_ - 10 : bin_ - 4], spectrum[bin_ + 5 : bin_ + 11]])
        if np.mean(line) > 10 * np.mean(around):
            power += float(np.sum(line))
    return max(FLOOR, 10 * math.log10(power + 1e-12))


def _longest_run(mask: NDArray[np.bool_]) -> int:
    return max(_runs(mask), default=0)


def _runs(mask: NDArray[np.bool_]) -> list[int]:
    """The lengths of the stretches that are true."""
    edges = np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return [int(length) for length in lengths]
