"""References: seven digits, easy to say, hard to guess.

No check digit: it would make one in three valid numbers a real order after one season, where now it is one in thirty; a
caller's number is compared as well before anything is told.
"""

from __future__ import annotations

import secrets


def new_reference() -> str:
    """Seven digits drawn by lot, the first not zero, none three times in a row."""
    while True:
        digits = str(secrets.randbelow(9_000_000) + 1_000_000)
        if is_reference(digits):
            return digits


def is_reference(text: str) -> bool:
    """Whether these digits can be a reference at all; three equal ones in a row would be miscounted by ear."""
    if len(text) != 7 or not (text.isascii() and text.isdigit()) or text[0] == "0":
        return False
    return not any(text[i] == text[i + 1] == text[i + 2] for i in range(5))
