"""Words: what a recogniser returned, cut and folded so that one spelling stands for all its disguises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_APART = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_NOT_WORDS = re.compile(r"[^\w]+|_")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "+": " plus ", "€": " euros ", "£": " pounds "})


def fold(text: str) -> str:
    """Lower case without accents: recognisers and typists disagree about both."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The folded words of a text; hyphens and apostrophes part words, figures stand apart from letters."""
    return _NOT_WORDS.sub(" ", _APART.sub(" ", fold(text))).split()


def without_hesitation(
    words: list[str], hesitations: Collection[str], stutters: Collection[str]
) -> tuple[list[str], set[int]]:
    """The words without «euh», and with «le le» said once; and before which of them a hesitation stood.

    Numbers may well come twice and stay.
    """
    kept: list[str] = []
    pauses: set[int] = set()
    for word in words:
        if word in hesitations:
            pauses.add(len(kept))
        elif not (kept and word == kept[-1] and word in stutters):
            kept.append(word)
    return kept, pauses
