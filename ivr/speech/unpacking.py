"""Archives and folders that should be models: unpacked safely, and every part held against its checksum."""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ivr.speech.models import Part
from ivr.speech.recogniser import ModelBroken
from ivr.speech.vosk_engine import PARTS, missing_parts

LARGEST_MODEL = 4_000_000_000
"""Bytes unpacked; an archive that claims more is no model."""
MOST_FILES = 500
BLOCK = 1 << 20
_SUM = re.compile(r"([0-9a-fA-F]{64})[ \t]+\*?(.+)")


def faults(folder: Path, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """What is wrong with a model's files, one sentence each; nothing means whole."""
    missing = [f"{name} is missing" for name in missing_parts(folder)]
    return tuple(
        dict.fromkeys((*missing, *(fault for part in parts for fault in _faults_of(folder / part.name, part))))
    )


def checksums(path: Path) -> tuple[Part, ...]:
    """Parts from a file as `sha256sum` writes it, names below the model's folder; raises ModelBroken for another."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    found = [_SUM.fullmatch(line) for line in lines if line and not line.startswith("#")]
    if not found or not all(found):
        raise ModelBroken(str(path), ("it is no list of SHA-256 sums as `sha256sum` writes it",))
    return tuple(Part(_below_model(each[2]), sha256=each[1].lower()) for each in found if each)


def unpack(archive: Path, into: Path) -> Path:
    """Unpack a zip, safely, and give the folder in it that is the model; raises ModelBroken, or OSError of the disk."""
    try:
        with zipfile.ZipFile(archive) as packed:
            _refuse_traps(packed, archive)
            _refuse_too_much(packed, archive, into.parent)
            packed.extractall(into)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelBroken(archive.name, (f"not a whole zip archive: {error}",)) from error
    return inner(into)


def inner(folder: Path) -> Path:
    """Archives hold one folder which holds the model."""
    found = [path.parent.parent for path in (folder / PARTS[0], *folder.glob(f"*/{PARTS[0]}")) if path.is_file()]
    return found[0] if found else folder


def _below_model(name: str) -> str:
    """`./vosk-model-small-fr-0.22/am/final.mdl` as `am/final.mdl`."""
    parts = [part for part in PurePosixPath(name).parts if part != "."]
    return "/".join(parts[1:] if parts and parts[0].startswith("vosk-model") else parts)


def _refuse_traps(packed: zipfile.ZipFile, archive: Path) -> None:
    for each in packed.infolist():
        name = PurePosixPath(each.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise ModelBroken(archive.name, (f"it wants to write outside its folder ({each.filename})",))
        kind = stat.S_IFMT(each.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ModelBroken(archive.name, (f"it holds a link or a device ({each.filename})",))


def _refuse_too_much(packed: zipfile.ZipFile, archive: Path, disk: Path) -> None:
    size, count = sum(each.file_size for each in packed.infolist()), len(packed.infolist())
    if size > LARGEST_MODEL or count > MOST_FILES:
        raise ModelBroken(archive.name, (f"it is too large for a model: {size >> 20} MB in {count} files",))
    if size > (free := shutil.disk_usage(disk).free):
        raise OSError(errno.ENOSPC, f"{size >> 20} MB are to be unpacked, and {free >> 20} MB of disk are left")


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
