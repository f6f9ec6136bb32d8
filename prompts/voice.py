"""Voice: one prompt with its slots in three bodies (text, takes, telephone sound), all made from the same pieces."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from prompts.catalogue import MISSING, Catalogue, Prompt
from prompts.faults import UnknownPrompt
from prompts.limits import in_breaths
from prompts.phrases import PAUSE, NoPhrases, phrases_of, take_key
from prompts.recordings import NoRecordings, Piece, Recordings, Speaker
from prompts.slots import BadSlot, House, count_of, words_of
from prompts.template import OneOrMany, Slot, Words

GAP = b"\xff" * 480
"""Sixty milliseconds of nothing between two recordings, in µ-law."""

_SAYABLE = re.compile(r"[^\W_]")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Segment:
    """A stretch of the prompt that belongs together: a fragment between slots, or all fragments of one slot."""

    fragments: tuple[tuple[str, str], ...]
    """(text, key of its take)."""

    @property
    def text(self) -> str:
        return " ".join(text for text, _ in self.fragments).replace(f" {PAUSE}", PAUSE)


Report = Callable[[str, str, str], None]
"""Told what is missing: what («unknown prompt», «bad slot»), the prompt's key, the language."""


def _log_missing(what: str, key: str, language: str) -> None:
    log.warning("%s: %s (%s)", what, key, language)


