"""Studio: what operators do with recordings, by telephone and in the browser alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ivr.desk.bridge import Line
from ivr.pages.accounts import SigningIn
from ivr.pages.words import words
from ivr.records.accounts import StaffAudit
from ivr.records.prompt_numbers import PromptNumbers
from ivr.studio.fetching import NotFetched, fetch_recording
from prompts import Catalogue
from prompts.recordable import Recordable, recordable, recordables, words_of_phrases
from prompts.takes import Draft, Takes


class RecordingRefused(ValueError):
    """Too quiet, clipped, empty, unreadable…: knows the reason's name; as text, half a sentence for the speaker."""

    def __init__(self, reason: str, language: str) -> None:
        sentence = words(language).known(f"audio.{reason}", words(language)("audio.other"))
        super().__init__(sentence[:1].lower() + sentence[1:].rstrip("."))
        self.reason = reason


class Studio:
    """Signs operators in by telephone, numbers the prompts, keeps and publishes recordings."""

    def __init__(
        self, engine: Engine, catalogue: Catalogue, takes: Takes, redis: Any, clock: Callable[[], datetime],
        line: Line | None = None,
    ) -> None:  # fmt: skip
        self.catalogue, self.takes, self._line, self._clock = catalogue, takes, line, clock
        self._signing_in = SigningIn(engine, redis, clock)
        self._numbers = PromptNumbers(engine)
        self._audit = StaffAudit(engine, clock)

    def sign_in_by_pin(self, code: str, caller: str) -> str | None:
        """The operator's name; None for a wrong number, a wrong PIN and a lock alike."""
        account = self._signing_in.by_pin(code, caller)
        return account.name if account else None

    def numbers(self) -> dict[str, int]:
        """The number of everything that can be recorded, the same in every language."""
        return self._numbers.of(one.key for language in self.catalogue.languages for one in self.all(language))

    def prompt_by_number(self, number: int) -> str | None:
        """The key with this number, or None."""
        self.numbers()
        return self._numbers.key(number)

    def all(self, language: str) -> tuple[Recordable, ...]:
        """Everything that can be recorded in a language: prompts, their pieces, the words of numbers and dates."""
        return (*recordables(self.catalogue, language), *words_of_phrases(self.catalogue, language))

    def wording(self, key: str, language: str) -> str:
        """The text that the speaker should read."""
        one = recordable(self.catalogue, key, language)
        return one.words if one else ""

    def keep_recording(self, key: str, language: str, recording: str | bytes, who: str, source: str = "") -> str:
        """Fetch, trim and level a recording; the address of the draft take. Raises RecordingRefused, a ValueError."""
        from prompts.recording import Refused, record  # loads numpy and pydub: only when somebody records

        source = source or ("telephone" if isinstance(recording, str) else "upload")
        try:
            sound = fetch_recording(self._line, recording) if isinstance(recording, str) else recording
            take = record(self.takes, self.catalogue, key, language, sound, by=who, source=source, at=self._clock())
        except NotFetched as error:
            raise RecordingRefused("not_fetched", language) from error
        except Refused as error:
            raise RecordingRefused(error.reason, language) from error
        self._audit.note(who, "recorded", key, language=language, take=take.id)
        return take_address(take)

    def publish(self, key: str, language: str, who: str) -> None:
        """Let callers hear this operator's latest recording from the next call on."""
        own = (take for take in self.takes.book.takes_of(key, language) if take.recorded_by == who)
        newest = next(own, None)
        if newest:
            self.publish_take(newest.id, who)

    def publish_take(self, take_id: int, who: str) -> None:
        """Let callers hear this take from the next call on; raises UnknownTake."""
        revision = self.takes.publish(take_id, who)
        self._audit.note(who, "published", self.takes.book.get(take_id).key, take=take_id, revision=revision)

    def roll_back(self, key: str, language: str, who: str) -> None:
        """Back to what was heard before."""
        revision = self.takes.roll_back(key, language, who)
        self._audit.note(who, "rolled_back", key, language=language, revision=revision)

    def withdraw(self, key: str, language: str, who: str) -> None:
        """The synthetic voice speaks it again."""
        revision = self.takes.withdraw(key, language, who)
        self._audit.note(who, "withdrew", key, language=language, revision=revision)


def take_address(take: Draft) -> str:
    """Where this take can be heard."""
    return f"/takes/{take.address}"
