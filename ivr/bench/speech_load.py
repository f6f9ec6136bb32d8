"""How many streams a core carries, how late they answer and what each takes; part of `bench speech`.

The media process is the product's own, on a real socket, with real decoders; its callers are one thread of this
process, and what they cost is told apart. On a machine that is busy with other work the delays are the machine's:
therefore the streams a core are also worked out from processor time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ivr.bench.speech_callers import HungUp, Prompt, Socket, in_lifes_time, payloads
from ivr.bench.spoken import Utterance, on_line, spoken
from ivr.bench.turns import free_port
from ivr.speech.engines import Choice, Learns
from ivr.speech.matching import match
from ivr.speech.mulaw import SILENCE, Upsampler, to_pcm
from ivr.speech.recogniser import Engine, Question

P95_GOAL = 800.0
MOST_STREAMS = 96
SECONDS, WARMING = 8.0, 4.0
"""Of each step, and before the first figures are taken."""
MOST_STEPS = 4
FEWEST_A_CORE = 3
"""Streams of the first step."""
CORES = os.cpu_count() or 1
BUSY = 0.7
"""The share of a core that may be planned with: queues grow steeply beyond it."""
AROUND = 20
"""Frames of line that the bare engine is given before and after the voice."""


@dataclass
class Talker:
    """A caller who answers one question after the other, in life's own time, all the time."""

    line: Socket
    said: Sequence[tuple[list[str], int]]
    """Utterances as payloads, and the frame at which each voice ends."""
    place: int
    wait: int
    """Frames before the first word, so that not all speak in chorus."""
    at: int = -1
    answers: list[tuple[float, float]] = field(default_factory=list)
    """When each voice ended, and when the next prompt's first sound came back."""
    ended_at: float = 0.0

    def __post_init__(self) -> None:
        self._prompt = Prompt(self.line)

    def tick(self) -> None:
        """20 ms of her life."""
        before = self._prompt.began_at
        self._prompt.listen()
        self._prompt.tick()
        if self._prompt.began_at != before:
            self._answered()
        sound, end = self.said[self.place % len(self.said)]
        if self.at < 0:
            self.wait -= 1
            self.line.frame(sound[0])
            if self.wait <= 0 and before:
                self.at = 0
            return
        self.line.frame(sound[min(self.at, len(sound) - 1)])
        self.at += 1
        if self.at == end:
            self.ended_at = time.monotonic()

    def _answered(self) -> None:
        if self.ended_at:
            self.answers.append((self.ended_at, self._prompt.began_at))
        if self.at >= self.said[self.place % len(self.said)][1]:
            self.place += 1
            self.at, self.ended_at = 0, 0.0

    def forget(self) -> None:
        """What was measured so far does not count, nor does an answer that is under way."""
        self.answers.clear()
        self.ended_at = 0.0


def load_of(language: str, choice: Choice, engine: Engine, said: Sequence[Utterance]) -> dict[str, Any]:
    """More and fewer streams at once, until it is known how many keep the goal (`broke_at`: so many lost their lines).

    The first step meets a house that was started a moment ago; its nursery has learnt the questions for the others.
    """
    floors = _floors(engine, said)
    ready = [_on_line(each, seed) for seed, each in enumerate(said)]
    steps: list[dict[str, Any]] = []
    broke_at = 0
    with media_process(language, choice, [each.question for each in said], SILENCE * 3) as (port, measured):
        count = min(MOST_STREAMS, FEWEST_A_CORE * CORES)
        while count and len(steps) < MOST_STEPS:
            try:
                steps.append(_at_once(port, measured, count, ready))
            except HungUp:  # decoders so late that they were given up: the product would have put lines on keys before
                broke_at = count
                if steps or count == 1:
                    break
            count = _next(steps) if steps else count // 2
    good = [step["streams"] for step in steps if step["p95_ms"] <= P95_GOAL]
    if not steps:
        raise HungUp
    last = steps[-1]
    return {
        "phrases": [len(each.question.phrases) for each in said],
        "streams": max(good, default=0), "broke_at": broke_at, "streams_a_core": round(max(good, default=0) / CORES, 1),
        "streams_a_core_by_cpu": _by_cpu(last), "streams_a_core_by_cpu_at_first": _by_cpu(steps[0]),
        "streams_a_media_process_by_cpu": round(BUSY * 1000 / max(0.1, last["cpu_ms_a_stream_second"]["media"]), 1),
        "cpu_ms_an_answer": {**last["cpu_ms_an_answer"], **floors}, "steps": steps,
    }  # fmt: skip


