"""Figures in a question's phrases, spelt as they are spoken: no recogniser has «catégorie 2» in its vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words

_FIGURES = re.compile(r"(\d{1,6})(st|nd|rd|th|ère|er|ème|e)?(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=32_768)  # all phrases of all questions: a smaller one would forget each before it comes again
def in_words(phrase: str, language: str) -> str:
    """The phrase with its figures in words («2e» is «deuxième»); unchanged in a language that nobody can count in.

    >>> in_words("catégorie 2", "fr"), in_words("2nd balcony", "en")
    ('catégorie deux', 'second balcony')
    """
    if not any(letter.isdigit() for letter in phrase):
        return phrase
    try:
        spelt = _FIGURES.sub(lambda found: f" {_word(int(found[1]), bool(found[2]), language[:2])} ", phrase)
    except NotImplementedError:
        return phrase
    return " ".join(spelt.split())


def _word(number: int, ordinal: bool, language: str) -> str:
    return str(num2words(number, to="ordinal" if ordinal else "cardinal", lang=language))
