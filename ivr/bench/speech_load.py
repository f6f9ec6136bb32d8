"""How many streams a core carries, how late they answer and what memory each takes; part of `bench speech`."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from ivr.bench.spoken import Utterance, on_line, spoken
from ivr.speech.decoders import Decoders
from ivr.speech.ears import Ears
from ivr.speech.engines import Choice
from ivr.speech.recogniser import Question

P95_GOAL = 800.0
MOST_STREAMS = 128


def load_of(language: str, choice: Choice, said: Sequence[Utterance]) -> dict[str, Any]:
    """Ever more streams in life's own time, each speaking all the time, until the delay's p95 passes the goal."""
    decoders = Decoders({language: choice}, limit=MOST_STREAMS)
    decoders.start()
    steps: list[dict[str, Any]] = []
    try:
        count = 4
        while count <= MOST_STREAMS:
            steps.append(_at_once(decoders, count, said))
            if steps[-1]["p95_ms"] > P95_GOAL:
                break
            count = count * 3 // 2
    finally:
        decoders.close()
    good = [step["streams"] for step in steps if step["p95_ms"] <= P95_GOAL]
    cores = os.cpu_count() or 1
    return {"streams": max(good, default=0), "streams_a_core": round(max(good, default=0) / cores, 1), "steps": steps}


def _at_once(decoders: Decoders, count: int, said: Sequence[Utterance]) -> dict[str, Any]:
    """So many callers for some eight seconds."""
    delays: list[float] = []
    memory: list[int] = []
    callers = [
        threading.Thread(target=_caller, args=(decoders, said[place % len(said) :], place, delays, memory))
        for place in range(count)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    late = spread(delays)
    return {"streams": count, "answers": len(delays), "p50_ms": late["p50"], "p95_ms": late["p95"],
            "memory_mb": round(sum(memory) / max(1, len(memory)) / 1024, 1)}  # fmt: skip


def _caller(decoders: Decoders, said: Sequence[Utterance], seed: int, delays: list[float], memory: list[int]) -> None:
    """Answers one question after the other, in life's own time."""
    with decoders.line() as line:
        ears = Ears(line.listen)
        for each in islice(cycle(said), 6):
            frames, end = on_line(each.pcm, 20.0, seed, after=1.7)
            ears.ask(replace(each.question, seconds=30), playing=False)
            _live(ears, frames, end, delays)
            ears.close()
        memory += [_private_kilobytes(line.pid)] if line.pid else []


def _live(ears: Ears, frames: Sequence[bytes], end: int, delays: list[float]) -> None:
    began = time.monotonic()
    for count, frame in enumerate(frames, 1):
        time.sleep(max(0.0, began + count * 0.02 - time.monotonic()))
        if ears.frame(frame) is not None:
            delays.append((time.monotonic() - began - end * 0.02) * 1000)
            return


def _private_kilobytes(pid: int) -> int:
    """What a decoder has of its own, beyond the models it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))


def babble(language: str) -> Utterance:
    """For a language that no voice here speaks: somebody speaks something, and the decoder works as hard."""
    words = {"ko": ("네", "아니요", "하나", "둘", "셋")}.get(language, ("ok",))
    return Utterance(Question(language, words, seconds=30), "", spoken("un deux trois", "fr-FR"))


def spread(values: Iterable[float]) -> dict[str, float]:
    """The middle and the twentieth worst of some figures, 0 when there are none."""
    ordered = sorted(values)
    if not ordered:
        return {"p50": 0.0, "p95": 0.0}
    at: Callable[[float], float] = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95)}