def _by_cpu(step: dict[str, Any]) -> float:
    """Streams a core, worked out from processor time."""
    each = step["cpu_ms_a_stream_second"]
    return float(round(BUSY * 1000 / max(0.1, each["decoder"] + each["media"]), 1))


def _next(steps: Sequence[dict[str, Any]]) -> int:
    """How many streams to try next: as many as may be reckoned with, then more or fewer; 0 when nothing is left."""
    tried = {step["streams"]: step["p95_ms"] <= P95_GOAL for step in steps}
    best, worst = max((n for n in tried if tried[n]), default=0), min((n for n in tried if not tried[n]), default=0)
    if best and worst:
        count = (best + worst) // 2
    elif worst:
        count = worst * 2 // 3
    else:
        count = max(best * 5 // 4, round(_by_cpu(steps[-1]) * CORES))
    count = min(count, MOST_STREAMS)
    return 0 if count in tried else count


def _on_line(said: Utterance, seed: int) -> tuple[list[str], int]:
    frames, end = on_line(said.pcm, 20.0, seed)
    return payloads(frames), end


def _floors(engine: Engine, said: Sequence[Utterance]) -> dict[str, float]:
    """What one answer costs the bare engine, words looked up before: as it is, and where it has learnt the question."""
    for each in said:
        engine.unheard(each.question.language, each.question.phrases)
    floors = {"floor": _floor(engine, said)}
    if isinstance(engine, Learns):
        for each in said:
            deque(engine.learn(each.question.language, each.question.phrases), maxlen=0)
        floors["floor_learnt"] = _floor(engine, said)
    return floors


def _floor(engine: Engine, said: Sequence[Utterance]) -> float:
    """Processor milliseconds for listening, decoding at once, matching."""
    spent = []
    for seed, each in enumerate(said):
        frames, end = on_line(each.pcm, 20.0, seed)
        pcm, upsampler = to_pcm(b"".join(frames[max(0, 20 - AROUND) : end + AROUND])), Upsampler()
        began = time.process_time()
        recogniser = engine.listen(each.question)
        recogniser.feed(upsampler.feed(pcm) + upsampler.finish())
        match(recogniser.finish(), each.question)
        spent.append((time.process_time() - began) * 1000)
    return round(sum(spent) / len(spent), 1)


@contextmanager
def media_process(
    language: str, choice: Choice, questions: Iterable[Question], prompt: bytes
) -> Iterator[tuple[int, Callable[..., dict[str, Any]]]]:
    """The product's media process asking these questions behind this prompt: its port, and what it has measured."""
    port = free_port()
    with tempfile.NamedTemporaryFile(suffix=".ulaw") as file:
        file.write(prompt)
        file.flush()
        told = {"port": port, "lines": MOST_STREAMS + 1, "language": language, "choice": [choice.engine, choice.folder],
                "prompt": file.name, "questions": [_listen(each) for each in questions]}  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "ivr.bench.speech_house"], stdin=subprocess.PIPE)
        try:
            _tell(process, told)
            _ready(port, process)
            yield port, partial(_measured, port)
        finally:
            process.terminate()
            process.wait()


def _tell(process: subprocess.Popen[bytes], told: dict[str, Any]) -> None:
    """Along its standard input: thousands of phrases are too long for a command line."""
    if process.stdin is not None:
        process.stdin.write(json.dumps(told).encode())
        process.stdin.close()


