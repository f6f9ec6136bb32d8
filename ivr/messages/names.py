"""Names as they are told on the telephone: said, spelled, or both; a guess for an agent to look at, never a fact.

«claire dupont»                             Claire Dupont
«dupont d u p o n t»                        Dupont
«je m'appelle anne morel m o r e deux l»    Anne Morell
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from rapidfuzz import fuzz

ALIKE = 60
"""Of a hundred: so much do spoken words and their spelling have in common, at least."""
FEWEST_LETTERS = 3
"""So many letters in a row are a spelling; fewer are words («a», «y»)."""
_INTRODUCTIONS = {
    "fr": r"\b(?:alors|euh|bonjour|oui|c'est|ici|mon nom est|mon nom c'est|je m'appelle|je suis|madame|monsieur|mme)\b",
    "en": r"\b(?:well|hello|hi|yes|this is|it's|it is|my name is|my name's|i am|i'm|mrs|mr|ms|miss)\b",
}
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "bé": "b", "cé": "c", "ses": "c", "ces": "c", "dé": "d", "des": "d", "effe": "f", "gé": "g", "j'ai": "g",
        "hache": "h", "ji": "j", "ka": "k", "cas": "k", "elle": "l", "aile": "l", "emme": "m", "aime": "m",
        "enne": "n", "haine": "n", "eau": "o", "pé": "p", "ku": "q", "erre": "r", "air": "r", "esse": "s",
        "est-ce": "s", "té": "t", "tes": "t", "thé": "t", "vé": "v", "ixe": "x", "igrec": "y", "zède": "z",
    },
    "en": {
        "bee": "b", "be": "b", "see": "c", "sea": "c", "dee": "d", "eff": "f", "gee": "g", "aitch": "h", "jay": "j",
        "kay": "k", "okay": "k", "el": "l", "ell": "l", "em": "m", "en": "n", "oh": "o", "pee": "p", "cue": "q",
        "queue": "q", "are": "r", "ess": "s", "tea": "t", "tee": "t", "you": "u", "vee": "v", "why": "y", "ex": "x",
        "zed": "z", "zee": "z",
    },
}  # fmt: skip
_TWICE = {"fr": ("deux",), "en": ("double", "two")}
_SMALL = {"de", "du", "des", "la", "le", "d", "von", "van", "der", "of"}


def name_from(words: str, language: str) -> str:
    """The likeliest name in what was heard; "" when nothing is left of it."""
    language = language[:2]
    text = unicodedata.normalize("NFC", words.casefold().replace("’", "'"))
    text = re.sub(r"\bdouble v[eé]\b", "w", re.sub(r"\bi grec\b", "igrec", text)).replace("double you", "w")
    text = re.sub(r"\b(?:comme|as in|like|for) \w+", " ", text)
    said, spelled = _parted(re.sub(_INTRODUCTIONS.get(language, r"$^"), " ", text).split(), language)
    return " ".join(_written(part) for part in _together(said, spelled))


def _parted(words: list[str], language: str) -> tuple[list[str], str]:
    """Words, and the longest spelling between them."""
    said: list[str] = []
    best, row = "", ""
    pending: list[str] = []
    twice = False
    for word in [*words, ""]:
        letter = _letter(word, language)
        if word in _TWICE.get(language, ()):
            twice = True
            pending.append(word)
            continue
        if letter:
            row, twice = row + letter * (2 if twice else 1), False
            pending.append(word)
            continue
        if len(row) >= FEWEST_LETTERS:
            best = max(best, row, key=len)
        else:
            said += pending
        said += [word] if word else []
        row, twice, pending = "", False, []
    return said, best


def _letter(word: str, language: str) -> str:
    if len(word) == 1 and word.isalpha():
        return word
    return _LETTERS.get(language, {}).get(word, "")


def _together(said: list[str], spelled: str) -> list[str]:
    """The spelling takes the place of the words that sound like it («le goff», «legoff»)."""
    if not spelled:
        return said
    spans = [(begin, end) for begin in range(len(said)) for end in range(begin + 1, len(said) + 1)]
    runs = [(fuzz.ratio("".join(said[begin:end]), spelled), begin, end) for begin, end in spans]
    alike, begins, ends = max(runs, default=(0.0, 0, 0))
    return [*said[:begins], spelled, *said[ends:]] if alike >= ALIKE else [*said, spelled]


def _written(word: str) -> str:
    if word in _SMALL:
        return word
    return re.sub(r"(^|[-'])(\w)", lambda found: found[1] + found[2].upper(), word)
