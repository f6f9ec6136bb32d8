"""What every engine offers: it is asked to listen to one question, is fed sound, and gives one guess.

    Engine.listen(Question) -> Recogniser
    Recogniser.feed(pcm16k)   16-bit little-endian mono at 16 kHz, any length
              .partial()      the words so far, never waits
              .finish()       Guess(text, confidence, alternatives); the recogniser is spent
              .close()        thrown away unfinished

What goes wrong: NothingToHear (no word of the question is known to the model), DecoderLost (it died or is late),
LinesFull (no more streams at once), ModelMissing and ModelBroken (the folder).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # decoders start without the flows
    from callflows.reply import Listen

LONG_ENTRY = 5
"""From so many keys on, an answer is a number read out in groups (telephone, order): pauses are part of it."""


class SpeechError(Exception):
    """Words cannot be heard just now; keys still can."""


class NothingToHear(SpeechError):
    """The question has no phrase that the model of `language` knows: an empty grammar would kill the process."""

    def __init__(self, language: str, unheard: tuple[str, ...] = ()) -> None:
        super().__init__(language, unheard)
        self.language, self.unheard = language, unheard

    def __str__(self) -> str:
        """Short: thousands of phrases have no place in a log."""
        return f"{self.language}: none of {len(self.unheard)} phrases"


class DecoderLost(SpeechError):
    """The decoder died, hangs or never started."""


class LinesFull(SpeechError):
    """As many lines as `limit` are being listened to; one more would make all of them late."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ModelMissing(SpeechError):
    """No model for `language` is installed or configured (`folder` when one was named)."""

    def __init__(self, language: str, folder: str = "") -> None:
        super().__init__(language, folder)
        self.language, self.folder = language, folder


class ModelBroken(SpeechError):
    """The model in `folder` is incomplete, damaged or of another kind."""

    def __init__(self, folder: str, wrong: tuple[str, ...] = ()) -> None:
        super().__init__(folder, wrong)
        self.folder, self.wrong = folder, wrong


class Guess(NamedTuple):
    """What an engine believes it heard; its confidence is its own opinion and proves nothing."""

    text: str
    confidence: float | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is listened for: the question's words, and how patient the ears are (see callflows.reply.Listen)."""

    language: str
    phrases: tuple[str, ...] = ()
    context: str = ""
    patience: str = "short"
    seconds: int = 10
    digits: int | None = 1
    speech: bool = True
    bargein: bool = True
    secret: bool = False
    open: bool = False
    """Any words at all: recorded messages only, never a live question."""

    @classmethod
    def of(cls, listen: Listen, language: str, phrases: tuple[str, ...] = ()) -> Question:
        """The question a Reply asks; `phrases` replaces the Listen's own when given."""
        return cls(
            language,
            phrases or listen.phrases,
            listen.context,
            listen.patience,
            listen.seconds,
            listen.digits,
            listen.speech,
            listen.bargein,
            listen.secret,
        )

    @property
    def is_long_entry(self) -> bool:
        """Is the answer read out in groups, so that a pause inside it means nothing?"""
        return self.digits is not None and self.digits >= LONG_ENTRY


class Recogniser(Protocol):
    """Listens to one answer."""

    def feed(self, pcm16k: bytes) -> None:
        """Take the next stretch of sound; raises DecoderLost."""

    def partial(self) -> str:
        """The words so far; raises DecoderLost."""

    def finish(self) -> Guess:
        """The answer; raises DecoderLost."""

    def close(self) -> None:
        """Let go of it; harmless when repeated."""


class Engine(Protocol):
    """A kind of recogniser with its models loaded."""

    name: str
    languages: tuple[str, ...]

    def listen(self, question: Question) -> Recogniser:
        """A recogniser for this one question; raises NothingToHear, ModelMissing, LinesFull or DecoderLost."""

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the phrases that this engine cannot hear at all, for reports."""
