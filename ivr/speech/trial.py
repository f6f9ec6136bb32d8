"""Does a loaded model survive its first answer? Tried in a process that may die.

A model whose graph is cut off or missing loads without a word and kills the process that first listens with it
(Vosk 0.3.45, tried with each file of a model): it must not be a caller's.
"""

from __future__ import annotations

import os
import signal

from ivr.speech.engines import Engines
from ivr.speech.recogniser import ModelBroken, Question

SECOND = bytes(32000)
MOST_SECONDS = 30
"""An open answer of one second of silence takes a tenth of one."""


def keep_survivors(engines: Engines) -> None:
    """Take the languages out whose model dies or raises; only for a process without threads, since it forks."""
    for language in engines.languages:
        if engines.by_language[language].name == "vosk" and not _survives(engines, language):
            engines.give_up(language, ModelBroken(language, ("a file is cut off: listening with it dies",)))


def _survives(engines: Engines, language: str) -> bool:
    child = os.fork()
    if child == 0:
        _listen(engines, language)
    return os.waitpid(child, 0)[1] == 0


def _listen(engines: Engines, language: str) -> None:
    """The child: one answer, and gone."""
    outcome = 1
    try:
        signal.alarm(MOST_SECONDS)
        recogniser = engines.listen(Question(language, open=True))
        recogniser.feed(SECOND)
        recogniser.finish()
        outcome = 0
    finally:
        os._exit(outcome)