def _listen(question: Question) -> dict[str, Any]:
    return {"context": question.context, "phrases": question.phrases, "patience": question.patience, "seconds": 60,
            "digits": question.digits}  # fmt: skip


def _measured(port: int, *, memory: bool = False) -> dict[str, Any]:
    """Looking at memory takes long enough to be in the way of the callers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/measured{'?memory=1' * memory}", timeout=20) as told:
        about: dict[str, Any] = json.load(told)
    return about


def _ready(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while True:
        try:
            _measured(port)
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.1)


def _at_once(
    port: int, measured: Callable[..., dict[str, Any]], count: int, said: Sequence[tuple[list[str], int]]
) -> dict[str, Any]:
    """So many callers for some ten seconds."""
    alone = measured(memory=True)["media"]["private_mb"]
    talkers = [Talker(Socket(port, f"CA-{place}"), said, place, wait=place * 100 // count) for place in range(count)]
    ticks = [talker.tick for talker in talkers]
    try:
        in_lifes_time(ticks, WARMING)
        before, own, began = measured(), time.process_time(), time.monotonic()
        for talker in talkers:
            talker.forget()
        in_lifes_time(ticks, SECONDS)
        after, spent, lasted = measured(), time.process_time() - own, time.monotonic() - began
        memory = measured(memory=True)
    finally:
        for talker in talkers:
            talker.line.close()
    return _step(talkers, before, after, spent, lasted) | _memory(memory, alone, count)


def _step(
    talkers: Sequence[Talker], before: dict[str, Any], after: dict[str, Any], spent: float, lasted: float
) -> dict[str, Any]:
    count = len(talkers)
    answers = [answer for talker in talkers for answer in talker.answers]
    late = spread((heard - ended) * 1000 for ended, heard in answers)
    waited = spread(each["waited_ms"] for each in after["decided"] if each["waited_ms"])
    known = {each["pid"]: each["cpu"] for each in before["decoders"]}
    decoding = sum(each["cpu"] - known.get(each["pid"], 0.0) for each in after["decoders"])
    media = after["media"]["cpu"] - before["media"]["cpu"]
    seconds, replies = max(0.1, count * lasted) / 1000, max(1, len(answers)) / 1000
    return {
        "streams": count, "answers": len(answers), "p50_ms": late["p50"], "p95_ms": late["p95"],
        "waiting_p50_ms": waited["p50"], "waiting_p95_ms": waited["p95"],
        "cpu_ms_a_stream_second": {"decoder": round(decoding / seconds, 1), "media": round(media / seconds, 1)},
        "cpu_ms_an_answer": {"decoder": round(decoding / replies, 1), "media": round(media / replies, 1)},
        "callers_cpu": round(spent / lasted, 2),
    }  # fmt: skip


def _memory(after: dict[str, Any], alone: float, count: int) -> dict[str, Any]:
    """MB a line that nobody shares: its decoder's, and what the media process grew by."""
    decoders = [each["private_mb"] for each in after["decoders"]]
    ours = max(0.0, after["media"]["private_mb"] - alone) / count
    return {"memory_mb": {"decoder": round(sum(decoders) / max(1, len(decoders)), 1), "media": round(ours, 2)}}


def babble(language: str) -> Utterance:
    """For a language that no voice here speaks: somebody speaks something, and the decoder works as hard."""
    words = {"ko": ("네", "아니요", "하나", "둘", "셋")}.get(language, ("ok",))
    return Utterance(Question(language, words), "", spoken("un deux trois", "fr-FR"))


def spread(values: Iterable[float]) -> dict[str, float]:
    """The middle and the twentieth worst of some figures, 0 when there are none."""
    ordered = sorted(values)
    if not ordered:
        return {"p50": 0.0, "p95": 0.0}
    at: Callable[[float], float] = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95)}
