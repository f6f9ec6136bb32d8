"""What a carrier's `<Say>` can take: lengths and characters."""

from __future__ import annotations

import re
from urllib.parse import quote_plus

most_characters = 3_000
"""Twilio docs, TwiML Say: 4,096 for basic voices, but 3,000 for Amazon Polly's; the smaller one is kept."""
most_encoded = 4_500
"""Twilio docs, error 13521 and TwiML Say: 4,500 characters once URL-encoded; French reaches it at about 2,600."""

_LONGEST_ENCODED = len("%F0%9F%8E%AD")
"""No character becomes longer than an emoji's four bytes."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that XML 1.0 forbids or discourages (section 2.2): one of them makes the whole answer unreadable."""


def clean(text: str) -> str:
    """The text without what XML forbids, every run of white space one space."""
    return " ".join(FORBIDDEN.sub(" ", text).split())


def encoded_length(text: str) -> int:
    """How long the carrier finds this text."""
    return len(quote_plus(text, errors="replace"))


def fits(text: str) -> bool:
    """Can the carrier say this in one breath?"""
    if len(text) * _LONGEST_ENCODED <= most_encoded:
        return True
    return len(text) <= most_characters and encoded_length(text) <= most_encoded


def in_breaths(text: str) -> tuple[str, ...]:
    """The text in pieces that the carrier can say, cut between words."""
    if fits(text):
        return (text,)
    breaths: list[list[str]] = []
    characters = encoded = most_encoded  # as if a breath had just been used up
    for word in (piece for long in text.split() for piece in _hard_cut(long)):
        characters += len(word) + 1
        encoded += encoded_length(word) + 1
        if characters > most_characters or encoded > most_encoded:
            breaths.append([])
            characters, encoded = len(word), encoded_length(word)
        breaths[-1].append(word)
    return tuple(" ".join(breath) for breath in breaths)


def _hard_cut(word: str) -> tuple[str, ...]:
    """Nothing a person says has 300 letters without a space; such a thing is cut where it falls."""
    return tuple(word[start : start + 300] for start in range(0, len(word), 300))
