"""Audio: a recording judged, trimmed and levelled, as a master and as telephone sound. Pure: bytes in, bytes out."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np

from prompts import mulaw_wav
from prompts.incoming import Refused, Sound, read
from prompts.levels import Levels, decibels, frame_levels, loudness, measured, silence_below
from prompts.mulaw import Samples, as_int16, encoded, resampled

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub looks for an ffmpeg it does not need here
    from pydub import AudioSegment

__all__ = ["Prepared", "Refused", "levelled", "prepare", "telephone_sound"]

LOUDNESS = -19.0
"""LUFS of every prompt, recorded or synthetic, so that no voice jumps at the caller."""
PEAK = -2.0
"""No sample is louder; a voice with sharp peaks is made softer rather than squeezed."""
SHORTEST, LONGEST = 0.15, 90.0
"""Seconds of a trimmed take."""
MARGIN_BEFORE, MARGIN_AFTER = 0.08, 0.16
"""Seconds of quiet left around the voice: a cut at the first loud frame eats consonants."""
FADE = 0.005
MASTER_RATES = (16_000, 48_000)
SILENT = -50.0
CLIPPED = 0.0005
LEAST_DISTANCE = 18.0
"""dB between voice and noise."""
HUM_DISTANCE = 32.0
LONGEST_GAP = 3.0


@dataclass(frozen=True)
class Prepared:
    """A take ready to keep: the master and the telephone WAV, and what was measured on the way."""

    master: bytes
    telephone: bytes
    seconds: float
    loudness: float
    peak: float
    before: Levels


def prepare(data: bytes) -> Prepared:
    """An uploaded or fetched recording as a take.

    Raises Refused with one of: empty, too_big, too_long, too_short, unknown_format, polyglot, unreadable, silent,
    clipped, hum, noisy, gaps; the facts say how much and what the limit is.
    """
    sound = read(data)
    levels = measured(sound.samples, sound.rate)
    judge(levels)
    return prepared(trimmed(sound, levels), levels)


def judge(levels: Levels) -> None:
    """Refuse what callers should not have to hear; the worst fault is named first."""
    if levels.seconds < SHORTEST:
        raise Refused("too_short", seconds=round(levels.seconds, 2), least=SHORTEST)
    if levels.peak < SILENT or levels.speech < SILENT - 10:
        raise Refused("silent", peak=round(levels.peak, 1), least=SILENT)
    if levels.clipped > CLIPPED:
        raise Refused("clipped", share=round(levels.clipped, 4), most=CLIPPED)
    # Hum never stops, so the quietest frames are as loud as it is; a voice on the mains' own note is not.
    if levels.speech - levels.hum < HUM_DISTANCE and abs(levels.noise - levels.hum) < 6:
        raise Refused("hum", distance=round(levels.speech - levels.hum, 1), least=HUM_DISTANCE)
    if levels.seconds > 1 and levels.speech - levels.noise < LEAST_DISTANCE:
        raise Refused("noisy", distance=round(levels.speech - levels.noise, 1), least=LEAST_DISTANCE)


def trimmed(sound: Sound, levels: Levels) -> Sound:
    """Without the silence before and after; raises Refused (silent, too_short, too_long, gaps)."""
    voiced = np.flatnonzero(frame_levels(sound.samples, sound.rate) >= silence_below(levels.speech, levels.noise))
    if not len(voiced):
        raise Refused("silent", peak=round(levels.peak, 1), least=SILENT)
    frame = int(sound.rate * 0.02)
    start = max(0, int(voiced[0]) * frame - int(MARGIN_BEFORE * sound.rate))
    end = (int(voiced[-1]) + 1) * frame + int(MARGIN_AFTER * sound.rate)
    cut = Sound(sound.samples[start:end], sound.rate)
    _judge_cut(cut)
    return cut


def _judge_cut(sound: Sound) -> None:
    gap = measured(sound.samples, sound.rate).longest_gap
    if sound.seconds < SHORTEST:
        raise Refused("too_short", seconds=round(sound.seconds, 2), least=SHORTEST)
    if sound.seconds > LONGEST:
        raise Refused("too_long", seconds=round(sound.seconds, 1), most=LONGEST)
    if gap > LONGEST_GAP:
        raise Refused("gaps", seconds=round(gap, 1), most=LONGEST_GAP)


def prepared(sound: Sound, before: Levels) -> Prepared:
    """Level it, then make the master and the telephone sound."""
    rate = min(max(sound.rate, MASTER_RATES[0]), MASTER_RATES[1])
    master = faded(levelled(resampled(sound.samples, sound.rate, rate), rate), rate)
    telephone = resampled(master, rate, mulaw_wav.RATE)
    return Prepared(
        pcm_wav(master, rate),
        mulaw_wav.wrapped(encoded(telephone)),
        len(telephone) / mulaw_wav.RATE,
        loudness(telephone, mulaw_wav.RATE),
        decibels(float(np.max(np.abs(telephone), initial=0.0))),
        before,
    )


def levelled(samples: Samples, rate: int) -> Samples:
    """The same sound at the house's loudness, softer if its peaks would be cut."""
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak == 0:
        return samples
    gain = min(LOUDNESS - loudness(samples, rate), PEAK - decibels(peak))
    return (samples * np.float32(10 ** (gain / 20))).astype(np.float32)


def faded(samples: Samples, rate: int) -> Samples:
    """A few milliseconds in and out, so that no cut clicks."""
    size = min(int(FADE * rate), len(samples) // 2)
    ramp = np.linspace(0, 1, size, dtype=np.float32)
    result = samples.copy()
    result[:size] *= ramp
    result[len(result) - size :] *= ramp[::-1]
    return result


def telephone_sound(samples: Samples, rate: int) -> bytes:
    """Any sound as raw µ-law at the house's loudness."""
    return encoded(resampled(faded(levelled(samples, rate), rate), rate, mulaw_wav.RATE))


def pcm_wav(samples: Samples, rate: int) -> bytes:
    """16-bit PCM as a WAV file."""
    file = BytesIO()
    AudioSegment(as_int16(samples).tobytes(), sample_width=2, frame_rate=rate, channels=1).export(file, format="wav")
    return file.getvalue()
