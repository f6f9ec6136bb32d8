"""Does a model hear what our callers say? Its vocabulary against ours, and sound at 8 kHz through our upsampling."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.speech.engines import Engines
from ivr.speech.mulaw import SILENCE, Upsampler, to_pcm
from ivr.speech.recogniser import Question, SpeechError


@dataclass(frozen=True)
class ContextProbe:
    """One question: how many phrases it has, and which of them cannot be heard."""

    context: str
    phrases: int
    unheard: tuple[str, ...]


@dataclass(frozen=True)
class Probe:
    """What a model is worth to this house."""

    language: str
    engine: str
    contexts: tuple[ContextProbe, ...]
    decodes: bool
    """Does a second of telephone sound go through?"""
    milliseconds: float
    """How long that second took."""
    error: str = ""

    @property
    def share(self) -> float:
        """Of all phrases, how many can be heard; 1 where there are none."""
        phrases = sum(each.phrases for each in self.contexts)
        return 1 - sum(len(each.unheard) for each in self.contexts) / phrases if phrases else 1.0

    @property
    def is_good(self) -> bool:
        """Can this language be offered?"""
        return self.decodes and all(len(each.unheard) < each.phrases for each in self.contexts)


def probe(engines: Engines, language: str, vocabularies: Mapping[str, tuple[str, ...]]) -> Probe:
    """Try every question's vocabulary, then a second of sound with the first of them."""
    engine = engines.by_language[language]
    contexts = tuple(
        ContextProbe(context, len(phrases), engine.unheard(language, phrases))
        for context, phrases in vocabularies.items()
    )
    started = time.perf_counter()
    phrases = next(iter(vocabularies.values()), ())
    anything = Question(language, open=True)
    error = _decode(engines, Question(language, phrases) if phrases else anything)
    if phrases and engine.name == "vosk":
        error = _decode(engines, anything) or error
    return Probe(language, engine.name, contexts, not error, round((time.perf_counter() - started) * 1000, 1), error)


def _decode(engines: Engines, question: Question) -> str:
    upsampler = Upsampler()
    try:
        recogniser = engines.listen(question)
        recogniser.feed(upsampler.feed(to_pcm(SILENCE * 50)) + upsampler.finish())
        recogniser.finish()
    except SpeechError as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # Vosk raises the bare class when a model refuses the sampling rate
        return str(error)
    return ""
