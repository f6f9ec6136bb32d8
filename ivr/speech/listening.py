"""One spoken answer on its way to the recogniser: kept, so that a second one hears it all when the first one dies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ivr.speech.mulaw import Upsampler, to_pcm
from ivr.speech.recogniser import DecoderLost, Guess, Question, Recogniser

BATCH = 4
"""Frames fed to the recogniser at once: fewer, larger pieces are cheaper and 80 ms cost nothing."""

Listener = Callable[[Question], Recogniser]
_Given = TypeVar("_Given")


class Listening:
    """Whatever fails raises SpeechError; a death is forgiven once, a second one is the sound's own fault."""

    def __init__(self, listen: Listener, question: Question, before: Iterable[bytes]) -> None:
        self._listen, self._question = listen, question
        self.sound = list(before)
        """The µ-law of all frames so far."""
        self._second = False
        self._open()

    def _open(self) -> None:
        self._upsampler, self._pending = Upsampler(), list(self.sound)
        self._recogniser = self._listen(self._question)

    def hear(self, mulaw: bytes) -> None:
        """The next frame."""
        self.sound.append(mulaw)
        self._pending.append(mulaw)
        if len(self._pending) >= BATCH:
            self._surely(lambda: None)

    def so_far(self) -> str:
        """The words so far."""
        return self._surely(lambda: self._recogniser.partial())

    def finish(self) -> Guess:
        """The whole answer."""
        return self._surely(self._finish)

    def close(self) -> None:
        """Let go of it; harmless when repeated."""
        self._recogniser.close()

    def _finish(self) -> Guess:
        self._recogniser.feed(self._upsampler.finish())
        return self._recogniser.finish()

    def _surely(self, ask: Callable[[], _Given]) -> _Given:
        try:
            self._feed()
            return ask()
        except DecoderLost:
            if self._second:
                raise
            self._second = True
            self.close()
            self._open()
            self._feed()
            return ask()

    def _feed(self) -> None:
        if self._pending:
            self._recogniser.feed(self._upsampler.feed(to_pcm(b"".join(self._pending))))
            self._pending = []
