"""One caller's decoder, question after question, as the conversation's thread sees it: a process behind a socket."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable

from ivr.speech import wire
from ivr.speech.nursing import LOADING_SECONDS, Nursing
from ivr.speech.recogniser import DecoderLost, Guess, Question, SpeechError

ANSWER_SECONDS = 3.0
"""A decoder that has no guess after so long hangs, or the machine does; keys are quicker."""

_log = logging.getLogger(__name__)


class DecoderLine:
    """One caller's line to its decoder; for one thread."""

    def __init__(
        self, nursery: Nursing, closed: Callable[[DecoderLine], None], patience: float = ANSWER_SECONDS
    ) -> None:
        self._nursery, self._closed, self._patience = nursery, closed, patience
        self._link: socket.socket | None = None
        self._inbox: wire.Inbox | None = None
        self._pid = 0
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
            self._connected(0.0)  # the prompt must not wait for a nursery that is still loading
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
        self._nursery.teaching.asked(question)

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Which phrases the model cannot hear; on a line without a question. Raises ModelMissing, DecoderLost."""
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

    def patient_for(self, seconds: float | None) -> None:
        """How long its next message may take; None, as long as ever."""
        if self._link is not None:
            self._link.settimeout(seconds or self._patience)

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
        self._closed(self)

    def _connected(self, patience: float | None = None) -> None:
        if self._link is not None:
            return
        door = self._nursery.door(self._patience if patience is None else patience)
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._link.settimeout(self._patience)
        self._inbox = wire.Inbox(self._link)
        try:
            self._link.connect(door)
            kind, load = self._inbox.wait()
        except OSError as error:
            self._nursery.took_in(door, False)
            raise self.lost(error) from error
        self._nursery.took_in(door, True)
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

    def finish(self, seconds: float | None = None) -> Guess:
        """The guess, within so long, or as soon as any answer; raises DecoderLost."""
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
