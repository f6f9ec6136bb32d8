"""`souffleur bench speech`: how well and how soon callers are understood, against the bare engine in the same run."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ivr.bench.speech_bargein import barge_in_of
from ivr.bench.speech_load import P95_GOAL, babble, load_of, spread
from ivr.bench.speech_questions import house_utterances
from ivr.bench.speech_sentences import sentences_of
from ivr.bench.spoken import CLEAN, Utterance, corpus, on_line, recordings
from ivr.settings import Settings
from ivr.speech.ears import UNCLEAR, Ears
from ivr.speech.engines import Choice, load
from ivr.speech.matching import match
from ivr.speech.models import choices
from ivr.speech.mulaw import Upsampler, to_pcm
from ivr.speech.recogniser import Engine, SpeechError
from ivr.speech.vosk_engine import VoskEngine

P50_GOAL = 500.0
NOTHING = ("", UNCLEAR)
"""What is heard of silence, and of words that fit nothing: she is asked again. A wrong belief is worse."""
AROUND = 20
"""Frames of line that the bare engine is given before and after the voice."""


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
@click.option("--no-load", is_flag=True, help="Leave out barge-in and how many streams fit a core (four minutes).")
@click.option("--only-load", is_flag=True, help="Only how many streams fit a core (two and a half minutes).")
def command(model: str | None, language: str, folder: Path | None, no_load: bool, only_load: bool) -> None:
    """Understood clean, at 20 and 10 dB; false accepts; delay; barge-in; streams a core; memory a stream. Prints JSON.

    The floor is the engine fed directly with the same sound and grammar: what the whole path loses is our own doing.
    """
    choice = Choice("vosk", model) if model else choices(Settings.read().data, os.environ).get(language)
    if choice is None:
        raise click.ClickException(f"Nobody hears {language} here: souffleur models fetch {language}")
    try:
        report = measured(language, choice, folder, with_load=not no_load, only_load=only_load)
    except SpeechError as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    click.echo(json.dumps(report, ensure_ascii=False, indent=1))


def measured(
    language: str, choice: Choice, folder: Path | None, *, with_load: bool, only_load: bool = False
) -> dict[str, Any]:
    """The whole report as plain data."""
    engines = load({language: choice})
    if language in engines.broken:
        raise engines.broken[language]
    engine = engines.by_language[language]
    inside, outside = corpus(language)
    report: dict[str, Any] = {"bench": "speech", "environment": _environment(), "language": language}
    report |= {"engine": engine.name, "utterances": len(inside), "goals": {"p50_ms": P50_GOAL, "p95_ms": P95_GOAL}}
    if only_load:
        return report | _load(language, choice, engine, inside)
    if inside:
        report["understood"] = {name: _understood(engine, inside, snr) for name, snr in _noises()}
        report["false_accepts"] = {name: _false_accepts(engine, outside, snr) for name, snr in _noises()}
        report["sentences"] = {name: _sentences(engine, language, snr) for name, snr in _noises()}
    if folder:
        report["recordings"] = {name: _understood(engine, recordings(folder), snr) for name, snr in _noises()}
    if with_load:
        report["barge_in"] = barge_in_of(language, choice, (inside or [babble(language)])[:12])
        report |= _load(language, choice, engine, inside)
    return report


def _load(language: str, choice: Choice, engine: Engine, inside: Sequence[Utterance]) -> dict[str, Any]:
    """Streams a core with a few phrases a question, and with all that the house listens for."""
    told = {"load": load_of(language, choice, engine, inside or [babble(language)])}
    whole = house_utterances(language, engine.models[language].knows if isinstance(engine, VoskEngine) else None)
    return told | ({"load_of_the_house": load_of(language, choice, engine, whole)} if whole else {})


def _noises() -> tuple[tuple[str, float], ...]:
    return (("clean", CLEAN), ("20 dB", 20.0), ("10 dB", 10.0))


def _understood(engine: Engine, said: Sequence[Utterance], decibels: float) -> dict[str, Any]:
    """The whole path and its floor on the same sound."""
    heard = [(each, _whole_path(engine, each, decibels, seed)) for seed, each in enumerate(said)]
    bare = [_bare(engine, each, decibels, seed) == each.expected for seed, each in enumerate(said)]
    right = [each.expected == got.words for each, got in heard]
    refused = [got.words in NOTHING for _, got in heard]
    wrong = [not one and not other for one, other in zip(right, refused, strict=True)]
    delays = [got for _, got in heard if got.words]
    return {
        "right": _share(right), "wrong": _share(wrong), "refused": _share(refused),
        "floor": _share(bare), "lost_to_floor": round(_share(bare) - _share(right), 3),
        "delay": {"all": spread(got.delay_ms for got in delays), "waiting": spread(got.waiting_ms for got in delays),
                  "decoding": spread(got.decoding_ms for got in delays)},
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


def _false_accepts(engine: Engine, said: Sequence[Utterance], decibels: float) -> dict[str, Any]:
    """Words outside the question that were believed to be an answer."""
    heard = (_whole_path(engine, each, decibels, seed) for seed, each in enumerate(said))
    believed = [each.words not in NOTHING for each in heard]
    return {"tried": len(said), "believed": _share(believed)}


def _sentences(engine: Engine, language: str, decibels: float) -> dict[str, Any]:
    def hears(said: Utterance, seed: int) -> str:
        heard = _whole_path(engine, said, decibels, seed).words
        return "" if heard in NOTHING else heard

    return sentences_of(language, hears)


# -- figures --


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / max(1, len(right)), 3)


def _environment() -> dict[str, Any]:
    return {
        "python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
    }  # fmt: skip
