"""Numbers in words, from a language's table: 0 to 999 999, whole or as a row of digits.

A word that only sounds like a number («vin» for «vingt») counts when a real number word stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from callflows.understanding.tokens import words_of

Spelled = tuple[str, ...]
Span = tuple[int, int, int]
"""Where it ends, its value, how many of its words are real number words."""


@dataclass(frozen=True)
class Numbers:
    """One language's number words; see `numbers.toml` for what each table means."""

    units: Mapping[str, int]
    tens: tuple[tuple[str, int, int], ...]
    join: frozenset[str]
    hundred: frozenset[str]
    thousand: frozenset[str]
    link: frozenset[str] = frozenset()
    one: frozenset[str] = frozenset()
    sounds_like: Mapping[str, str] = field(default_factory=dict)
    sounds_alone: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, int] = field(default_factory=dict)
    spoken: tuple[str, ...] = ()
    """The number words as written, accents and all, for a recogniser."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Numbers:
        """From the tables of `numbers.toml`."""
        return cls(
            units={" ".join(words_of(word)): value for word, value in data["units"].items()},
            tens=tuple((" ".join(words_of(word)), value, adds) for word, value, adds in data["tens"]),
            join=frozenset(data["join"]),
            hundred=frozenset(data["hundred"]),
            thousand=frozenset(data["thousand"]),
            link=frozenset(data.get("link", ())),
            one=frozenset(data.get("one", ())),
            sounds_like={" ".join(words_of(heard)): meant for heard, meant in data.get("sounds_like", {}).items()},
            sounds_alone={" ".join(words_of(heard)): meant for heard, meant in data.get("sounds_alone", {}).items()},
            repeats={" ".join(words_of(word)): times for word, times in data.get("repeats", {}).items()},
            spoken=(
                *data["units"],
                *(word for word, _, _ in data["tens"]),
                *data["hundred"],
                *data["thousand"],
                *data.get("repeats", {}),
            ),
        )

    @cached_property
    def below_hundred(self) -> dict[Spelled, int]:
        """Every spelling of 0 to 99."""
        spelled = {tuple(word.split()): value for word, value in self.units.items()}
        for word, value, adds in self.tens:
            ten = tuple(word.split())
            spelled[ten] = value
            for unit, more in self.units.items():
                if 0 < more <= adds:
                    spelled[(*ten, *unit.split())] = value + more
                    for join in self.join:
                        spelled[(*ten, join, *unit.split())] = value + more
        return spelled

    @cached_property
    def _beginnings(self) -> frozenset[Spelled]:
        return frozenset(words[:size] for words in self.below_hundred for size in range(1, len(words) + 1))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that may stand in a number."""
        small = {word for spelled in self.below_hundred for word in spelled}
        return frozenset(small | self.hundred | self.thousand) - self.join

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that stand for nothing but a number: «un» and «one» may be articles."""
        return self.words - self.one - {word for word, value in self.units.items() if value == 1}

    def small(self, words: list[str], at: int) -> Iterator[Span]:
        """Readings below one hundred that start at this word."""
        yield from self._small(words, at, (), 0)

    def _small(self, words: list[str], at: int, read: Spelled, real: int) -> Iterator[Span]:
        if read in self.below_hundred:
            yield at, self.below_hundred[read], real
        if at >= len(words):
            return
        word = words[at]
        meant = self.sounds_like.get(word)
        for choice, is_real in ((word, word not in self.join), (meant, False)):
            if choice is not None and (*read, choice) in self._beginnings:
                yield from self._small(words, at + 1, (*read, choice), real + is_real)

    def hundreds(self, words: list[str], at: int) -> Iterator[Span]:
        """Readings below one thousand, «quinze cents» to «dix neuf cents» too."""
        heads: list[Span] = [(at, 1, 0), *self.small(words, at)]
        yield from heads[1:]
        if words[at : at + 1] and words[at] in self.one:
            heads.append((at + 1, 1, 0))
        for middle, times, real in heads:
            if 1 <= times <= 19 and self._is(words, middle, self.hundred):
                after = middle + 1
                yield after, times * 100, real + (words[middle] in self.hundred)
                linked = after + 1 if after < len(words) and words[after] in self.link else after
                yield from (
                    (end, times * 100 + more, real + 1 + some)
                    for end, more, some in self.small(words, linked)
                    if more > 0
                )

    def at(self, words: list[str], at: int) -> list[Span]:
        """Every number that starts at this word, the longest reading first."""
        if at < len(words) and words[at].isdecimal() and len(words[at]) <= 6:
            return [(at + 1, int(words[at]), 1)]
        spans = list(self.hundreds(words, at))
        heads = [(at, 1, 0), *spans]
        if words[at : at + 1] and words[at] in self.one:
            heads.append((at + 1, 1, 0))
        for middle, times, real in heads:
            if 1 <= times < 1000 and self._is(words, middle, self.thousand):
                after = middle + 1
                spans.append((after, times * 1000, real + 1))
                linked = after + 1 if after < len(words) and words[after] in self.link else after
                spans += [
                    (end, times * 1000 + more, real + 1 + some)
                    for end, more, some in self.hundreds(words, linked)
                    if 0 < more < 1000
                ]
        return sorted(spans, key=lambda span: (-span[0], -span[2]))

    def in_sentence(self, words: list[str]) -> dict[int, list[tuple[int, int]]]:
        """Where the numbers of a sentence begin, with their ends and values: each as long as it can be.

        «Twenty five people» is never five people, and «vingt et un mars» never the first of March.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        at = 0
        while at < len(words):
            spans = [(end, value) for end, value, real in self.at(words, at) if real]
            end = spans[0][0] if spans else at + 1
            if spans and not self._is(words, end, self.hundred | self.thousand):
                found[at] = spans[:1]
            elif spans:  # «cent cinquante deux cents»: two numbers, and nobody knows where the second begins
                end += 1
            at = end
        return found

    def heard(self, words: list[str], at: int) -> list[tuple[int, int]]:
        """A single word that only sounds like a number; for rules that know what they expect."""
        word = words[at] if at < len(words) else ""
        meant = self.sounds_alone.get(word, self.sounds_like.get(word))
        if meant is not None and meant in self.units:
            return [(at + 1, self.units[meant])]
        return [(end, value) for end, value, real in self.at(words, at) if not real]

    def _is(self, words: list[str], at: int, wanted: frozenset[str]) -> bool:
        return at < len(words) and (words[at] in wanted or self.sounds_like.get(words[at], "") in wanted)
