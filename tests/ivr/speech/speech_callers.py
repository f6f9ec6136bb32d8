"""Synthetic callers: what they say, and what a telephone line does to it on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import py_nanotts
import soxr

from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, from_pcm, to_pcm

VOICES = {"fr": "fr-FR", "en": "en-US", "en-GB": "en-GB"}
LOUDNESS = -20.0


@lru_cache(maxsize=600)
def pcm_of(text: str, voice: str, speed: float = 1.0, pitch: float = 1.0) -> np.ndarray:
    """The text said by Pico, 16-bit samples at 8 kHz, without the silence around it, at a caller's loudness."""
    sound = py_nanotts.NanoTTS().speak(text, voice=VOICES.get(voice, voice), speed=speed, pitch=pitch)
    wide = np.frombuffer(sound, dtype="<i2").astype(np.float32)
    return levelled(trimmed(soxr.resample(wide, 16000, 8000)))


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Without the quiet at both ends (under 1 % of the loudest)."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 0.01)
    return samples[loud[0] : loud[-1] + 1]


def levelled(samples: np.ndarray, loudness: float = LOUDNESS) -> np.ndarray:
    """At so many dBFS on average."""
    power = np.sqrt(np.mean(np.square(samples.astype(np.float32))))
    return np.clip(samples * (10 ** (loudness / 20) * 32768 / power), -32767, 32767).astype(np.int16)


def frames_of(pcm: np.ndarray) -> list[bytes]:
    """20 ms µ-law frames; the last one filled up with nothing."""
    mulaw = from_pcm(pcm.astype(np.int16))
    cut = [mulaw[start : start + FRAME_SAMPLES] for start in range(0, len(mulaw), FRAME_SAMPLES)]
    return [frame + SILENCE[len(frame) :] for frame in cut]


def spoken(text: str, voice: str, **how: float) -> list[bytes]:
    """The text as frames of a perfect line."""
    return frames_of(pcm_of(text, voice, **how))


@dataclass
class Line:
    """A telephone line: constant noise under everything, frames lost and clumped, seeded."""

    noise: float = -62.0
    loss: float = 0.0
    seed: int = 7

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def carry(self, frames: list[bytes]) -> list[bytes]:
        """What arrives of these frames: noise added, lost ones replaced by the one before (as gateways do)."""
        arrived: list[bytes] = []
        for frame in frames:
            if arrived and self._random.random() < self.loss:
                arrived.append(arrived[-1])
                continue
            arrived.append(from_pcm(self._noisy(to_pcm(frame))))
        return arrived

    def quiet(self, seconds: float) -> list[bytes]:
        """Nobody speaks; the line's own noise only."""
        return self.carry([SILENCE] * round(seconds * 50))

    def _noisy(self, pcm: np.ndarray) -> np.ndarray:
        """Pink-ish noise: white noise, averaged over neighbours, at the line's loudness."""
        white = self._random.normal(size=len(pcm) + 3)
        pinkish = np.convolve(white, [0.4, 0.3, 0.2, 0.1], mode="valid")
        pinkish *= 10 ** (self.noise / 20) * 32768 / 0.5477  # the loudness of that average of white noise
        return np.clip(pcm + pinkish, -32767, 32767).astype(np.int16)


def at_snr(frames: list[bytes], decibels: float, seed: int = 7) -> list[bytes]:
    """The frames with noise so many dB under a caller's loudness."""
    return Line(noise=LOUDNESS - decibels, seed=seed).carry(frames)
