"""What is on a line while nobody speaks to us, made here and seeded: noise, coughs, crackle, a tram, other people.

Each maker gives so many seconds at 8 kHz as floats of 16-bit size; a caller's voice would be at -20 dBFS.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ivr.bench.spoken import LOUDNESS, spoken

RATE = 8000
Sound = NDArray[np.float64]
Random = np.random.Generator
TALK = {
    "fr-FR": "Tu as vu l'heure ? On va finir par rater le train, et ta mère attend depuis midi devant la gare.",
    "en-GB": "I told her we would be there by six, but you know how the traffic is on a Friday evening.",
    "en-US": "So he just walks in, orders a coffee, and sits down as if nothing had ever happened.",
    "de-DE": "Morgen fahren wir an den See, wenn das Wetter hält, und nehmen die Kinder mit.",
    "it-IT": "Ma dai, non è possibile, ieri sera erano ancora tutti qui a cena da noi.",
}


def steady(seconds: float, random: Random, decibels: float = 10.0) -> Sound:
    """A line's noise, so many dB under a caller's voice."""
    noise = np.convolve(random.normal(size=round(seconds * RATE) + 3), [0.4, 0.3, 0.2, 0.1], mode="valid")
    return _at(noise, LOUDNESS - decibels)


def coughs(seconds: float, random: Random) -> Sound:
    """One in three seconds, as loud as a voice: a burst of breath in two or three pushes, the last one half voiced."""
    return _scattered(seconds, random, 3.0, _cough)


def _cough(random: Random) -> Sound:
    push = round(RATE * random.uniform(0.12, 0.3))
    pushes = [_push(push, random, voiced=place > 0) for place in range(random.integers(1, 4))]
    return _peak(np.concatenate(pushes), random.uniform(-14, -4))


def _push(length: int, random: Random, *, voiced: bool) -> Sound:
    time = np.arange(length) / RATE
    breath = np.convolve(random.normal(size=length + 7), random.normal(size=8), mode="valid")
    hoarse = np.sign(np.sin(2 * np.pi * random.uniform(130, 260) * time * (1 - time))) * 4 * voiced
    return np.asarray((breath + hoarse) * np.minimum(1, time / 0.008) * np.exp(-time / 0.07))


def clicks(seconds: float, random: Random) -> Sound:
    """Two in three seconds: a handset put down, a pen, a key; 2 to 40 ms of ringing, as loud as can be."""
    return _scattered(seconds, random, 1.5, _click)


def _click(random: Random) -> Sound:
    time = np.arange(round(RATE * 0.12)) / RATE
    fading = np.exp(-time / random.uniform(0.001, 0.012))
    ringing = np.sin(2 * np.pi * random.uniform(200, 3000) * time) + random.normal(size=len(time))
    return _peak(ringing * fading, random.uniform(-12, -1))


def crackle(seconds: float, random: Random) -> Sound:
    """A bad contact: bursts of up to two seconds with thirty sharp spikes a second."""
    length = round(seconds * RATE)
    spikes = random.random(length) < 30 / RATE
    bursts = np.repeat(random.random(length // RATE * 2 + 2) < 0.4, RATE // 2)[:length]
    sharp = spikes * bursts * random.choice([-1, 1], size=length) * 10 ** random.uniform(-1.5, -0.1, size=length)
    return np.asarray(np.convolve(sharp, [1, -0.7, 0.4, -0.2], mode="same") * 32768)


def tram(seconds: float, random: Random) -> Sound:
    """One in twelve seconds: rumble and wheels that swell to 5 dB under a voice and fade, squealing in the curve."""
    time = np.arange(round(seconds * RATE)) / RATE
    rumble = np.convolve(random.normal(size=len(time) + 79), np.exp(-np.arange(80) / 20), mode="valid")
    wheels = _at(rumble, LOUDNESS - 5) + _at(random.normal(size=len(time)), LOUDNESS - 15)
    squeal = _at(np.sin(2 * np.pi * (1400 * time + 30 * np.sin(2 * np.pi * 0.7 * time))), LOUDNESS - 15)
    near = np.exp(-(((time % 12 - 6) / 2) ** 2))
    return np.asarray(near * wheels * (1 + 0.3 * np.sin(2 * np.pi * 9 * time)) + near**4 * squeal)


def babble(seconds: float, random: Random, talkers: int = 4, decibels: float = 10.0) -> Sound:
    """People talking to each other some way off, so many dB under a caller's voice, with the room they are in."""
    voices = sorted(TALK)
    said = [spoken(TALK[voice], voice).astype(np.float64) for voice in voices]
    length = round(seconds * RATE)
    mixed = np.zeros(length)
    for place in range(talkers):
        row = [said[(place + at) % len(said)] for at in range(round(seconds / 3) + 2)]
        mixed += np.roll(np.resize(_levelled(row), length), int(random.integers(length)))
    return _at(_in_a_room(mixed, random), LOUDNESS - decibels)


def one_other(seconds: float, random: Random) -> Sound:
    """One person speaking in the room, or a television, 10 dB under a caller's voice."""
    return babble(seconds, random, talkers=1)


DISTURBANCES: dict[str, Callable[[float, Random], Sound]] = {
    "steady 20 dB": lambda seconds, random: steady(seconds, random, 20.0),
    "steady 10 dB": steady,
    "coughs": coughs,
    "clicks": clicks,
    "crackle": crackle,
    "tram": tram,
    "babble 10 dB": babble,
    "one other 10 dB": one_other,
}


def _levelled(row: list[Sound]) -> Sound:
    return np.concatenate([each / np.sqrt(np.mean(each**2)) for each in row])


def _in_a_room(sound: Sound, random: Random) -> Sound:
    """Reverberation of a third of a second."""
    time = np.arange(RATE // 3) / RATE
    tail = random.normal(size=len(time)) * np.exp(-time / 0.05) * 0.15
    tail[0] = 1.0
    size = len(sound) + len(tail)
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]


def _scattered(seconds: float, random: Random, every: float, make: Callable[[Random], Sound]) -> Sound:
    whole = np.zeros(round(seconds * RATE))
    for begin in np.arange(1.0, seconds - 2.0, every):
        each = make(random)
        at = round((begin + random.uniform(0, every / 2)) * RATE)
        whole[at : at + len(each)] += each[: len(whole) - at]
    return whole


def _at(sound: Sound, decibels: float) -> Sound:
    """At so many dBFS on average."""
    return np.asarray(sound * (10 ** (decibels / 20) * 32768 / np.sqrt(np.mean(sound**2))))


def _peak(sound: Sound, decibels: float) -> Sound:
    return np.asarray(sound * (10 ** (decibels / 20) * 32768 / np.abs(sound).max()))
