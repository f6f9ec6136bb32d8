"""How often a prompt is cut when nobody speaks to us; part of `bench speech`, beside the delay that it pays for.

Frames are the ears' clock, so that minutes pass in seconds: no socket, and a recogniser that hears nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ivr.bench.speech_disturbances import DISTURBANCES, RATE, Sound, steady
from ivr.bench.spoken import CLEAN
from ivr.speech.ears import Ears
from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, from_pcm, to_pcm
from ivr.speech.recogniser import Guess, Question

MINUTES = 2.0
USUAL, TRAVELS = -22.0, 123
"""dB from our prompt to its echo beside every disturbance, and its milliseconds."""
ECHOES = (-16.0, -10.0, -6.0)
GAP = 60
"""Frames between two prompts."""


class _Nothing:
    """A recogniser for which all was noise."""

    def feed(self, pcm16k: bytes) -> None:
        """Taken."""

    def partial(self) -> str:
        """Nothing."""
        return ""

    def finish(self) -> Guess:
        """Nothing."""
        return Guess("")

    def close(self) -> None:
        """Nothing to close."""


def false_cuts(prompt: bytes) -> dict[str, float]:
    """Cuts a minute of prompt for every disturbance, and for every echo on lines of which nothing is known yet."""
    disturbed = {name: _a_minute(prompt, make, USUAL) for name, make in DISTURBANCES.items()}
    quiet = partial(steady, decibels=CLEAN)
    return disturbed | {f"echo {echo:.0f} dB": _a_minute(prompt, quiet, echo, new_lines=True) for echo in ECHOES}


def _a_minute(
    prompt: bytes, make: Callable[[float, np.random.Generator], Sound], echo: float, *, new_lines: bool = False
) -> float:
    sent = _sent(prompt)
    came = _came(b"".join(sent), make, echo)
    around = len(prompt) // FRAME_SAMPLES + GAP
    ears, cut = Ears(lambda question: _Nothing()), 0
    for place, ours in enumerate(sent):
        if new_lines and place % around == 0:
            ears = Ears(lambda question: _Nothing())
        if not ears.asking or place % around == 0:
            ears.ask(Question("fr", ("oui", "non"), seconds=60))
        before = ears.begun
        ears.sent(b"" if ours == SILENCE else ours)
        ears.frame(came[place])
        cut += ears.begun and not before and ours != SILENCE
    return round(cut / (sum(ours != SILENCE for ours in sent) / 3000), 1)


def _sent(prompt: bytes) -> list[bytes]:
    whole = [prompt[at : at + FRAME_SAMPLES] for at in range(0, len(prompt) - FRAME_SAMPLES + 1, FRAME_SAMPLES)]
    around = whole + [SILENCE] * GAP
    return around * round(MINUTES * 3000 / len(around))


def _came(sent: bytes, make: Callable[[float, np.random.Generator], Sound], decibels: float) -> list[bytes]:
    """The caller's line: what disturbs it, and our echo, with a little of the room it went through."""
    random = np.random.default_rng(7)
    room = random.normal(size=800) * np.exp(-np.arange(800) / 160) * 0.04
    room[0] = 1.0
    room *= 10 ** (decibels / 20) / np.sqrt(np.sum(room**2))
    echo = np.convolve(to_pcm(sent), room)[: len(sent)]
    travelled = np.concatenate([np.zeros(TRAVELS * RATE // 1000), echo])[: len(sent)]
    line = make(len(sent) / RATE + 1, random)[: len(sent)] + travelled + steady(len(sent) / RATE, random, CLEAN)
    mulaw = from_pcm(np.clip(line, -32767, 32767).astype(np.int16))
    return [mulaw[at : at + FRAME_SAMPLES] for at in range(0, len(mulaw), FRAME_SAMPLES)]
