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

from ivr.speech.decoder_line import DecoderLine
from ivr.speech.engines import Choice
from ivr.speech.nursing import Nursing
from ivr.speech.recogniser import LinesFull

LINES_A_CORE = 10


def lines_for_this_machine() -> int:
    """How many lines may be listened to at once."""
    return LINES_A_CORE * (os.cpu_count() or 1)


class Decoders:
    """The nursery and its lines, as seen from the media process; for any thread."""

    def __init__(
        self, choices: Mapping[str, Choice], limit: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.nursery = Nursing(choices, clock)
        self.limit = lines_for_this_machine() if limit is None else limit
        self._lock = threading.Lock()
        self._lines: set[DecoderLine] = set()

    def start(self) -> None:
        """Load the models and wait until they are; raises DecoderLost if that fails."""
        self.nursery.door()

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
            line = DecoderLine(self.nursery, self._closed)
            self._lines.add(line)
        return line

    def _closed(self, line: DecoderLine) -> None:
        with self._lock:
            self._lines.discard(line)

    def close(self) -> None:
        """End the nursery and all decoders."""
        self.nursery.close()
