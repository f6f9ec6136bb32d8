"""Which engine hears which language, and all of them as one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ivr.speech.recogniser import Engine, ModelMissing, Question, Recogniser, SpeechError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """One language's engine: `vosk` with a folder, or `pocketsphinx`, which needs none."""

    engine: str
    folder: str = ""


@runtime_checkable
class Learns(Protocol):
    """An engine that can get ready for a question before it is asked."""

    def learn(self, language: str, phrases: tuple[str, ...]) -> Iterator[None]:
        """Do so in small steps; raises what `listen` would."""


class Engines:
    """Several engines as one, each for its languages; a model that does not load costs its language only."""

    name = "engines"

    def __init__(self, engines: Mapping[str, Engine], broken: Mapping[str, SpeechError] | None = None) -> None:
        self.by_language = dict(engines)
        self.broken = dict(broken or {})
        self.languages = tuple(self.by_language)

    def listen(self, question: Question) -> Recogniser:
        """A recogniser of the question's language; raises what its engine raises, or ModelMissing."""
        return self._engine(question.language).listen(question)

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Phrases that the language's engine cannot hear at all."""
        return self._engine(language).unheard(language, phrases)

    def learn(self, language: str, phrases: tuple[str, ...]) -> Iterator[None]:
        """Get ready for a question that will be asked again, in small steps."""
        engine = self._engine(language)
        if isinstance(engine, Learns):
            yield from engine.learn(language, phrases)
        else:
            engine.unheard(language, phrases)

    def give_up(self, language: str, error: SpeechError) -> None:
        """This language is not heard after all."""
        _log.error("no speech in %s: %s %s", language, type(error).__name__, error)
        self.by_language.pop(language, None)
        self.broken[language] = error
        self.languages = tuple(self.by_language)

    def _engine(self, language: str) -> Engine:
        engine = self.by_language.get(language[:2])
        if engine is None:
            raise ModelMissing(language)
        return engine


def load(choices: Mapping[str, Choice]) -> Engines:
    """Load every chosen model; this takes seconds, and memory, once."""
    engines: dict[str, Engine] = {}
    broken: dict[str, SpeechError] = {}
    for language, choice in choices.items():
        try:
            engines[language] = _engine(language, choice)
        except SpeechError as error:
            _log.error("no speech in %s: %s %s", language, type(error).__name__, error)
            broken[language] = error
    return Engines(engines, broken)


def _engine(language: str, choice: Choice) -> Engine:
    if choice.engine == "vosk":
        from ivr.speech.vosk_engine import VoskEngine

        return VoskEngine({language: Path(choice.folder)})
    if choice.engine == "pocketsphinx" and language == "en":
        from ivr.speech.open_english import EnglishWithMessages

        return EnglishWithMessages()
    raise ModelMissing(language, choice.folder)
