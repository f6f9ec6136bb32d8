"""Getting a model: fetch, check every part, unpack beside, then rename; a folder is never half there under its name.

<data>/models/fr             a model in its place
<data>/models/.fetched/      archives on their way: what an interruption left goes on where it stopped
<data>/models/.work/         where it is unpacked; swept at the next start, whatever killed the last one
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ivr.speech.downloading import Progress, download, nothing_told
from ivr.speech.models import KnownModel, Part, home
from ivr.speech.recogniser import ModelBroken
from ivr.speech.unpacking import faults, inner, unpack

FETCHED, WORK = ".fetched", ".work"
OLD = "old-"
"""Before the name of a model that makes room for another."""


class NotInstalled(Exception):
    """The house's own folder does not let a model in; `folder` and `reason` say which and why."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder, self.reason = folder, reason


class NotAsPublished(ModelBroken):
    """The archive came whole and is another one than was published; it is kept as `archive`."""

    def __init__(self, name: str, wrong: tuple[str, ...], archive: Path) -> None:
        super().__init__(name, wrong)
        self.archive = archive


def fetch(
    model: KnownModel,
    data: Path,
    source: str,
    progress: Progress = nothing_told,
    published: tuple[Part, ...] | None = None,
) -> Path:
    """Fetch, check and install a known model; gives its folder.

    `published` stands in for the checksums we know. Raises NotFetched, NotAsPublished, ModelBroken or NotInstalled.
    """
    folder = home(data, model.language)
    with _workshop(folder) as work:
        archive = folder.parent / FETCHED / model.archive
        archive.parent.mkdir(exist_ok=True)
        _download(f"{source.rstrip('/')}/{model.archive}", archive, progress)
        try:
            unpacked = unpack(archive, work / "unpacked")
        except ModelBroken:
            archive.unlink()
            raise
        if wrong := faults(unpacked, model.parts if published is None else published):
            raise NotAsPublished(model.name, wrong, archive.replace(archive.with_name(f"refused-{archive.name}")))
        _put_in_place(unpacked, folder)
        shutil.rmtree(archive.parent)
        return folder


def _download(address: str, archive: Path, progress: Progress) -> None:
    try:
        download(address, archive, progress)
    finally:
        with suppress(OSError):  # what was begun stays, an empty folder does not
            archive.parent.rmdir()


def use(given: Path, language: str, data: Path, published: tuple[Part, ...] = ()) -> Path:
    """Install a copy of a folder or archive that somebody brought; raises ModelBroken or NotInstalled."""
    folder = home(data, language)
    with _workshop(folder) as work:
        unpacked = work / "unpacked"
        if given.is_dir():
            if wrong := faults(inner(given), ()):  # before copying what may be a whole disk
                raise ModelBroken(str(given), wrong)
            shutil.copytree(inner(given), unpacked)
        else:
            unpacked = unpack(given, unpacked)
        if wrong := faults(unpacked, published):
            raise ModelBroken(str(given), wrong)
        return _put_in_place(unpacked, folder)


def is_whole(model: KnownModel, data: Path, published: tuple[Part, ...] | None = None) -> bool:
    """Does this very model stand in its place, every part as published?"""
    folder = home(data, model.language)
    return folder.is_dir() and not faults(folder, model.parts if published is None else published)


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder on the model's own disk, so that the rename at the end is one step; ours alone, and swept."""
    models = folder.parent
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _locked(models):
            _sweep(models)
            (models / WORK).mkdir()
            try:
                yield models / WORK
            finally:
                _sweep(models)
    except BlockingIOError as error:
        raise NotInstalled(str(models), "another `souffleur models` is at work there") from error
    except OSError as error:
        raise NotInstalled(str(models), _in_short(error)) from error


@contextmanager
def _locked(models: Path) -> Iterator[None]:
    """Ours alone, until we are gone, however that comes; raises BlockingIOError."""
    handle = os.open(models, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _sweep(models: Path) -> None:
    """Remove what was left; a model that was just making room when the machine stopped goes back to its place."""
    for old in (models / WORK).glob(f"{OLD}*"):
        if not (place := models / old.name.removeprefix(OLD)).exists():
            old.rename(place)
    shutil.rmtree(models / WORK, ignore_errors=True)


def _put_in_place(unpacked: Path, folder: Path) -> Path:
    """Rename into place; the old model goes only when the new one stands."""
    if folder.exists():
        os.replace(folder, folder.parent / WORK / f"{OLD}{folder.name}")
    os.replace(unpacked, folder)
    return folder


def _in_short(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"there is no room: {error.strerror}"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"this user may not: {error.strerror}, {error.filename}"
    return str(error)
