"""Recognisers that follow a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ivr.speech.recogniser import DecoderLost, Guess, Question


@dataclass
class Scripted:
    """A recogniser that gives what it was told to; it may die after so many feeds."""

    text: str
    dies_after: int | None = None
    fed: bytes = b""
    feeds: int = 0
    closed: bool = False

    def feed(self, pcm16k: bytes) -> None:
        """Count, and die when told to."""
        self.feeds += 1
        self.fed += pcm16k
        if self.dies_after is not None and self.feeds > self.dies_after:
            raise DecoderLost

    def partial(self) -> str:
        """All of it, at once."""
        return self.text

    def finish(self) -> Guess:
        """The script, with full confidence."""
        return Guess(self.text, 1.0)

    def close(self) -> None:
        """Remember it."""
        self.closed = True


@dataclass
class Prompter:
    """Ears with a script of recognisers, and all they were asked."""

    script: list[Scripted]
    asked: list[Question] = field(default_factory=list)

    def __call__(self, question: Question) -> Scripted:
        """The next recogniser of the script."""
        self.asked.append(question)
        return self.script[len(self.asked) - 1]


class Always:
    """Stands where the decoders stand: any number of lines, whose recognisers always understand the same."""

    languages = ("fr",)
    free, limit, restarts = 8, 8, 0

    def __init__(self, text: str) -> None:
        self._text = text

    @contextmanager
    def line(self) -> Iterator[Always]:
        """Any number of lines."""
        yield self

    def listen(self, question: Question) -> Scripted:
        """Whatever was asked."""
        return Scripted(self._text)

    def prepare(self, question: Question) -> None:
        """Nothing to prepare."""
