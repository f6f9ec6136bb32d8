"""Decoders: speech is recognised outside the threads that talk to telephones, one process a line, a few lines a core.

    decoders = Decoders({"fr": Choice("vosk", "/models/fr")}, limit=16)
    with decoders.line() as line:          # LinesFull: put this caller on keys
        ears = Ears(line.listen)

The nursery is started at the first need (or by `start`), and again when it died, but not more often than every few
seconds. A line whose decoder died gets a new one with its next question; the ears replay what was said.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import astuple
from pathlib import Path

from ivr.speech import wire
from ivr.speech.engines import Choice
from ivr.speech.recogniser import DecoderLost, Guess, LinesFull, Question, SpeechError

LINES_A_CORE = 10
ANSWER_SECONDS = 3.0
"""A decoder that has no guess after so long hangs, or the machine does; keys are quicker."""
RESTART_SECONDS = 5.0
"""Between two starts of the nursery: a model that kills it at once must not eat the machine."""
LOADING_SECONDS = 60.0

_log = logging.getLogger(__name__)


def lines_for_this_machine() -> int:
    """How many lines may be listened to at once."""
    return LINES_A_CORE * (os.cpu_count() or 1)


class Decoders:
    """The nursery and its lines, as seen from the media process; for any thread."""

    def __init__(
        self, choices: Mapping[str, Choice], limit: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._choices, self._clock = dict(choices), clock
        self.limit = lines_for_this_machine() if limit is None else limit
        self._lock = threading.Lock()
        self._open = 0
        self._nursery: subprocess.Popen[str] | None = None
        self._started = float("-inf")
        self._folder = tempfile.TemporaryDirectory(prefix="souffleur-ears-")
        self._births = 0
        self.languages: tuple[str, ...] = ()
        self.broken: dict[str, str] = {}
        self.restarts = -1

    # -- the nursery --

    def start(self) -> None:
        """Load the models and wait until they are; raises DecoderLost if that fails."""
        with self._lock:
            self._ensure()

    @property
    def path(self) -> str:
        """Where the living nursery listens."""
        return str(Path(self._folder.name) / f"nursery-{self._births}")

    def _ensure(self) -> None:
        if self._nursery is not None and self._nursery.poll() is None:
            return
        if self._clock() - self._started < RESTART_SECONDS:
            raise DecoderLost("the nursery died a moment ago")
        self._started, self._births, self.restarts = self._clock(), self._births + 1, self.restarts + 1
        self._bury()
        choices = json.dumps({language: astuple(choice) for language, choice in self._choices.items()})
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "ivr.speech.nursery", self.path, choices],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._hear_ready(self._nursery)

    def _hear_ready(self, nursery: subprocess.Popen[str]) -> None:
        too_long = threading.Timer(LOADING_SECONDS, nursery.kill)
        too_long.start()
        ready = nursery.stdout.readline() if nursery.stdout else ""
        too_long.cancel()
        if not ready:
            raise DecoderLost("the nursery did not start")
        told = json.loads(ready)
        self.languages, self.broken = tuple(told["languages"]), told["broken"]

    def _bury(self) -> None:
        if self._nursery is None:
            return
        for pipe in (self._nursery.stdin, self._nursery.stdout):
            if pipe:
                pipe.close()
        self._nursery.wait()

    # -- lines --

    @property
    def free(self) -> int:
        """How many more lines could be listened to."""
        return self.limit - self._open

    def line(self) -> DecoderLine:
        """Ears for one more caller; raises LinesFull."""
        with self._lock:
            if self._open >= self.limit:
                raise LinesFull(self.limit)
            self._open += 1
        return DecoderLine(self)

    def connect(self) -> socket.socket:
        """A decoder of one's own; raises DecoderLost."""
        with self._lock:
            self._ensure()
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(ANSWER_SECONDS)
        try:
            line.connect(self.path)
        except OSError as error:
            line.close()
            raise DecoderLost(str(error)) from error
        return line

    def closed(self) -> None:
        """One line fewer."""
        with self._lock:
            self._open -= 1

    def close(self) -> None:
        """End the nursery and all decoders."""
        with self._lock:
            if self._nursery is not None:
                self._nursery.terminate()
                self._bury()
                self._nursery = None
            self._started = float("inf")
        self._folder.cleanup()


