"""Takes: recordings of prompts, kept under the hash of their sound; drafts until somebody publishes them.

Nothing is ever changed or overwritten: a take's sound lies under its own hash for ever, and publishing adds one line
to a log. The number of that line is the *revision*: a call that remembers its revision hears the same voice to its
end, and going back is one more line.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from prompts import mulaw_wav

log = logging.getLogger(__name__)

PATH = "/takes/"
"""Under this path of the web server the folder is served: `/takes/3f2a….wav`."""
_ADDRESS = re.compile(r"[0-9a-f]{32}\.wav\Z")


class UnknownTake(KeyError):
    """There is no take with this id or address."""


@dataclass(frozen=True)
class Draft:
    """A recording as it comes in, before it has a number: whose words it says, how it sounds, who spoke it."""

    key: str
    language: str
    words: str
    """The wording that was recorded; a take is played only while the prompt still says this."""
    address: str
    seconds: float
    loudness: float
    """LUFS of the telephone sound."""
    peak: float
    """dB below full scale, at most 0."""
    source: str
    """upload, telephone, browser or synthetic."""
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Take(Draft):
    """A recording that is kept."""

    id: int


@dataclass(frozen=True)
class Publication:
    """One line of the log: from this revision on, `key` is played from this take, or from none."""

    revision: int
    key: str
    language: str
    take_id: int | None
    by: str
    at: datetime


class TakeBook(Protocol):
    """Where takes are written down; the sound itself lies in the folder."""

    def add(self, draft: Draft) -> Take:
        """Write a take down."""

    def get(self, take_id: int) -> Take:
        """One take; raises UnknownTake."""

    def takes_of(self, key: str = "", language: str = "") -> tuple[Take, ...]:
        """All takes of a prompt, or of all, newest first."""

    def publish(self, key: str, language: str, take_id: int | None, by: str, at: datetime) -> int:
        """Add a line to the log and return its revision: one more than the last, whoever else publishes now."""

    def publications(self, key: str = "", language: str = "") -> tuple[Publication, ...]:
        """The log, newest first."""

    def revision(self) -> int:
        """The newest revision, 0 when nothing was ever published."""

    def published(self, revision: int) -> Mapping[tuple[str, str], Take]:
        """What was played at that revision, by (language, key)."""


class TakeFolder:
    """The sound of takes, each file under the hash of what is in it; safe for many processes at once."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def keep(self, telephone: bytes, master: bytes = b"") -> str:
        """Keep a telephone WAV and its master; returns the address, the same for the same sound."""
        mulaw_wav.unwrapped(telephone)
        address = f"{hashlib.sha256(telephone).hexdigest()[:32]}.wav"
        if master:
            write_whole(self.path / f"{address[:-4]}.master.wav", master)
        write_whole(self.path / address, telephone)
        return address

    def has(self, address: str) -> bool:
        """Is the sound there?"""
        return _ADDRESS.match(address) is not None and (self.path / address).is_file()

    def file(self, address: str) -> Path:
        """Where the telephone WAV lies; raises UnknownTake for anything that is no address of ours."""
        if not self.has(address):
            raise UnknownTake(address)
        return self.path / address

    def master(self, address: str) -> Path:
        """Where the master lies, or the telephone WAV when none was kept."""
        path = self.path / f"{self.file(address).stem}.master.wav"
        return path if path.is_file() else self.file(address)

    def sound(self, address: str) -> bytes:
        """The raw µ-law of a take."""
        return mulaw_wav.unwrapped(self.file(address).read_bytes())


class Takes:
    """The recordings of the house: folder and book together.

    `fresh_seconds` is how long another process's publishing may go unnoticed here; 0 asks the book every time.
    """

    def __init__(
        self, folder: TakeFolder, book: TakeBook, clock: Callable[[], datetime], *, fresh_seconds: float = 0.0
    ) -> None:
        self.folder = folder
        self.book = book
        self._clock = clock
        self._fresh_seconds = fresh_seconds
        self._newest = (0, -float("inf"))
        self._at = lru_cache(maxsize=64)(self._read)

    @property
    def revision(self) -> int:
        """The newest revision; a call that begins now keeps it."""
        revision, asked = self._newest
        if time.monotonic() - asked >= self._fresh_seconds:
            revision = self.book.revision()
            self._newest = (revision, time.monotonic())
        return revision

    def at(self, revision: int | None = None) -> Published:
        """What is played at a revision, or now."""
        return self._at(self.revision if revision is None else revision)

    def address(self, key: str, language: str, text: str) -> str | None:
        """Where the take of now is heard, if it says these words."""
        return self.at().address(key, language, text)

    def words(self, key: str, language: str) -> str | None:
        """What the take of now says, if there is one."""
        return self.at().words(key, language)

    def sound(self, address: str) -> bytes:
        """The raw µ-law of a take."""
        return self.folder.sound(address.removeprefix(PATH))

    def publish(self, take_id: int, by: str) -> int:
        """From the next call on, this take is played; raises UnknownTake. Returns the revision."""
        take = self.book.get(take_id)
        self.folder.file(take.address)
        return self._publish(take.key, take.language, take.id, by)

    def withdraw(self, key: str, language: str, by: str) -> int:
        """From the next call on, this prompt is spoken by the synthetic voice."""
        return self._publish(key, language, None, by)

    def roll_back(self, key: str, language: str, by: str) -> int:
        """Back to what was played before the take of now; asked again, forward to it. Returns the revision."""
        return self._publish(key, language, before(self.book.publications(key, language)), by)

    def state(self, take: Take) -> str:
        """`draft` was never published, `approved` once was, `live` is what callers hear now."""
        live = self.at().takes.get((take.language, take.key))
        if live and live.id == take.id:
            return "live"
        log = self.book.publications(take.key, take.language)
        return "approved" if any(line.take_id == take.id for line in log) else "draft"

    def _publish(self, key: str, language: str, take_id: int | None, by: str) -> int:
        revision = self.book.publish(key, language, take_id, by, self._clock())
        self._newest = (revision, -float("inf"))
        return revision

    def _read(self, revision: int) -> Published:
        return Published(revision, self.book.published(revision), self)


@dataclass(frozen=True)
class Published:
    """The published takes of one revision; never changes, so a call may hold on to it."""

    revision: int
    takes: Mapping[tuple[str, str], Take]
    archive: Takes

    def at(self, revision: int | None = None) -> Published:
        """Another revision; without a number, this one."""
        return self if revision is None else self.archive.at(revision)

    def address(self, key: str, language: str, text: str) -> str | None:
        """Where this key's take is heard, if it says these words and its sound is still there."""
        take = self.takes.get((language, key))
        if take is None or not same_words(take.words, text):
            return None
        if self.archive.folder.has(take.address):
            return PATH + take.address
        log.error("the sound of a published take is lost: %s (%s) %s", key, language, take.address)
        return None

    def words(self, key: str, language: str) -> str | None:
        """What the published take of this key says, if there is one."""
        take = self.takes.get((language, key))
        return take.words if take else None

    def sound(self, address: str) -> bytes:
        """The raw µ-law of a take; raises UnknownTake."""
        return self.archive.sound(address)


def before(log: tuple[Publication, ...]) -> int | None:
    """What was played before the newest line of this log; None for the synthetic voice."""
    return next((line.take_id for line in log[1:] if line.take_id != log[0].take_id), None)


def same_words(one: str, other: str) -> bool:
    """Do two wordings sound the same? Punctuation, capitals and spaces are not heard."""
    return _heard(one) == _heard(other)


def _heard(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it, even if we die in between."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
