"""Telephone numbers and references: rows of figures, said one by one, in pairs or with «double»."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache

import phonenumbers

from callflows.understanding.merging import Merged
from callflows.understanding.numbers import Numbers
from callflows.understanding.scene import Scene

REFERENCE = 7
"""Figures of an order's reference."""
MOST_ODD = 6
"""A row of figures that must be cut up more oddly than this to have the length of a number was not heard whole."""
_MOST_READINGS = 400
_ZEROS = {"o": "0", "oh": "0"}


def add_numbers(merged: Merged, words: list[str], numbers: Numbers, scene: Scene, code: str) -> Merged:
    """With the telephone number or the reference that was asked for."""
    if scene.context == "ask_phone":
        return _answered(merged, "phone", _phones(words, numbers, code))
    if scene.context == "ask_order_ref":
        return _answered(merged, "order_ref", _references(words, numbers))
    return merged


def _answered(merged: Merged, slot: str, found: list[str] | None) -> Merged:
    """One reading is the answer; several, or figures that are none, are asked back."""
    if found is None:
        return merged
    slots = {name: value for name, value in merged.slots.items() if name in ("command", "intent", "language")}
    if len(found) == 1:
        return replace(merged, slots={**slots, slot: found[0]})
    return replace(merged, slots={**slots, "clarify": slot}, candidates=tuple(found))


def readings(words: list[str], numbers: Numbers) -> list[tuple[str, int]]:
    """All rows of figures the words may be, with how oddly they would then have been said; the likeliest first."""
    spans = list(_runs(words, numbers))
    if not spans:
        return []
    start, end = max(spans, key=lambda span: span[1] - span[0])
    found: dict[str, int] = {}
    for digits, oddness in _read(words, start, end, numbers):
        found[digits] = min(oddness, found.get(digits, 99))
        if len(found) >= _MOST_READINGS:
            break
    return sorted(found.items(), key=lambda reading: reading[1])


def _runs(words: list[str], numbers: Numbers) -> Iterator[tuple[int, int]]:
    """Rows of number words that stand together."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _is_figure(words, end, numbers):
            end += 1
        if end > at:
            yield at, end
        at = max(end, at + 1)


def _is_figure(words: list[str], at: int, numbers: Numbers) -> bool:
    word = words[at]
    return (
        word in numbers.words
        or word in numbers.join
        or word.isdecimal()
        or word in _ZEROS
        or word == "plus"
        or word in numbers.repeats
        or word in numbers.sounds_like
        or word == "fois"
    )


def _read(words: list[str], at: int, end: int, numbers: Numbers) -> Iterator[tuple[str, int]]:
    """Every reading of the words up to `end`; longer spellings are tried first."""
    if at >= end:
        yield "", 0
        return
    for after, digits, oddness in _piece(words, at, numbers):
        if after <= end:
            for rest, more in _read(words, after, end, numbers):
                yield digits + rest, oddness + more


def _piece(words: list[str], at: int, numbers: Numbers) -> Iterator[tuple[int, str, int]]:
    """The figures that one number word, or a few, may stand for."""
    word = words[at]
    if word == "plus":
        yield at + 1, "+", 0
    if word in _ZEROS:
        yield at + 1, "0", 0
    if word.isdecimal():
        yield at + 1, word, 0
        return
    for repeat, times in numbers.repeats.items():
        size = len(repeat.split())
        if words[at : at + size] == repeat.split():
            yield from (
                (after, digits * times, oddness)
                for after, digits, oddness in (_piece(words, at + size, numbers) if at + size < len(words) else ())
                if len(digits) == 1
            )
    yield from _number(words, at, numbers)


def _number(words: list[str], at: int, numbers: Numbers) -> Iterator[tuple[int, str, int]]:
    """A number as figures: below ten one, then two, hundreds three; a zero is a figure of its own."""
    longest = 0
    for after, value, _ in numbers.at(words, at):
        if value < 1000:
            longest = max(longest, after)
            odd = 3 * (
                _lacks(numbers.join, words[at:after], value % 10 == 1 and 20 < value < 80)
                or _lacks(numbers.link, words[at:after], value > 100 and value % 100 > 0)
            )
            yield after, str(value), (longest - after) * 2 + (value >= 100) + odd


def _lacks(links: Collection[str], said: list[str], wanted: bool) -> bool:
    """Does the little word lack that this number usually has («vingt et un», «nine hundred and one»)?"""
    return wanted and bool(links) and len(said) > 1 and not set(links) & set(said)


def _phones(words: list[str], numbers: Numbers, code: str) -> list[str] | None:
    """Numbers that can be dialled, the likeliest readings only; None when no figures were said."""
    found = readings(words, numbers)
    if not found:
        return None
    good = [(number, oddness) for digits, oddness in found if (number := dialled(digits, code))]
    return _likeliest(good)


def _references(words: list[str], numbers: Numbers) -> list[str] | None:
    """Seven figures, the likeliest readings only; None when no figures were said."""
    found = readings(words, numbers)
    if not found:
        return None
    good = [(digits, oddness) for digits, oddness in found if len(digits) == REFERENCE and digits.isdecimal()]
    return _likeliest(good)


def _likeliest(good: list[tuple[str, int]]) -> list[str]:
    """All readings that are as natural as the best one."""
    least = min((oddness for _, oddness in good), default=0)
    return list(dict.fromkeys(number for number, oddness in good if oddness == least <= MOST_ODD))


@lru_cache(maxsize=4096)
def dialled(digits: str, code: str) -> str | None:
    """The number in E.164: ten figures from 0 are French, 00 and + lead abroad; British ones when English is spoken."""
    if digits.startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = "+" + digits[2:]
    elif len(digits) == 10 and digits[0] == "0" and digits[1] != "0":
        whole = "+33" + digits[1:]
    elif len(digits) == 9 and digits[0] in "67" and code == "fr":
        whole = "+33" + digits
    elif len(digits) == 11 and digits[0] == "0" and code == "en":
        whole = "+44" + digits[1:]
    elif len(digits) == 11 and digits.startswith("33"):
        whole = "+" + digits
    else:
        return None
    return whole if _possible(whole) else None


def _possible(whole: str) -> bool:
    if not whole[1:].isdecimal():
        return False
    try:
        number = phonenumbers.parse(whole)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)