class DecoderLine:
    """One caller's decoder, question after question; for one thread."""

    def __init__(self, decoders: Decoders) -> None:
        self._decoders = decoders
        self._link: socket.socket | None = None
        self._inbox: wire.Inbox | None = None
        self._pid = 0
        self._open = True
        self._prepared: Question | None = None
        self._owed = 0

    def __enter__(self) -> DecoderLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The decoder's process, 0 when there is none."""
        return self._pid

    def prepare(self, question: Question) -> None:
        """Let the decoder make the question's grammar while its prompt is still being played; raises nothing."""
        self._prepared = None
        with contextlib.suppress(SpeechError):
            self._ask(question)
            self._prepared = question

    def listen(self, question: Question) -> RemoteRecogniser:
        """Begin a question; raises NothingToHear, ModelMissing or DecoderLost."""
        if self._link is None:
            return self._listen(question)
        try:
            return self._listen(question)
        except DecoderLost:  # it died between two questions
            return self._listen(question)

    def _listen(self, question: Question) -> RemoteRecogniser:
        if self._link is None or self._prepared != question:
            self._ask(question)
        self._prepared = None
        while True:
            kind, load = self.answer()
            if kind not in (b"O", b"E"):
                continue
            self._owed -= 1
            if self._owed:  # what it says of a question that was prepared and then answered by a key
                continue
            if kind == b"E":
                raise wire.error_from(load)
            return RemoteRecogniser(self)

    def _ask(self, question: Question) -> None:
        self._connected()
        self.tell(b"L", wire.question_to(question))
        self._owed += 1

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Which of these phrases the model cannot hear; on a line without a question. Raises ModelMissing, DecoderLost.
        """
        self._connected()
        self.patient_for(LOADING_SECONDS)
        self.tell(b"U", wire.question_to(Question(language, phrases)))
        kind, load = self.answer()
        if kind == b"E":
            raise wire.error_from(load)
        return wire.phrases_from(load)

    def tell(self, kind: bytes, load: bytes = b"") -> None:
        """Send to the decoder; raises DecoderLost."""
        if self._link is None:
            raise DecoderLost
        try:
            wire.send(self._link, kind, load)
        except OSError as error:
            raise self.lost(error) from error

    def answer(self) -> tuple[bytes, bytes]:
        """Its next message; raises DecoderLost when it is dead or too slow."""
        if self._inbox is None:
            raise DecoderLost
        try:
            return self._inbox.wait()
        except OSError as error:
            raise self.lost(error) from error

    def arrived(self) -> list[tuple[bytes, bytes]]:
        """What it said meanwhile; raises DecoderLost."""
        if self._inbox is None:
            raise DecoderLost
        try:
            return self._inbox.arrived()
        except OSError as error:
            raise self.lost(error) from error

    def patient_for(self, seconds: float) -> None:
        """How long its next message may take."""
        if self._link is not None:
            self._link.settimeout(seconds)

    def lost(self, error: OSError) -> DecoderLost:
        """It is dead or hangs: make sure that it is dead."""
        _log.error("a decoder is lost: %s", error)
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
        self._hang_up()
        return DecoderLost(str(error))

    def close(self) -> None:
        """The call is over; harmless when repeated."""
        self._hang_up()
        if self._open:
            self._open = False
            self._decoders.closed()

    def _connected(self) -> None:
        if self._link is not None:
            return
        self._link = self._decoders.connect()
        self._inbox = wire.Inbox(self._link)
        kind, load = self.answer()
        self._pid = int(load) if kind == b"H" else 0

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link, self._inbox, self._pid, self._prepared, self._owed = None, None, 0, None, 0


class RemoteRecogniser:
    """A recogniser whose work is done in the line's decoder."""

    def __init__(self, line: DecoderLine) -> None:
        self._line: DecoderLine | None = line
        self._words = ""

    def feed(self, pcm16k: bytes) -> None:
        """Send the sound on; raises DecoderLost."""
        if self._line and pcm16k:
            self._line.tell(b"A", pcm16k)

    def partial(self) -> str:
        """The newest words that have come back; raises DecoderLost."""
        if self._line:
            for kind, load in self._line.arrived():
                self._take(kind, load)
        return self._words

    def finish(self, seconds: float = ANSWER_SECONDS) -> Guess:
        """The guess, within so long; raises DecoderLost."""
        if self._line is None:
            raise DecoderLost
        line, self._line = self._line, None
        line.patient_for(seconds)
        line.tell(b"F")
        while True:
            kind, load = line.answer()
            if kind == b"G":
                return wire.guess_from(load)
            self._take(kind, load)

    def close(self) -> None:
        """Drop the question; harmless when repeated."""
        if self._line is not None:
            line, self._line = self._line, None
            with contextlib.suppress(DecoderLost):
                line.tell(b"X")

    def _take(self, kind: bytes, load: bytes) -> None:
        if kind == b"P":
            self._words = load.decode()
