"""`souffleur bench speech`: how well and how soon callers are understood, against the bare engine in the same run."""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import click

from ivr.bench.spoken import CLEAN, Utterance, corpus, on_line, recordings
from ivr.settings import Settings
from ivr.speech.decoders import Decoders
from ivr.speech.ears import Ears
from ivr.speech.engines import Choice, load
from ivr.speech.matching import match
from ivr.speech.models import choices
from ivr.speech.mulaw import Upsampler, to_pcm
from ivr.speech.recogniser import Engine, Question, SpeechError

P95_GOAL, P50_GOAL = 800.0, 500.0
AROUND = 20
"""Frames of line that the bare engine is given before and after the voice."""
MOST_STREAMS = 128


@dataclass(frozen=True)
class Heard:
    """One utterance heard by the whole path."""

    words: str
    waiting_ms: float
    decoding_ms: float

    @property
    def delay_ms(self) -> float:
        """From the end of the voice to the decision."""
        return self.waiting_ms + self.decoding_ms


@click.command()
@click.option(
    "--model", type=click.Path(exists=True, file_okay=False), help="A Vosk model's folder; else what is installed."
)
@click.option("--lang", "language", default="en", show_default=True, help="The language to speak.")
@click.option("--recordings", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Also hear these: digit_speaker_index.wav, 8 kHz, English digits.")  # fmt: skip
@click.option("--no-load", is_flag=True, help="Leave out how many streams fit a core (a minute).")
def command(model: str | None, language: str, folder: Path | None, no_load: bool) -> None:
    """Understood clean, at 20 and 10 dB; false accepts; delay; streams a core; memory a stream. Prints JSON.

    The floor is the engine fed directly with the same sound and grammar: what the whole path loses is our own doing.
    """
    choice = Choice("vosk", model) if model else choices(Settings.read().data, os.environ).get(language)
    if choice is None:
        raise click.ClickException(f"Nobody hears {language} here: souffleur models fetch {language}")
    try:
        report = measured(language, choice, folder, with_load=not no_load)
    except SpeechError as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    click.echo(json.dumps(report, ensure_ascii=False, indent=1))


def measured(language: str, choice: Choice, folder: Path | None, *, with_load: bool) -> dict[str, Any]:
    """The whole report as plain data."""
    engines = load({language: choice})
    if language in engines.broken:
        raise engines.broken[language]
    engine = engines.by_language[language]
    inside, outside = corpus(language)
    report: dict[str, Any] = {"bench": "speech", "environment": _environment(), "language": language}
    report |= {"engine": engine.name, "utterances": len(inside), "goals": {"p50_ms": P50_GOAL, "p95_ms": P95_GOAL}}
    if inside:
        report["understood"] = {name: _understood(engine, inside, snr) for name, snr in _noises()}
        report["false_accepts"] = _false_accepts(engine, outside)
    if folder:
        report["recordings"] = {name: _understood(engine, recordings(folder), snr) for name, snr in _noises()}
    if with_load:
        report["load"] = _load(language, choice, inside or [_babble(language)])
    return report


def _noises() -> tuple[tuple[str, float], ...]:
    return (("clean", CLEAN), ("20 dB", 20.0), ("10 dB", 10.0))


def _understood(engine: Engine, said: Sequence[Utterance], decibels: float) -> dict[str, Any]:
    """The whole path and its floor on the same sound."""
    heard = [(each, _whole_path(engine, each, decibels, seed)) for seed, each in enumerate(said)]
    bare = [_bare(engine, each, decibels, seed) == each.expected for seed, each in enumerate(said)]
    right = [each.expected == got.words for each, got in heard]
    delays = [got for _, got in heard if got.words]
    return {
        "right": _share(right), "floor": _share(bare), "lost_to_floor": round(_share(bare) - _share(right), 3),
        "delay": {"all": _spread(got.delay_ms for got in delays), "waiting": _spread(got.waiting_ms for got in delays),
                  "decoding": _spread(got.decoding_ms for got in delays)},
    }  # fmt: skip


def _whole_path(engine: Engine, said: Utterance, decibels: float, seed: int) -> Heard:
    ears = Ears(engine.listen)
    ears.ask(said.question, playing=False)
    frames, end = on_line(said.pcm, decibels, seed)
    for count, frame in enumerate(frames, 1):
        started = time.perf_counter()
        heard = ears.frame(frame)
        if heard is not None:
            return Heard(heard.words, (count - end) * 20.0, (time.perf_counter() - started) * 1000)
    ears.close()
    return Heard("", 0, 0)


def _bare(engine: Engine, said: Utterance, decibels: float, seed: int) -> str:
    """The engine with the voice cut out by hand, and the same matching behind it."""
    frames, end = on_line(said.pcm, decibels, seed)
    pcm, upsampler = to_pcm(b"".join(frames[max(0, 20 - AROUND) : end + AROUND])), Upsampler()
    recogniser = engine.listen(said.question)
    recogniser.feed(upsampler.feed(pcm) + upsampler.finish())
    return match(recogniser.finish(), said.question).words


def _false_accepts(engine: Engine, said: Sequence[Utterance]) -> dict[str, Any]:
    """Words outside the question that were believed to be an answer, and how often as surely as a right one."""
    believed = []
    for seed, each in enumerate(said):
        heard = _whole_path(engine, each, 20.0, seed)
        believed.append(heard.words not in ("", "…"))
    return {"tried": len(said), "believed": _share(believed)}


# -- load --


def _load(language: str, choice: Choice, said: Sequence[Utterance]) -> dict[str, Any]:
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
    spread = _spread(delays)
    return {"streams": count, "answers": len(delays), "p50_ms": spread["p50"], "p95_ms": spread["p95"],
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


def _babble(language: str) -> Utterance:
    """For a language that no voice here speaks: somebody speaks something, and the decoder works as hard."""
    from ivr.bench.spoken import spoken

    words = {"ko": ("네", "아니요", "하나", "둘", "셋")}.get(language, ("ok",))
    return Utterance(Question(language, words, seconds=30), "", spoken("un deux trois", "fr-FR"))


# -- figures --


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / max(1, len(right)), 3)


def _spread(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    if not ordered:
        return {"p50": 0.0, "p95": 0.0}
    at: Callable[[float], float] = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)  # noqa: E731
    return {"p50": at(0.5), "p95": at(0.95)}


def _environment() -> dict[str, Any]:
    return {
        "python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
    }  # fmt: skip
