"""Letters on a telephone keypad: «carmen» is 2 2 7 6 3 6."""

from __future__ import annotations

import unicodedata

_ROWS = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}
_KEY_OF = {letter: key for key, letters in _ROWS.items() for letter in letters}
_ARTICLES = {"le", "la", "les", "l", "un", "une", "der", "die", "das", "the", "il"}


def keys_for(title: str) -> str:
    """The keys that spell a title: accents, spaces and marks fall away, digits stay themselves."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    return "".join(_KEY_OF.get(char, char if char.isdigit() else "") for char in plain)


def spellings(title: str) -> tuple[str, ...]:
    """Every way a caller may begin to spell a title: with its article and without."""
    words = title.replace("’", " ").replace("'", " ").split()
    starts = [title] if len(words) < 2 or words[0].casefold() not in _ARTICLES else [title, " ".join(words[1:])]
    return tuple(keys_for(start) for start in starts)
