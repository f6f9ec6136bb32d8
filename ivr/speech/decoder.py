"""One line's decoder: a process of its own that listens to one caller; if it dies, it dies alone.

It is forked by the nursery, which holds the models, so it starts in milliseconds and shares their memory.
"""

from __future__ import annotations

import os
import socket

from ivr.speech import wire
from ivr.speech.recogniser import Engine, Recogniser, SpeechError


class Decoder:
    """Answers one line until it hangs up."""

    def __init__(self, line: socket.socket, engine: Engine) -> None:
        self._line, self._engine = line, engine
        self._recogniser: Recogniser | None = None
        self._said = ""

    def serve(self) -> None:
        """Question after question; returns when the line is gone."""
        wire.send(self._line, b"H", str(os.getpid()).encode())
        inbox = wire.Inbox(self._line)
        try:
            while True:
                self._obey(*inbox.wait())
        except OSError:
            return

    def _obey(self, kind: bytes, load: bytes) -> None:
        if kind == b"L":
            self._listen(load)
        elif kind == b"U":
            self._look_up(load)
        elif kind == b"X" or self._recogniser is None:
            self._drop()
        elif kind == b"A":
            self._recogniser.feed(load)
            self._tell_words()
        elif kind == b"F":
            guess = self._recogniser.finish()
            self._recogniser = None
            wire.send(self._line, b"G", wire.guess_to(guess))

    def _listen(self, load: bytes) -> None:
        self._drop()
        try:
            self._recogniser, self._said = self._engine.listen(wire.question_from(load)), ""
        except SpeechError as error:
            wire.send(self._line, b"E", wire.error_to(error))
        else:
            wire.send(self._line, b"O")

    def _look_up(self, load: bytes) -> None:
        question = wire.question_from(load)
        try:
            lost = self._engine.unheard(question.language, question.phrases)
        except SpeechError as error:
            wire.send(self._line, b"E", wire.error_to(error))
        else:
            wire.send(self._line, b"V", wire.phrases_to(lost))

    def _tell_words(self) -> None:
        words = self._recogniser.partial() if self._recogniser else ""
        if words != self._said:
            self._said = words
            wire.send(self._line, b"P", words.encode())

    def _drop(self) -> None:
        if self._recogniser is not None:
            self._recogniser.close()
            self._recogniser = None
