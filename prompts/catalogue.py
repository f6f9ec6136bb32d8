"""Catalogue: every prompt by key and language, read from wording/, with fallback to another language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from prompts.faults import BadCatalogue, Fault, UnknownPrompt
from prompts.kinds import Kind
from prompts.template import Part, parts_of

BY_KEYS = ".by_keys"
"""Ends the key of a wording for callers whom nobody hears: `buy.offer.by_keys` says nothing of speaking."""
MISSING = "general.missing"
"""What is said in place of a prompt that nobody has written."""
WORDING = Path(__file__).parent / "wording"
_LADDER = re.compile(r"(?P<question>.+)\.(?P<why>silence|unclear|help)(?:\.(?P<level>[0-9]+))?\Z")


@dataclass(frozen=True)
class Language:
    """How a language is called, its locale and carrier's voice, and who stands in for it, nearest first."""

    code: str
    name: str
    locale: str
    voice: str
    fallback: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """One prompt in one language."""

    key: str
    language: str
    text: str
    slots: Mapping[str, Kind] = field(default_factory=dict)
    note: str = ""

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The wording taken apart; read once."""
        return parts_of(self.text)


@dataclass(frozen=True)
class Catalogue:
    """What can be said: prompts in the order of their files, by language and key."""

    languages: Mapping[str, Language]
    prompts: Mapping[tuple[str, str], Prompt]
    """By (language, key)."""

    @classmethod
    def load(cls, folder: Path | str = WORDING) -> Catalogue:
        """Read every wording/<language>.toml; raises BadCatalogue with all severe faults at once."""
        from prompts.lint import faults_of  # the rules read catalogues, so they stand behind this one

        catalogue, faults = cls.read(folder)
        severe = tuple(fault for fault in (*faults, *faults_of(catalogue)) if fault.severe)
        if severe:
            raise BadCatalogue(severe)
        return catalogue

    @classmethod
    def read(cls, folder: Path | str = WORDING) -> tuple[Catalogue, tuple[Fault, ...]]:
        """Read what can be read, and say what could not."""
        from prompts.wording_files import read_folder  # it makes prompts, so it stands behind this file

        languages, prompts, faults = read_folder(Path(folder))
        return cls(MappingProxyType(languages), MappingProxyType(prompts)), faults

    def keys(self, language: str | None = None) -> tuple[str, ...]:
        """The keys of one language, or of all, in the order of the files and without repetition."""
        return tuple(dict.fromkeys(key for code, key in self.prompts if language in (None, code)))

    def __contains__(self, key: str) -> bool:
        return any((code, key) in self.prompts for code in self.languages)

    def get(self, key: str, language: str, *, by_keys: bool = False) -> Prompt:
        """The prompt in this language, a less special one of its ladder, or another language; else UnknownPrompt.

        `by_keys` prefers, on every rung, the wording for callers whom nobody hears.
        """
        endings = (BY_KEYS, "") if by_keys else ("",)
        for code in self.languages_from(language):
            for rung in (step + ending for step in ladder(key) for ending in endings):
                if found := self.prompts.get((code, rung)):
                    return found
        raise UnknownPrompt(key)

    def languages_from(self, language: str) -> Iterator[str]:
        """This language, then those that stand in for it, then all others."""
        known = self.languages.get(language)
        yield from dict.fromkeys((language, *(known.fallback if known else ()), *self.languages))

    def with_wording(self, changes: Mapping[tuple[str, str], str]) -> Catalogue:
        """The same catalogue with other texts for some (language, key); unknown ones are left out."""
        changed = {
            where: replace(self.prompts[where], text=text) for where, text in changes.items() if where in self.prompts
        }
        return replace(self, prompts=MappingProxyType({**self.prompts, **changed}))


def ladder(key: str) -> tuple[str, ...]:
    """`buy.x.unclear.3` → itself, `.unclear.2`, `buy.x.unclear`, then `general.unclear.3` and so on down."""
    match = _LADDER.match(key)
    if not match:
        return (key,)
    level = int(match["level"] or 1)
    return tuple(
        f"{question}.{match['why']}" + (f".{n}" if n > 1 else "")
        for question in dict.fromkeys((match["question"], "general"))
        for n in range(level, 0, -1)
    )
