"""The studio's list: every prompt with what is recorded of it, and the words that numbers and dates are made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ivr.studio.service import Studio
from prompts.recordable import Recordable
from prompts.takes import Take, same_words

STATES = ("live", "outdated", "draft", "synthetic")


@dataclass(frozen=True)
class Row:
    """One thing a speaker reads: its number, and how callers hear it now."""

    one: Recordable
    number: int
    state: str
    live: Take | None
    takes: int

    @property
    def searched(self) -> str:
        """What the search looks into."""
        return f"{self.number} {self.one.key} {self.one.words} {self.one.whole}".casefold()


@dataclass(frozen=True)
class Entry:
    """One prompt with its pieces: one when it has no slots."""

    prompt: str
    whole: str
    rows: tuple[Row, ...]


def rows_of(studio: Studio, language: str) -> list[Row]:
    """Everything that can be recorded in a language, prompts first."""
    numbers, live = studio.numbers(), studio.takes.at().takes
    recorded = Counter(take.key for take in studio.takes.book.takes_of(language=language))
    return [
        _row(one, numbers[one.key], live.get((language, one.key)), recorded[one.key]) for one in studio.all(language)
    ]


def entries_of(rows: list[Row]) -> list[Entry]:
    """The rows that belong to prompts, together prompt by prompt."""
    by_prompt: dict[str, list[Row]] = {}
    for row in rows:
        if row.one.prompt:
            by_prompt.setdefault(row.one.prompt, []).append(row)
    return [Entry(prompt, found[0].one.whole, tuple(found)) for prompt, found in by_prompt.items()]


def _row(one: Recordable, number: int, live: Take | None, takes: int) -> Row:
    """A take is heard while its words are still the prompt's; else, and for want of a take, the synthetic voice."""
    recorded = "live" if live and same_words(live.words, one.words) else "outdated"
    unrecorded = "draft" if takes else "synthetic"
    return Row(one, number, recorded if live else unrecorded, live, takes)