class Voice:
    """Says prompts; whatever is missing, something is said and the lack reported."""

    def __init__(
        self,
        catalogue: Catalogue,
        takes: Recordings | None = None,
        *,
        speaker: Speaker | None = None,
        house: House | None = None,
        report: Report = _log_missing,
        keys_only: bool = False,
    ) -> None:
        self.catalogue = catalogue
        self.takes: Recordings = takes or NoRecordings()
        self.speaker = speaker
        self.house = house or House()
        self.report = report
        self.keys_only = keys_only

    def at(self, revision: int | None = None) -> Voice:
        """The same voice as of a revision, or of now: a call that keeps its revision hears one voice to its end."""
        return self._with(self.takes.at(revision), self.keys_only)

    def by_keys(self) -> Voice:
        """The same voice for callers whom nobody hears: it never invites them to speak."""
        return self._with(self.takes, keys_only=True)

    def _with(self, takes: Recordings, keys_only: bool) -> Voice:
        return Voice(
            self.catalogue, takes, speaker=self.speaker, house=self.house, report=self.report, keys_only=keys_only
        )

    @property
    def revision(self) -> int:
        """What is published now, as a number."""
        return self.takes.revision

    def text(self, key: str, slots: Mapping[str, Any] | None = None, language: str = "fr") -> str:
        """What the caller hears, as text."""
        prompt = self._prompt(key, language)
        if prompt is None:
            return ""
        slots = slots or {}
        said = [part.text if isinstance(part, Words) else self._slot(prompt, part, slots).text for part in prompt.parts]
        return "".join(said).strip()

    def pieces(self, key: str, slots: Mapping[str, Any] | None = None, language: str = "fr") -> list[Piece]:
        """What is played and what is read, in order; a recording wherever a published one says these very words."""
        prompt = self._prompt(key, language)
        if prompt is None:
            return []
        takes = self.takes.at()
        if not prompt.slots:
            take = takes.address(prompt.key, prompt.language, prompt.text)
            return [Piece(prompt.text, prompt.language, take)] if take else self._read(prompt.text, prompt.language)
        pieces = self._merged(self._played(prompt, slots or {}, takes))
        return pieces or ([] if key == MISSING else self.pieces(MISSING, {}, language))

    def sound(self, key: str, slots: Mapping[str, Any] | None = None, language: str = "fr") -> bytes:
        """What is heard on a media stream: raw µ-law at 8 kHz."""
        return GAP.join(self.sound_of(piece) for piece in self.pieces(key, slots, language))

    def sound_of(self, piece: Piece) -> bytes:
        """One piece as raw µ-law; a take whose sound cannot be read is spoken, and the lack reported."""
        if piece.take is not None:
            try:
                return self.takes.sound(piece.take)
            except (OSError, LookupError, ValueError):
                self.report("take cannot be read", piece.take, piece.language)
        if self.speaker is None:
            self.report("no synthetic voice", piece.text, piece.language)
            return GAP
        return self.speaker.speak(piece.text, piece.language)

    def _prompt(self, key: str, language: str) -> Prompt | None:
        for wanted in (key, MISSING):
            try:
                prompt = self.catalogue.get(wanted, language, by_keys=self.keys_only)
            except UnknownPrompt:
                self.report("unknown prompt", wanted, language)
                continue
            if prompt.language != language:
                self.report("spoken in another language", wanted, language)
            return prompt
        return None

    def _slot(self, prompt: Prompt, part: Slot | OneOrMany, slots: Mapping[str, Any]) -> _Segment:
        """What fills a slot; what cannot be said is left out and reported."""
        try:
            words = self._words(prompt, part, slots)
        except (BadSlot, NoPhrases, KeyError, TypeError, ValueError) as error:
            self.report(f"bad slot {part.name} ({type(error).__name__})", prompt.key, prompt.language)
            words = ()
        return _Segment(tuple((word, take_key(word)) for word in words))

    def _words(self, prompt: Prompt, part: Slot | OneOrMany, slots: Mapping[str, Any]) -> tuple[str, ...]:
        if isinstance(part, Slot):
            return words_of(prompt.slots[part.name], slots[part.name], prompt.language, self.house)
        one = phrases_of(prompt.language).is_one(count_of(slots[part.name]))
        return tuple(word for word in (part.one if one else part.many,) if word)

    def _played(self, prompt: Prompt, slots: Mapping[str, Any], takes: Recordings) -> Iterable[Piece]:
        """Segment by segment: takes if all of the segment is recorded, else its text."""
        fragments = count(1)
        for part in prompt.parts:
            if isinstance(part, Slot) and prompt.slots[part.name].name == "take":
                yield from self._draft(slots.get(part.name, ""), prompt.language)
                continue
            tongue = prompt.language
            if isinstance(part, Words):
                key = f"{prompt.key}#{next(fragments)}" if is_sayable(part.text) else ""
                segment = _Segment(((part.text.strip(), key),))
            else:
                segment = self._slot(prompt, part, slots)
                if isinstance(part, Slot):
                    tongue = self.house.tongue_of(prompt.slots[part.name], slots.get(part.name), tongue)
            yield from _recorded(segment, tongue, takes) or [Piece(segment.text, tongue)]

    def _draft(self, address: str, language: str) -> list[Piece]:
        """A recording by its address, for whoever has just made it; it has no words."""
        return [Piece("", language, address)] if address else []

    def _merged(self, pieces: Iterable[Piece]) -> list[Piece]:
        """Neighbours of one language without a recording are read in one breath, so that the voice keeps its tune."""
        merged: list[Piece] = []
        text = tongue = ""
        for piece in pieces:
            if piece.take is None and (piece.language == tongue or not is_sayable(piece.text)):
                text = _beside(text, piece.text)
                continue
            stop, after = _stop_before(piece.text) if text and piece.take is None else ("", piece.text)
            merged += self._read(text + stop, tongue)
            text, tongue = (after, piece.language) if piece.take is None else ("", "")
            merged += [piece] if piece.take is not None else []
        return merged + self._read(text, tongue)

    def _read(self, text: str, language: str) -> list[Piece]:
        return [Piece(breath, language) for breath in in_breaths(text)] if is_sayable(text) else []


def is_sayable(text: str) -> bool:
    """Is there a letter or a digit in it, or only punctuation between two slots?"""
    return _SAYABLE.search(text) is not None


def _recorded(segment: _Segment, language: str, takes: Recordings) -> list[Piece]:
    """The segment's takes, if all of it is recorded: half a number in another voice is worse than none."""
    pieces = []
    for text, key in segment.fragments:
        if is_sayable(text):
            take = takes.address(key, language, text)
            if not take:
                return []
            pieces.append(Piece(text, language, take))
    return pieces


def _stop_before(text: str) -> tuple[str, str]:
    """A comma or full stop that the next voice would begin with, and the rest: it belongs to what stands before it."""
    rest = text.lstrip(",.;: ")
    return text[: len(text) - len(rest)].strip(), rest


def _beside(before: str, after: str) -> str:
    """Two texts side by side, no space before a comma or a full stop."""
    return (before + after if after[:1] in (",", ".") else f"{before} {after}").strip()
