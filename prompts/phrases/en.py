"""English as a London box office speaks it."""

from __future__ import annotations

from datetime import date, datetime, time

from prompts.phrases.common import PAUSE, Phrases, Words, country_and_rest, grouped, separated, words_in

_SMALL = words_in(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = words_in("twenty thirty forty fifty sixty seventy eighty ninety")
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_DAYS = words_in("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTHS = words_in("January February March April May June July August September October November December")


def _below_hundred(n: int) -> str:
    if n < 20:
        return _SMALL[n]
    tens, unit = divmod(n, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[unit]}" if unit else "")


class English(Phrases):
    """British English: «a hundred» is one hundred, «and» stands before the last two digits."""

    conjunction = "and"
    seat_words = ("seat", "seats")
    row_word = "row"
    box_word = "box"
    minus = "minus"
    plus = "plus"
    country_code = "+44"

    def number(self, n: int, *, feminine: bool = False) -> Words:
        """two hundred and twenty-one."""
        return (self.minus, *self._number(-n)) if n < 0 else self._number(n)

    def _number(self, n: int) -> Words:
        if n < 100:
            return (_below_hundred(n),)
        if n < 1_000:
            hundreds, rest = divmod(n, 100)
            return (f"{_SMALL[hundreds]} hundred", *(("and", _below_hundred(rest)) if rest else ()))
        size, word = (1_000, "thousand") if n < 1_000_000 else (1_000_000, "million")
        many, rest = divmod(n, size)
        if not rest:
            return (*self._number(many), word)
        return (*self._number(many), word, *(("and",) if rest < 100 else ()), *self._number(rest))

    def ordinal(self, n: int, *, feminine: bool = False) -> Words:
        """first, twenty-first, one hundredth."""
        *head, last = self.number(n)
        return (*head, _as_ordinal(last))

    def price(self, cents: int) -> Words:
        """one hundred and eighty euros; twelve euros and fifty cents."""
        if cents < 0:
            return (self.minus, *self.price(-cents))
        euros, rest = divmod(cents, 100)
        words = (*self.number(euros), "euro" if euros == 1 else "euros")
        if not rest:
            return words
        small = (*self.number(rest), "cent" if rest == 1 else "cents")
        return (*words, self.conjunction, *small) if euros else small

    def month(self, day: date) -> str:
        """December."""
        return _MONTHS[day.month - 1]

    def date(self, day: date, *, year: bool = False) -> Words:
        """Saturday the twelfth of December."""
        words = (_DAYS[day.weekday()], "the", *self.ordinal(day.day), "of", _MONTHS[day.month - 1])
        return (*words, *self._year(day.year)) if year else words

    def _year(self, year: int) -> Words:
        """twenty twenty-six; two thousand and nine; nineteen oh five."""
        century, rest = divmod(year, 100)
        if year < 1_000 or 2_000 <= year < 2_010 or not rest:
            return self.number(year)
        return (*self.number(century), *(self.number(rest) if rest > 9 else ("oh", _SMALL[rest])))

    def time(self, at: time) -> Words:
        """half past seven in the evening; eight o’clock in the evening; noon; midnight."""
        if at.minute == 0 and at.hour in (0, 12):
            return ("noon" if at.hour else "midnight",)
        if at.minute > 30:
            words: Words = (*self._minutes(60 - at.minute), "to", *self._hour(at.hour + 1))
        elif at.minute:
            words = (*self._minutes(at.minute), "past", *self._hour(at.hour))
        else:
            words = (*self._hour(at.hour), "o’clock")
        return words if words[-1] == "midnight" else (*words, _part_of_day(at.hour))

    def _minutes(self, minutes: int) -> Words:
        if minutes in (15, 30):
            return ("half" if minutes == 30 else "a quarter",)
        if minutes % 5:
            return (*self.number(minutes), "minute" if minutes == 1 else "minutes")
        return self.number(minutes)

    def _hour(self, hour: int) -> Words:
        return ("midnight",) if hour % 24 == 0 else self.number((hour - 1) % 12 + 1)

    def date_time(self, at: datetime, *, year: bool = False) -> Words:
        """Saturday the twelfth of December at half past seven in the evening."""
        return (*self.date(at.date(), year=year), "at", *self.time(at.time()))

    def phone(self, number: str) -> Words:
        """zero two zero, seven nine, four six, …: digit by digit, in groups."""
        digits = "".join(character for character in number if character.isdigit())
        if number.startswith(self.country_code):
            digits = "0" + digits[len(self.country_code) - 1 :]
        elif number.startswith("+"):
            country, digits = country_and_rest(digits)
            return (self.plus, *self.digits(country), PAUSE, *self._in_groups(digits))
        return self._in_groups(digits)

    def _in_groups(self, digits: str) -> Words:
        return separated([self.digits(group) for group in grouped(digits)])

    def is_one(self, n: int) -> bool:
        """Only one is singular: no seats, one seat, two seats."""
        return abs(n) == 1

    def vocabulary(self) -> tuple[str, ...]:
        """Some two hundred fragments."""
        small = [_below_hundred(n) for n in range(100)]
        hundreds = [f"{_SMALL[n]} hundred" for n in range(1, 10)]
        nouns = words_in(
            "thousand million euro euros cent cents and minus plus the of at oh past to half minute minutes noon "
            "midnight"
        )
        hours = ["a quarter", "o’clock", *(_part_of_day(hour) for hour in (9, 15, 20))]
        order = [_as_ordinal(_below_hundred(n)) for n in range(1, 32)]
        seats = [self.row_word, self.box_word, *self.seat_words]
        return tuple(dict.fromkeys((*small, *hundreds, *nouns, *hours, *_DAYS, *_MONTHS, *seats, *order)))


def _part_of_day(hour: int) -> str:
    if hour < 12:
        return "in the morning"
    return "in the afternoon" if hour < 18 else "in the evening"


def _as_ordinal(word: str) -> str:
    """twenty-one → twenty-first, twenty → twentieth, one hundred → one hundredth."""
    head, dash, last = word.rpartition("-")
    if last in _IRREGULAR:
        return head + dash + _IRREGULAR[last]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"


phrases = English()
