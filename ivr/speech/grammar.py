"""The one guarded builder of recogniser grammars: phrases in, only what the model can really hear out.

Why it guards (Vosk 0.3.45, each tried): an empty list or text that is no list kills the process; a word that the model
lacks vanishes silently and the rest of its phrase stays («la bohème» becomes «la»); so does every word written as a
JSON escape (\\u00e8); `[unk]` may itself be missing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from ivr.speech.aliases import sounding_endings
from ivr.speech.recogniser import NothingToHear
from ivr.speech.sounds import plain, sound_key

Knows = Callable[[str], bool]

UNKNOWN = "[unk]"
LONGEST_COMPOUND = 5
"""«quatre-vingt-dix-neuf» is four words; one more to spare."""
FEWEST_LETTERS = 3
"""Pieces of a word that is heard in pieces: shorter ones sound like nothing."""
LONGEST_ARTICLE = 2
"""Letters of an article that may be left out: «l'», «d'», «qu'»."""
PIECES_ALIKE = 85
"""How much pieces must sound like their word, in hundredths: «opéra trice» is «opératrice», «opé rat rice» is not."""
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")


@dataclass(frozen=True)
class Grammar:
    """What the recogniser is given, and how to read what it gives back."""

    phrases: tuple[str, ...]
    """As the model spells them; never empty."""
    unheard: tuple[str, ...] = ()
    """Phrases of the question that cannot be heard with this model."""
    meant: dict[str, str] = field(default_factory=dict)
    """Stand-in as spoken -> word or title as the understanding knows it."""
    has_unknown: bool = False

    def as_json(self) -> str:
        """For Vosk: a list with something in it, in plain letters, never escapes."""
        return json.dumps([*self.phrases, *([UNKNOWN] if self.has_unknown else [])], ensure_ascii=False)

    def restore(self, text: str) -> str:
        """What was heard, with the stand-ins turned back into what they stand for."""
        text = f" {plain_but_unknown(text)} "
        for stand_in in sorted(self.meant, key=len, reverse=True):
            text = text.replace(f" {stand_in} ", f" {self.meant[stand_in]} ")
        return " ".join(text.split())


def plain_but_unknown(text: str) -> str:
    """Plain words, hyphens opened, `[unk]` left standing."""
    return " ".join(word if word == UNKNOWN else plain(word) for word in text.split())


def build(
    phrases: Iterable[str], knows: Knows, language: str, aliases: Mapping[str, tuple[str, ...]] | None = None
) -> Grammar:
    """The grammar of one question; raises NothingToHear rather than give an empty one."""
    wanted = tuple(dict.fromkeys(map(plain, phrases)))
    speller = _Speller(_guarded(knows), language, aliases or {}, wanted)
    heard: dict[str, None] = {}
    unheard: list[str] = []
    for phrase in wanted:
        forms = speller.forms(phrase)
        heard.update(dict.fromkeys(forms))
        if phrase and not forms:
            unheard.append(phrase)
    if not heard:
        raise NothingToHear(language, tuple(unheard))
    return Grammar(tuple(heard), tuple(unheard), speller.meant, knows(UNKNOWN))


def _guarded(knows: Knows) -> Knows:
    """Models list strange things («<eps>», «#0», ""): only words of letters count as known."""
    return lambda word: bool(_WORD.fullmatch(word)) and knows(word)


def lost(phrases: Iterable[str], unheard: Iterable[str], language: str) -> tuple[str, ...]:
    """Those unheard phrases that sound like no heard one: «la bohèm» is no loss where «la bohème» is heard."""
    missing = tuple(dict.fromkeys(unheard))
    if not missing:
        return ()
    heard = {_sound(phrase, language) for phrase in {*map(plain, phrases)} - {*missing}}
    return tuple(phrase for phrase in missing if _sound(phrase, language) not in heard)


def _sound(text: str, language: str) -> str:
    return sound_key(text, language).replace(" ", "")


