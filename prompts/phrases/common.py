"""Phrases: the grammar that a language needs to say numbers, prices, dates, rows and lists; one subclass a language.

Everything is said as `Words`: a tuple of fragments, each of which could be one recording («quatre-vingts», «euros»),
and "," for a short pause. The text for a synthetic voice is made of the very same fragments by `joined`, so that what
is played and what is read cannot drift apart.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

Words = tuple[str, ...]
PAUSE = ","


def words_in(text: str) -> tuple[str, ...]:
    """A list of words, written as one."""
    return tuple(text.split())


def joined(words: Iterable[str]) -> str:
    """The fragments as text: spaces between them, pauses as commas."""
    return " ".join(words).replace(f" {PAUSE}", PAUSE)


@lru_cache(maxsize=4_096)
def take_key(fragment: str) -> str:
    """Under which key a fragment is recorded: «vingt et une» → `phrase.vingt-et-une`."""
    plain = unicodedata.normalize("NFKD", fragment).encode("ascii", "ignore").decode().lower()
    return "phrase." + re.sub(r"[^a-z0-9]+", "-", plain.replace("'", " ")).strip("-")


class Phrases(ABC):
    """What every language can say; raw values as flows hand them in, fragments out."""

    conjunction: str
    seat_words: tuple[str, str]
    row_word: str
    box_word: str
    minus: str
    plus: str
    country_code: str
    """Numbers that begin so are read as at home."""

    @abstractmethod
    def number(self, n: int, *, feminine: bool = False) -> Words:
        """A whole number in words."""

    @abstractmethod
    def ordinal(self, n: int, *, feminine: bool = False) -> Words:
        """First, second, third."""

    @abstractmethod
    def price(self, cents: int) -> Words:
        """Whole cents as euros; cents only where there are any."""

    @abstractmethod
    def month(self, day: date) -> str:
        """The day's month alone."""

    @abstractmethod
    def date(self, day: date, *, year: bool = False) -> Words:
        """Weekday, day, month; the year on demand."""

    @abstractmethod
    def time(self, at: time) -> Words:
        """An hour as people say it on the telephone."""

    @abstractmethod
    def date_time(self, at: datetime, *, year: bool = False) -> Words:
        """A day and an hour, with the little word between them."""

    @abstractmethod
    def phone(self, number: str) -> Words:
        """A telephone number as the country groups it; E.164 or as keyed in."""

    @abstractmethod
    def is_one(self, n: int) -> bool:
        """Does this number take the singular?"""

    @abstractmethod
    def vocabulary(self) -> tuple[str, ...]:
        """Every fragment that numbers, prices, dates, times and seats are made of: what a speaker would record."""

    def digits(self, text: str) -> Words:
        """Digits one by one, nothing but digits."""
        return tuple(word for digit in text if digit.isdigit() for word in self.number(int(digit)))

    def reference(self, text: str) -> Words:
        """A reference in groups of digits that can be written down while listening: 7 as 3, 2, 2."""
        digits = "".join(character for character in text if character.isdigit())
        return separated([self.digits(group) for group in grouped(digits)])

    def row(self, row: int | str) -> Words:
        """Row twelve, or row F."""
        return (self.row_word, *self._place(row))

    def seats(self, seats: Sequence[Mapping[str, Any]], names: Mapping[str, str] | None = None) -> Words:
        """Seats by row or box, in the order given; sections are named only where there are several, all with names."""
        places = _by_place(seats)
        sections = {section for section, _, _ in places}
        spoken = names or {} if len(sections) > 1 and sections <= (names or {}).keys() else {}
        groups = [
            (*((spoken[section], PAUSE) if spoken else ()), *self._seats_of(row, box, numbers))
            for (section, row, box), numbers in places.items()
        ]
        return self.listed(groups, pause_before_last=True)

    def listed(self, items: Sequence[Words], *, pause_before_last: bool = False) -> Words:
        """a, b and c."""
        *first, last = [tuple(item) for item in items] or [()]
        if not first:
            return last
        return (*separated(first), *((PAUSE,) if pause_before_last else ()), self.conjunction, *last)

    def _seats_of(self, row: str, box: bool, numbers: Sequence[int | str]) -> Words:
        place = (self.box_word, *self._place(row)) if box else self.row(row)
        word = self.seat_words[0 if len(numbers) == 1 else 1]
        return (*place, PAUSE, word, *self.listed([self._place(number) for number in numbers]))

    def _place(self, number: int | str) -> Words:
        """A number of a row, box or seat never bends to a gender; letters are said as letters."""
        text = str(number).strip()
        return self.number(int(text)) if text.isdigit() else (text.upper(),)


_ONE_DIGIT = ("1", "7")
_TWO_DIGITS = frozenset(
    words_in(
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
        "81 82 84 86 90 91 92 93 94 95 98"
    )
)


def country_and_rest(digits: str) -> tuple[str, str]:
    """The country code and what follows (ITU-T E.164, assigned country codes: one, two or three digits)."""
    size = 1 if digits.startswith(_ONE_DIGIT) else 2 if digits[:2] in _TWO_DIGITS else 3
    return digits[:size], digits[size:]


def separated(items: Sequence[Words]) -> Words:
    """The items with a pause between each two."""
    return tuple(word for index, item in enumerate(items) for word in ((PAUSE, *item) if index else item))


def grouped(digits: str) -> tuple[str, ...]:
    """Groups of two, and one of three at the front when they do not come out even."""
    head = 3 if len(digits) % 2 and len(digits) > 1 else 0
    rest = [digits[start : start + 2] for start in range(head, len(digits), 2)]
    return (digits[:head], *rest) if head else tuple(rest)


def _by_place(seats: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, bool], list[int | str]]:
    places: dict[tuple[str, str, bool], list[int | str]] = {}
    for seat in seats:
        where = (str(seat.get("section", "")), str(seat.get("row", "")), bool(seat.get("box")))
        places.setdefault(where, []).append(seat["number"])
    return places
