"""How a phrase sounds, roughly, as a key: words that are said alike get keys that are spelt alike.

Far from phonetics; enough to put «sept» near «cette» and «Jizelle» near «Giselle» when a spelling is compared.
A further language is one more table; without one its spelling stands for its sound.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

Rules = tuple[tuple[str, str], ...]

_FRENCH: Rules = (
    (r"œ", "e"),
    (r"[éèêë]", "é"),
    (r"ç", "s"),
    (r"eaux?|aux?|ô", "o"),
    (r"oi[st]?", "wa"),
    (r"o[ùu]", "U"),
    (r"ph", "f"),
    (r"sch|sh|ch", "S"),
    (r"gn", "N"),
    (r"ge(?=[aou])|g(?=[eiéy])|j", "Z"),
    (r"gu(?=[eiéy])", "g"),
    (r"qu?|k|c(?![eiéyh])", "k"),
    (r"c(?=[eiéy])|ss|x(?=\b)", "s"),
    (r"(?:ain|ein|in|im|un|um|yn|ym)(?![aeiouéyUN]|n|m)", "I"),
    (r"(?:an|am|en|em)(?![aeiouéyU]|n|m)", "A"),
    (r"(?:on|om)(?![aeiouéyU]|n|m)", "O"),
    (r"ai|ei|et\b|er\b|ez\b", "é"),
    (r"eu", "e"),
    (r"y", "i"),
    (r"h", ""),
    (r"w", "v"),
    (r"(?<=\w\w)[sxtdzp]+\b", ""),
    (r"(?<=\w\w)e?s?\b", ""),
)
_ENGLISH: Rules = (
    (r"ph", "f"),
    (r"ght?\b", "t"),
    (r"gh", ""),
    (r"\bkn", "n"),
    (r"\bwr", "r"),
    (r"\bwh", "w"),
    (r"tch|ch|sh|ti(?=on)", "S"),
    (r"th", "T"),
    (r"dge|g(?=[eiy])|j", "Z"),
    (r"ck|qu|q|k|c(?![eiyh])", "k"),
    (r"c(?=[eiy])", "s"),
    (r"x", "ks"),
    (r"ee|ea|ie|y\b", "i"),
    (r"oo|ou|ew|ue", "u"),
    (r"igh|ai|ay|ei", "e"),
    (r"aw|au|oa|ow", "o"),
    (r"(?<=\w)e\b", ""),
    (r"z", "s"),
    (r"h", ""),
)
_TABLES: dict[str, Rules] = {"fr": _FRENCH, "en": _ENGLISH}


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case, one space between words, no punctuation or hyphen; accents and apostrophes stay."""
    text = unicodedata.normalize("NFC", text).casefold().replace("’", "'").replace("ʼ", "'")
    return " ".join(re.sub(r"[^\w' ]|_", " ", text).split())


@lru_cache(maxsize=20_000)
def sound_key(text: str, language: str) -> str:
    """What the phrase sounds like, for comparing with others of the same language."""
    key = plain(text).replace("'", "")
    for spelt, said in _TABLES.get(language[:2], ()):
        key = re.sub(spelt, said, key)
    return re.sub(r"(\w)\1+", r"\1", " ".join(key.split()))
