"""Titles: which production a caller means, by title, by a piece of it, by its makers, or as it was misheard.

Well-known works of the stage stand in the language's `titles.toml`: those of the programme lend it their nicknames,
the others tell that a title was understood and is not played.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from callflows.understanding.language import FOLDER, Language, language
from callflows.understanding.programme import Programme, Show
from callflows.understanding.sounds import sound_of
from callflows.understanding.tokens import words_of

Words = tuple[str, ...]
LONGEST_NAME = 8
MARGIN = 0.08
"""How much nearer the best title must sound than the next one of another production."""

STRICT = 0.85
"""How much it must sound alike where no title was asked for."""


@dataclass(frozen=True)
class Named:
    """What a name stands for: productions of the programme, or none of them; `person` for composers and the like."""

    shows: frozenset[str]
    person: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Titles:
    """All names of one programme in one language."""

    names: Mapping[Words, Named]
    sounds: Mapping[str, Named] = field(default_factory=dict)
    steps: tuple[tuple[str, str], ...] = ()

    def at(self, words: list[str], start: int) -> list[tuple[int, Named]]:
        """The names that begin at this word, the longest first."""
        ends = range(min(start + LONGEST_NAME, len(words)), start, -1)
        return [(end, self.names[key]) for end in ends if (key := tuple(words[start:end])) in self.names]

    def misheard(self, words: list[str], start: int, end: int, *, strict: bool = False) -> tuple[float, Named] | None:
        """The name these words sound like, with its likeness, if no other is nearly as near; `strict` where a title
        was not asked for."""
        key = sound_of(words[start:end], self.steps)
        if len(key) < (6 if strict else 4):
            return None
        needed = max(_needed(key), STRICT if strict else 0)
        near = process.extract(
            key, list(self.sounds), scorer=Levenshtein.normalized_similarity, score_cutoff=needed - MARGIN, limit=6
        )
        if not near or near[0][1] < needed:
            return None
        best = self.sounds[near[0][0]]
        rivals = [score for found, score, _ in near if self.sounds[found].shows != best.shows]
        if rivals and near[0][1] - rivals[0] < MARGIN:
            return None
        return near[0][1], Named(best.shows, best.person, unsure=near[0][1] < 1)


def _needed(key: str) -> float:
    """Short names must sound nearly the same, long ones may differ more."""
    return 0.85 if len(key) < 6 else 0.78 if len(key) < 9 else 0.72


@lru_cache(maxsize=32)
def titles(code: str, programme: Programme, folder: Path = FOLDER) -> Titles:
    """The names of a programme, worked out once for each language."""
    lang = language(code, folder)
    found: dict[Words, Named] = {}
    for name, named in [*_known_works(lang, programme), *_people(lang, programme)]:
        _note(found, words_of(name), named, lang)
    for show in programme.shows:
        for name in show.names:
            _note(found, words_of(name), Named(frozenset({show.id})), lang)
    for words, named in _pieces(lang, programme, found):
        old = found.get(words)
        found[words] = Named(named.shows | old.shows) if old and old.shows else named
    sounds: dict[str, Named] = {}
    for words, named in found.items():
        key = sound_of(words, lang.sounds)
        sounds[key] = Named(named.shows | sounds[key].shows) if key in sounds else named
    return Titles(found, {key: named for key, named in sounds.items() if len(key) > 3}, lang.sounds)


def _note(found: dict[Words, Named], words: list[str], named: Named, lang: Language) -> None:
    """Keep a name, with and without its article; the programme's own meaning wins over none."""
    for start in range(2):
        key = tuple(words[start:])
        if not key or (start and words[0] not in lang.stutters):
            return
        if start and (len(key) == 1 and len(key[0]) < 4):
            return
        old = found.get(key)
        found[key] = Named(named.shows | old.shows, named.person and old.person) if old else named


def _known_works(lang: Language, programme: Programme) -> Iterator[tuple[str, Named]]:
    """The names of well-known works; those the programme plays mean their production."""
    for work in lang.works:
        shows = frozenset(show.id for show in programme.shows if _is_work(show, work))
        for name in (*work["names"], *work.get("said", ())):
            yield name, Named(shows)


def _is_work(show: Show, work: Mapping[str, Any]) -> bool:
    """Is this production that work? By a shared title, and by the kind of work where one is given."""
    titles_of_work = {tuple(words_of(name)) for name in work["names"]}
    kind = work.get("genre", show.genre)
    return kind == show.genre and any(tuple(words_of(name)) in titles_of_work for name in show.names)


def _people(lang: Language, programme: Programme) -> Iterator[tuple[str, Named]]:
    """Composers and choreographers by surname and whole name, and those nobody plays this season."""
    by_name: dict[str, set[str]] = {name: set() for name in lang.people}
    spelled: dict[str, set[str]] = {name: {name, *said} for name, said in lang.people.items()}
    for show in programme.shows:
        for maker in show.makers:
            full = maker.split("(")[0].strip()
            surname = full.split()[-1]
            if not surname[:1].isupper():
                continue
            known = next((name for name in lang.people if _same_person(full, name)), full)
            by_name.setdefault(known, set()).add(show.id)
            spelled.setdefault(known, {known}).update({full, surname})
    for name, shows in by_name.items():
        for said in spelled[name]:
            yield said, Named(frozenset(shows), person=True)


def _same_person(full: str, known: str) -> bool:
    return words_of(known)[-1] == words_of(full)[-1] and words_of(known)[0][:1] == words_of(full)[0][:1]


def _pieces(lang: Language, programme: Programme, found: Mapping[Words, Named]) -> list[tuple[Words, Named]]:
    """Long single words of titles mean every production that has them: «Onéguine» is an opera and a ballet."""
    shows_of: dict[str, set[str]] = {}
    for show in programme.shows:
        for word in {word for name in show.names for word in words_of(name)}:
            if len(word) >= 5 and not word.isdecimal():
                shows_of.setdefault(word, set()).add(show.id)
    taken = lang.title_noise | lang.fillers | lang.numbers.words
    pieces = [((word,), Named(frozenset(shows))) for word, shows in shows_of.items() if word not in taken]
    return [(key, named) for key, named in pieces if key not in found or not found[key].person]


def resolve(named: Iterable[Named], programme: Programme, *, genre: str = "", hall: str = "") -> tuple[str, ...] | None:
    """The productions that all names allow, narrowed by kind and hall; None when a name is of no production here."""
    given = list(named)
    sets = [name.shows for name in given]
    if any(not shows for shows in sets):
        return None
    common = frozenset.intersection(*sets)
    chosen = common or frozenset.union(*sets)
    order = [show for show in programme.shows if show.id in chosen]
    for wanted, attribute in ((genre, "genre"), (hall, "hall")):
        narrower = [show for show in order if wanted and getattr(show, attribute) == wanted]
        order = narrower or order
    return tuple(show.id for show in order)
