"""What the microphone hears, understood by the house's own recogniser, as a carrier would understand a Gather."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.simulator.browser.ear import Recognise
from ivr.simulator.call import Listening

if TYPE_CHECKING:
    from ivr.speech.engines import Engines

_log = logging.getLogger(__name__)


def house_recogniser(data: Path, environment: Mapping[str, str]) -> tuple[Recognise, tuple[str, ...]]:
    """A recogniser of the models that are there, and the languages it hears; the hints of a Gather are its words."""
    from ivr.speech import engines, models

    loaded = engines.load(models.choices(data, environment))

    def recognise(mulaw: bytes, listening: Listening) -> tuple[str, float | None]:
        return _understood(loaded, mulaw, listening)

    return recognise, loaded.languages


def _understood(engines: Engines, mulaw: bytes, listening: Listening) -> tuple[str, float | None]:
    """Words and confidence; no words when nothing fitted, or nobody here knows the language."""
    from ivr.speech.matching import match
    from ivr.speech.mulaw import Upsampler, to_pcm
    from ivr.speech.numerals import in_words
    from ivr.speech.recogniser import Question, SpeechError

    hints = [hint.strip() for hint in listening.hints.split(",") if hint.strip() and hint[0] != "$"]
    phrases = tuple(dict.fromkeys(in_words(hint, listening.language) for hint in hints))
    question = Question(listening.language, phrases, patience="long")
    try:
        recogniser = engines.listen(question)
        try:
            upsampler = Upsampler()
            recogniser.feed(upsampler.feed(to_pcm(mulaw)) + upsampler.finish())
            matched = match(recogniser.finish(), question)
        finally:
            recogniser.close()
    except SpeechError as error:
        _log.warning("nothing was understood: %s", type(error).__name__)
        return "", None
    return matched.words, matched.confidence
