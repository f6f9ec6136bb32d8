"""Getting a model: fetch, check every part, unpack beside, then rename; a folder is never half there under its name."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import requests

from ivr.speech.models import KnownModel, Part, home
from ivr.speech.recogniser import ModelBroken
from ivr.speech.vosk_engine import PARTS

LARGEST_MODEL = 4_000_000_000
"""Bytes unpacked; an archive that claims more is no model."""
CONNECT_SECONDS, READ_SECONDS = 10, 60
BLOCK = 1 << 20

Progress = Callable[[int, int], None]
"""Told how many bytes are here, of how many (0: nobody knows)."""


class NotFetched(Exception):
    """The archive could not be fetched; `address` and `reason` say which and why."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address, self.reason = address, reason


def fetch(model: KnownModel, data: Path, source: str, progress: Progress = lambda here, of: None) -> Path:
    """Fetch, check and install a known model; gives its folder. Raises NotFetched or ModelBroken."""
    folder = home(data, model.language)
    with _beside(folder) as workshop:
        archive = workshop / model.archive
        _download(source.rstrip("/") + "/" + model.archive, archive, progress)
        unpacked = unpack(archive, workshop / "unpacked")
        wrong = faults(unpacked, model.parts)
        if wrong:
            raise ModelBroken(model.name, wrong)
        return _put_in_place(unpacked, folder)


def use(given: Path, language: str, data: Path) -> Path:
    """Install a copy of a folder or archive that somebody brought; raises ModelBroken."""
    folder = home(data, language)
    with _beside(folder) as workshop:
        unpacked = workshop / "copy"
        if given.is_dir():
            shutil.copytree(_inner(given), unpacked)
        else:
            unpacked = unpack(given, unpacked)
        wrong = faults(unpacked, ())
        if wrong:
            raise ModelBroken(str(given), wrong)
        return _put_in_place(unpacked, folder)


def faults(folder: Path, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """What is wrong with a model's files, one sentence each; nothing means whole."""
    missing = [f"{name} is missing" for name in PARTS if not (folder / name).is_file()]
    return (*missing, *(fault for part in parts for fault in _faults_of(folder / part.name, part)))


def unpack(archive: Path, into: Path) -> Path:
    """Unpack a zip, safely, and give the folder in it that is the model; raises ModelBroken."""
    try:
        with zipfile.ZipFile(archive) as packed:
            _refuse_traps(packed, archive)
            packed.extractall(into)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise ModelBroken(archive.name, (f"not a whole zip archive: {error}",)) from error
    return _inner(into)


def _inner(folder: Path) -> Path:
    """Archives hold one folder which holds the model."""
    found = [path.parent.parent for path in (folder / PARTS[0], *folder.glob(f"*/{PARTS[0]}")) if path.is_file()]
    return found[0] if found else folder


def _refuse_traps(packed: zipfile.ZipFile, archive: Path) -> None:
    names = [PurePosixPath(each.filename) for each in packed.infolist()]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise ModelBroken(archive.name, ("it wants to write outside its folder",))
    if sum(each.file_size for each in packed.infolist()) > LARGEST_MODEL:
        raise ModelBroken(archive.name, ("it is too large for a model",))


def _faults_of(path: Path, part: Part) -> Iterator[str]:
    if not path.is_file():
        yield f"{part.name} is missing"
    elif part.size and path.stat().st_size != part.size:
        yield f"{part.name} has {path.stat().st_size} bytes instead of {part.size}"
    elif part.sha256 and _hash(path, hashlib.sha256()) != part.sha256:
        yield f"{part.name} is not the file that was published (SHA-256)"
    elif part.git_blob and _hash(path, _git_blob(path)) != part.git_blob:
        yield f"{part.name} is not the file that was published (git blob)"


def _git_blob(path: Path) -> hashlib._Hash:
    """A git blob id is a SHA-1 over a head with the length; no safety is asked of it, only sameness."""
    return hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)


def _hash(path: Path, hashed: hashlib._Hash) -> str:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            hashed.update(block)
    return hashed.hexdigest()


def _download(address: str, to: Path, progress: Progress) -> None:
    try:
        with requests.get(address, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS)) as answer:
            answer.raise_for_status()
            total, here = int(answer.headers.get("Content-Length", 0)), 0
            with to.open("wb") as file:
                for block in answer.iter_content(BLOCK):
                    file.write(block)
                    here += len(block)
                    progress(here, total)
    except requests.HTTPError as error:
        raise NotFetched(address, f"the source answers {error.response.status_code}") from error
    except requests.RequestException as error:
        raise NotFetched(address, _in_short(error)) from error
    if total and here != total:
        raise NotFetched(address, f"only {here} of {total} bytes came")


def _in_short(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "the source does not answer in time"
    return "the source cannot be reached: no network, or a wrong address"


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A workshop on the same disk, so that the rename at the end is one step; gone afterwards."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder.parent) as workshop:
        yield Path(workshop)


def _put_in_place(unpacked: Path, folder: Path) -> Path:
    """Rename into place; the old model goes only when the new one stands."""
    old = unpacked.parent / "old-model"
    if folder.exists():
        os.replace(folder, old)
    os.replace(unpacked, folder)
    return folder
