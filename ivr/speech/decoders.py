"""Decoders: speech is recognised outside the threads that talk to telephones, one process a line, a few lines a core.

    decoders = Decoders({"fr": Choice("vosk", "/models/fr")}, limit=16)
    with decoders.line() as line:          # LinesFull: put this caller on keys
        ears = Ears(line.listen)

A line whose decoder died gets a new one with its next question; the ears replay what was said.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ivr.speech.decoder_line import ANSWER_SECONDS, DecoderLine
from ivr.speech.engines import Choice
from ivr.speech.matching import get_ready
from ivr.speech.nursing import Nursing
from ivr.speech.recogniser import LinesFull, Question
from ivr.speech.vosk_engine import PARTS

LINES_A_CORE = 10


def lines_for_this_machine() -> int:
    """How many lines may be listened to at once."""
    return LINES_A_CORE * (os.cpu_count() or 1)


def _fingerprints(choices: Mapping[str, Choice]) -> dict[str, tuple[Choice, int, int]]:
    """Which models these are: another folder, or another one in its place, is another model."""
    return {language: (choice, *_age(choice)) for language, choice in choices.items()}


def _age(choice: Choice) -> tuple[int, int]:
    try:
        about = os.stat(Path(choice.folder) / PARTS[0]) if choice.folder else None
    except OSError:
        about = None
    return (about.st_ino, about.st_mtime_ns) if about else (0, 0)


class Decoders:
    """The nursery and its lines, as seen from the media process; for any thread."""

    def __init__(
        self,
        choices: Mapping[str, Choice],
        limit: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        patience: float = ANSWER_SECONDS,
    ) -> None:
        self.nursery = Nursing(choices, clock)
        self.limit = lines_for_this_machine() if limit is None else limit
        self._patience = patience
        self._lock, self._known = threading.Lock(), _fingerprints(choices)
        self._lines: set[DecoderLine] = set()

    def start(self) -> None:
        """Load the models and wait until they are; raises DecoderLost if that fails."""
        self.nursery.door()

    def renew(self, choices: Mapping[str, Choice]) -> bool:
        """Is any model another one than before? Then load these; calls that are being listened to go on as they are."""
        now = _fingerprints(choices)
        if now == self._known:
            return False
        self._known = now
        self.nursery.renew(choices)
        return True

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are heard here."""
        return self.nursery.languages

    @property
    def broken(self) -> dict[str, str]:
        """Languages whose model did not load, and the name of the reason."""
        return self.nursery.broken

    @property
    def restarts(self) -> int:
        """How often the nursery had to be replaced."""
        return self.nursery.restarts

    @property
    def free(self) -> int:
        """How many more lines could be listened to."""
        return self.limit - len(self._lines)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes of the decoders that listen now."""
        with self._lock:
            return tuple(line.pid for line in self._lines if line.pid)

    def line(self) -> DecoderLine:
        """Ears for one more caller; raises LinesFull."""
        with self._lock:
            if len(self._lines) >= self.limit:
                raise LinesFull(self.limit)
            line = DecoderLine(self.nursery, self._closed, self._patience)
            self._lines.add(line)
        return line

    def expect(self, question: Question) -> None:
        """This question will be asked: get ready for it, here (half a second for the first) and in the nursery."""
        get_ready(question)
        self.nursery.teaching.expected(question)

    def _closed(self, line: DecoderLine) -> None:
        with self._lock:
            self._lines.discard(line)

    def close(self) -> None:
        """End the nursery and all decoders."""
        self.nursery.close()
