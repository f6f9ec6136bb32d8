"""How soon our prompt falls silent when a caller speaks over it, its echo in her line; part of `bench speech`.

Measured where the caller is: from the moment at which her first voiced frame begins to the `clear` on her socket. The
voice begins with its first frame within 20 dB of its loudest; what is softer before it (a breath, an «f») is told too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ivr.bench.speech_callers import FRAME_SECONDS, Prompt, Socket, in_lifes_time, payloads
from ivr.bench.speech_false_cuts import false_cuts
from ivr.bench.speech_load import media_process, spread
from ivr.bench.spoken import CLEAN, LOUDNESS, Utterance, spoken
from ivr.speech.engines import Choice
from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, Samples, from_pcm, level, to_pcm

GOAL = 200.0
CALLERS, EACH = 6, 6
"""So many at once, speaking over so many prompts each, at every noise."""
NOISES = {"clean": CLEAN, "20 dB": 20.0, "10 dB": 10.0}
ECHO, ECHO_FRAMES = -22.0, 6
"""dB from our prompt to its echo, and how long it travels: 120 ms."""
VOICED = 20.0
"""dB under the loudest frame from which on a frame is voiced."""
LONGEST_ROUND = 15.0
PROMPTS = {
    "fr": ("Bienvenue à l'opéra. Pour quel spectacle souhaitez-vous des places ? Dites un titre, ou tapez son numéro, "
           "que vous trouvez dans la brochure, puis dièse.", "fr-FR"),
    "en": ("Welcome to the opera house. For which performance would you like seats? Say a title, or key in its number, "
           "which you find in the brochure, then hash.", "en-GB"),
}  # fmt: skip


@dataclass
class Interrupter:
    """A caller who speaks over every prompt, a second or two after it has begun."""

    line: Socket
    said: Sequence[Samples]
    noise: Any
    place: int
    delays: list[tuple[float, float]] = field(default_factory=list)
    """Milliseconds from her first sound, and from her first voiced frame, to the clear."""
    cut_by_echo: int = 0

    def __post_init__(self) -> None:
        self._prompt = Prompt(self.line)
        self._echo = deque([SILENCE] * ECHO_FRAMES)
        self._frames = 0
        self._round(0.0)

    def _round(self, began: float) -> None:
        """A new prompt has begun, or none yet."""
        self._began, self._at, self._first, self._voiced = began, -1, 0.0, 0.0
        self._words = self.said[self.place % len(self.said)]
        self._onset = _onset(self._words)
        self.place += 1

    def tick(self) -> None:
        """20 ms of her life."""
        self._prompt.listen()
        ours = self._prompt.tick()
        if self._prompt.began_at != self._began:
            self._round(self._prompt.began_at)
        elif self._at < 0 and self._prompt.cleared_at > self._began:
            self.cut_by_echo += 1
            self._at = len(self._words)
        elif self._at < 0 and self._began and self._frames % 100 > 75 and time.monotonic() - self._began > 1.2:
            self._at = 0
        self.line.frame(self._sound(ours))
        self._frames += 1
        if self._voiced and self._prompt.cleared_at > self._began:
            cleared = self._prompt.cleared_at
            self.delays.append(((cleared - self._first) * 1000, (cleared - self._voiced) * 1000))
            self._voiced = 0.0

    def _sound(self, ours: bytes) -> str:
        """Her line: noise, our echo, her voice."""
        self._echo.append(ours + SILENCE[len(ours) :])
        start = self._frames * FRAME_SAMPLES % (len(self.noise) - FRAME_SAMPLES)
        heard = self.noise[start : start + FRAME_SAMPLES] + to_pcm(self._echo.popleft()) * 10 ** (ECHO / 20)
        if 0 <= self._at < len(self._words):
            voice = self._words[self._at : self._at + FRAME_SAMPLES]
            heard[: len(voice)] += voice
            now = time.monotonic() - FRAME_SECONDS
            if self._at == 0:
                self._first = now
            if self._at // FRAME_SAMPLES == self._onset:
                self._voiced = now
            self._at += FRAME_SAMPLES
        return payloads([from_pcm(np.clip(heard, -32767, 32767).astype(np.int16))])[0]


def _onset(words: Samples) -> int:
    levels = [level(from_pcm(words[at : at + FRAME_SAMPLES])) for at in range(0, len(words), FRAME_SAMPLES)]
    return next(place for place, each in enumerate(levels) if each >= max(levels) - VOICED)


def barge_in_of(language: str, choice: Choice, said: Sequence[Utterance]) -> dict[str, Any]:
    """At each noise: the delay's middle and twentieth worst, prompts cut by their echo; what else cuts how many."""
    prompt = spoken(*PROMPTS.get(language, PROMPTS["fr"]))
    words = [_levelled(each.pcm) for each in said]
    questions = [each.question for each in said]
    with media_process(language, choice, questions, from_pcm(_levelled(prompt))) as (port, _):
        told = {name: _at_noise(port, words, decibels) for name, decibels in NOISES.items()}
    return {"goal_p95_ms": GOAL, **told, "false_cuts_a_minute": false_cuts(from_pcm(_levelled(prompt)))}


def _at_noise(port: int, words: Sequence[Samples], decibels: float) -> dict[str, Any]:
    callers = [
        Interrupter(Socket(port, f"CA-{place}"), words, _noise(decibels, place), place * EACH)
        for place in range(CALLERS)
    ]
    rounds = EACH * (1.2 + 2.0 + max(map(len, words)) / 8000 + 1.0)
    try:
        in_lifes_time([caller.tick for caller in callers], min(rounds, EACH * LONGEST_ROUND))
    finally:
        for caller in callers:
            caller.line.close()
    delays = [delay for caller in callers for delay in caller.delays]
    voiced, first = spread(each for _, each in delays), spread(each for each, _ in delays)
    return {"p50_ms": voiced["p50"], "p95_ms": voiced["p95"], "interrupted": len(delays),
            "from_first_sound_p95_ms": first["p95"],
            "cut_by_echo": sum(caller.cut_by_echo for caller in callers)}  # fmt: skip


def _levelled(pcm: Samples) -> Samples:
    power = float(np.sqrt(np.mean(np.square(pcm.astype(np.float32)))))
    louder: Samples = np.clip(pcm * (10 ** (LOUDNESS / 20) * 32768 / power), -32767, 32767).astype(np.int16)
    return louder


def _noise(decibels: float, seed: int) -> Any:
    """Three seconds of a line's noise, as floats."""
    noise = np.convolve(np.random.default_rng(seed).normal(size=24_003), [0.4, 0.3, 0.2, 0.1], mode="valid")
    return noise * 10 ** ((LOUDNESS - decibels) / 20) * 32768 / 0.5477
