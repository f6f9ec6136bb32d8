"""Music for those who wait: the Habanera, worked out note by note, so that no recording and no licence is needed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ivr.pcm_wav import RATE, wrapped

BEAT = 0.55
"""Seconds of an eighth at a walking pace."""

_MELODY = (
    "D5:1 C#5:1 C5:.67 C5:.67 C5:.66 B4:1 Bb4:1 A4:1 A4:.67 A4:.67 A4:.66 G#4:1 G4:1 F4:1 G4:.67 F4:.67 E4:.66 F4:1 "
    "G4:.5 F4:.5 E4:1 D4:1 -:2 "
    "D5:1 C#5:1 C5:.67 C5:.67 C5:.66 B4:1 Bb4:1 A4:1 A4:.67 A4:.67 A4:.66 G#4:1 G4:1 F4:1 E4:.67 F4:.67 G4:.66 E4:1 "
    "D4:2 -:2"
)
_BASS = "D3:.75 A3:.25 F4:.5 A3:.5 " * 17
_STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}


@lru_cache(maxsize=1)
def waiting_music() -> bytes:
    """A WAV of eight bars, 16-bit mono at the telephone's 8 kHz, quiet enough to talk over."""
    melody, bass = _voice(_MELODY), _voice(_BASS)
    length = max(len(melody), len(bass))
    mixed = 0.7 * np.pad(melody, (0, length - len(melody))) + 0.3 * np.pad(bass, (0, length - len(bass)))
    samples = (mixed * 9000).astype("<i2")
    return wrapped(samples.tobytes())


def _voice(line: str) -> np.ndarray:
    """Notes «name:beats» one after the other; a dash is a rest."""
    return np.concatenate([_note(*note.split(":")) for note in line.split()])


def _note(name: str, beats: str) -> np.ndarray:
    """A plucked tone: three partials that die away."""
    seconds = np.arange(int(float(beats) * BEAT * RATE)) / RATE
    if name == "-":
        return np.zeros_like(seconds)
    pitch = 2 * np.pi * _hertz(name) * seconds
    tone = np.sin(pitch) + 0.35 * np.sin(2 * pitch) + 0.12 * np.sin(3 * pitch)
    return tone / 1.47 * np.minimum(1, seconds / 0.01) * np.exp(-2.2 * seconds)


def _hertz(name: str) -> float:
    """Concert pitch, equal temperament."""
    sharp = name.count("#") - name.count("b")
    return 440.0 * 2 ** ((_STEPS[name[0]] + sharp) / 12 + int(name[-1]) - 4)