class _Speller:
    """Finds the spellings of phrases that a model knows, and notes the stand-ins it used."""

    def __init__(
        self, knows: Knows, language: str, aliases: Mapping[str, tuple[str, ...]], wanted: tuple[str, ...]
    ) -> None:
        self._knows = lru_cache(maxsize=None)(knows)
        self._language = language
        self._aliases = {plain(word): stand_ins for word, stand_ins in aliases.items()}
        self._longest = max((len(word.split()) for word in self._aliases), default=1)
        self._endings = sounding_endings(language)
        self._wanted = {*wanted, *(word for phrase in wanted for word in phrase.split())}
        self._found: dict[str, list[str]] = {}
        self.meant: dict[str, str] = {}

    def forms(self, phrase: str) -> tuple[str, ...]:
        """Every spelling of the phrase to listen for: compounds joined, and split; else with stand-ins."""
        words = phrase.split()
        joined = self._spelt(words, join=True)
        split = self._spelt(words, join=False)
        return tuple(dict.fromkeys(" ".join(form) for form in (joined, split) if form))

    def _spelt(self, words: list[str], *, join: bool) -> list[str] | None:
        spelt: list[str] = []
        while words:
            taken, form = self._next(words, join)
            if not form:
                return None
            spelt += form
            words = words[taken:]
        return spelt

    def _next(self, words: list[str], join: bool) -> tuple[int, list[str]]:
        """How many words the next piece takes, and how the model spells it; nothing if it does not know it."""
        for taken in range(min(LONGEST_COMPOUND if join else 1, len(words)), 1, -1):
            for compound in ("-".join(words[:taken]), "'".join(words[:taken])):  # «vingt-quatre», «didn't»
                if self._knows(compound):
                    return taken, [compound]
        if stand_in := self._stand_in(words):
            return stand_in
        word = words[0]
        return 1, [word] if self._knows(word) else self._instead(word)

    def _stand_in(self, words: list[str]) -> tuple[int, list[str]] | None:
        """A stand-in for the next words, where the model lacks one of them."""
        for taken in range(min(self._longest, len(words)), 0, -1):
            meant = " ".join(words[:taken])
            if meant not in self._aliases or all(map(self._knows, words[:taken])):
                continue
            for spoken in self._aliases[meant]:
                form = spoken.casefold().split()
                if form and all(map(self._knows, form)):
                    self._note(form, meant)
                    return taken, form
        return None

    def _instead(self, word: str) -> list[str]:
        """What is listened for in place of a word that the model lacks; found once for all phrases."""
        if word not in self._found:
            ways = (self._opened, self._ending_alike, self._bare, self._in_pieces)
            self._found[word] = next((form for way in ways if (form := way(word))), [])
            self._note(self._found[word], word)
        return self._found[word]

    def _opened(self, word: str) -> list[str]:
        """«l'orchestre» as «l' orchestre», «j'ai» as «j' ai»; or without its article, where that is short."""
        article, apostrophe, noun = word.partition("'")
        if not apostrophe or not self._knows(noun):
            return []
        if self._knows(article + apostrophe):
            return [article + apostrophe, noun]
        return [noun] if len(article) <= LONGEST_ARTICLE and len(noun) >= FEWEST_LETTERS else []

    def _ending_alike(self, word: str) -> list[str]:
        """«échangez» as «échanger», «abonnées» as «abonnés»: spelt otherwise, said alike."""
        sound = _sound(word, self._language)
        for ending, others in self._endings.items():
            for other in others if word.endswith(ending) else ():
                alike = word[: len(word) - len(ending)] + other
                if self._knows(alike) and _sound(alike, self._language) == sound:
                    return [alike]
        return []

    def _bare(self, word: str) -> list[str]:
        """«bohème» as «boheme», for models of languages without accents."""
        bare = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        return [bare] if bare != word and self._knows(bare) else []

    def _in_pieces(self, word: str) -> list[str]:
        """A word the model lacks, as two or three that it has: «rigo letto» is heard, «rigoletto» never would be."""
        sound = _sound(word, self._language)
        scored = [
            (fuzz.ratio(_sound(" ".join(form), self._language), sound), -len(form), form)
            for form in _cuts(word)
            if all(map(self._knows, form))
        ]
        alike, _, best = max(scored, default=(0.0, 0, []))
        return best if alike >= PIECES_ALIKE else []

    def _note(self, form: list[str], meant: str) -> None:
        """Remember what a stand-in means, unless its words are themselves an answer to this question."""
        spoken = plain(" ".join(form))
        if spoken and spoken != meant and spoken not in self._wanted:
            self.meant.setdefault(spoken, meant)


def _cuts(word: str) -> Iterator[list[str]]:
    """The word in two pieces, then in three."""
    places = range(FEWEST_LETTERS, len(word) - FEWEST_LETTERS + 1)
    for first in places:
        yield [word[:first], word[first:]]
    for first in places:
        for second in range(first + FEWEST_LETTERS, len(word) - FEWEST_LETTERS + 1):
            yield [word[:first], word[first:second], word[second:]]
