"""Patterns: the small notation in which the language files write ways of saying something.

    (a|b)       one of these            [a]     may be left out
    <number>    a named thing           ...     up to four words, whatever they are
"""

from __future__ import annotations

import re
from itertools import product

from callflows.understanding.tokens import words_of

GAP = "..."
_PIECE = re.compile(r"[()|\[\]]|<\w+>|\.\.\.|[^\s()|\[\]<>]+")
_MOST_WAYS = 4000

Way = tuple[str, ...]


class BadPattern(ValueError):
    """A pattern in a language file cannot be read; carries the pattern."""


def ways_of(pattern: str) -> tuple[Way, ...]:
    """Every sequence of words and <names> that a pattern stands for; raises BadPattern."""
    pieces = _PIECE.findall(pattern)
    ways, rest = _choice(pieces, 0)
    if rest != len(pieces) or len(ways) > _MOST_WAYS or any(not way for way in ways):
        raise BadPattern(pattern)
    return tuple(dict.fromkeys(ways))


def _choice(pieces: list[str], at: int) -> tuple[list[Way], int]:
    """Alternatives parted by bars, up to a closing bracket or the end."""
    ways: list[Way] = []
    while True:
        found, at = _sequence(pieces, at)
        ways += found
        if at >= len(pieces) or pieces[at] != "|":
            return ways, at
        at += 1


def _sequence(pieces: list[str], at: int) -> tuple[list[Way], int]:
    """Things said one after the other."""
    parts: list[list[Way]] = []
    while at < len(pieces) and pieces[at] not in ")|]":
        part, at = _one(pieces, at)
        parts.append(part)
    return [tuple(word for way in chosen for word in way) for chosen in product(*parts)], at


def _one(pieces: list[str], at: int) -> tuple[list[Way], int]:
    """A word, a <name>, a gap, a choice or something that may be left out."""
    piece = pieces[at]
    if piece not in "([":
        return [(piece,) if piece == GAP or piece[0] == "<" else tuple(words_of(piece))], at + 1
    ways, end = _choice(pieces, at + 1)
    if end >= len(pieces) or pieces[end] != {"(": ")", "[": "]"}[piece]:
        raise BadPattern(" ".join(pieces))
    return (ways if piece == "(" else [*ways, ()]), end + 1
