"""Patterns: the small notation in which the language files write ways of saying something.

(a|b)       one of these            [a]     may be left out
<number>    a named thing           ...     up to four words, whatever they are
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, product

from callflows.understanding.tokens import words_of

GAP = "..."
_PIECE = re.compile(r"[()|\[\]]|<\w+>|\.\.\.|[^\s()|\[\]<>]+")
_MOST_WAYS = 20000

Way = tuple[str, ...]


class BadPattern(ValueError):
    """A pattern in a language file cannot be read; carries the pattern."""


@dataclass(frozen=True)
class Choice:
    """One of several rows of parts; an empty row when it may be left out."""

    rows: tuple[tuple[Part, ...], ...]


Part = str | Choice


def ways_of(pattern: str) -> tuple[Way, ...]:
    """Every sequence of folded words and <names> that a pattern stands for; raises BadPattern."""
    ways = _ways(parsed(pattern))
    if len(ways) > _MOST_WAYS or any(not way for way in ways):
        raise BadPattern(pattern)
    return tuple(dict.fromkeys(ways))


def _ways(choice: Choice) -> list[Way]:
    return [
        tuple(chain.from_iterable(chosen))
        for row in choice.rows
        for chosen in product(*(_ways_of_part(part) for part in row))
    ]


def _ways_of_part(part: Part) -> list[Way]:
    if isinstance(part, Choice):
        return _ways(part)
    return [(part,) if is_special(part) else tuple(words_of(part))]


def is_special(part: str) -> bool:
    """Is it a <name> or a gap, not a word?"""
    return part == GAP or part[0] == "<"


def examples_of(pattern: str) -> tuple[tuple[str, ...], ...]:
    """As few ways of saying a pattern, as written, as show every word of it at least once."""
    shown = _examples(parsed(pattern))
    return tuple(dict.fromkeys(way for way in shown if way))


def _examples(choice: Choice) -> list[Way]:
    ways: list[Way] = []
    for row in choice.rows:
        parts = [_examples(part) if isinstance(part, Choice) else [(part,)] for part in row]
        many = max((len(part) for part in parts), default=1)
        ways += [tuple(word for part in parts for word in part[turn % len(part)]) for turn in range(many)]
    return ways


def parsed(pattern: str) -> Choice:
    """The pattern as a tree; raises BadPattern."""
    pieces = _PIECE.findall(pattern)
    choice, rest = _choice(pieces, 0)
    if rest != len(pieces):
        raise BadPattern(pattern)
    return choice


def _choice(pieces: list[str], at: int) -> tuple[Choice, int]:
    """Alternatives parted by bars, up to a closing bracket or the end."""
    rows: list[tuple[Part, ...]] = []
    while True:
        row, at = _row(pieces, at)
        rows.append(row)
        if at >= len(pieces) or pieces[at] != "|":
            return Choice(tuple(rows)), at
        at += 1


def _row(pieces: list[str], at: int) -> tuple[tuple[Part, ...], int]:
    """Things said one after the other."""
    parts: list[Part] = []
    while at < len(pieces) and pieces[at] not in ")|]":
        piece = pieces[at]
        if piece not in "([":
            parts.append(piece)
            at += 1
            continue
        inner, end = _choice(pieces, at + 1)
        if end >= len(pieces) or pieces[end] != {"(": ")", "[": "]"}[piece]:
            raise BadPattern(" ".join(pieces))
        parts.append(inner if piece == "(" else Choice((*inner.rows, ())))
        at = end + 1
    return tuple(parts), at
