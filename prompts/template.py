"""Template: a wording taken apart into words, slots and the one-or-many choices between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BRACES = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class BadTemplate(ValueError):
    """The braces of a wording cannot be read; carries the piece that is wrong."""


@dataclass(frozen=True)
class Words:
    """Words that never change."""

    text: str


@dataclass(frozen=True)
class Slot:
    """`{price}`: here the slot is spoken."""

    name: str


@dataclass(frozen=True)
class OneOrMany:
    """`{seats|place|places}`: one wording for a single one, one for many."""

    name: str
    one: str
    many: str


Part = Words | Slot | OneOrMany


def parts_of(text: str) -> tuple[Part, ...]:
    """Take a wording apart, in order; raises BadTemplate for braces that mean nothing."""
    parts: list[Part] = []
    end = 0
    for match in _BRACES.finditer(text):
        parts += _words(text[end : match.start()])
        parts.append(_braced(match[1]))
        end = match.end()
    parts += _words(text[end:])
    return tuple(parts)


def slot_names(parts: tuple[Part, ...]) -> frozenset[str]:
    """The slots that a wording speaks or counts."""
    return frozenset(part.name for part in parts if not isinstance(part, Words))


def _words(text: str) -> list[Part]:
    if "{" in text or "}" in text:
        raise BadTemplate(text.strip())
    return [Words(text)] if text else []


def _braced(inside: str) -> Part:
    name, *choices = (piece.strip() for piece in inside.split("|"))
    if not _NAME.match(name) or len(choices) not in (0, 2):
        raise BadTemplate("{" + inside + "}")
    return OneOrMany(name, *choices) if choices else Slot(name)
