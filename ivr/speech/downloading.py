"""One file from a source, in as many attempts as it takes; what came before an interruption is not fetched again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import requests

CONNECT_SECONDS, READ_SECONDS = 10, 60
BLOCK = 1 << 16
ATTEMPTS = 3
"""In a row without a single new byte; as long as something comes, it goes on."""

Progress = Callable[[int, int], None]
"""Told how many bytes are here, of how many (0: nobody knows)."""


class NotFetched(Exception):
    """The file could not be fetched; `address` and `reason` say which and why."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address, self.reason = address, reason


def nothing_told(here: int, of: int) -> None:
    """For whoever wants no progress."""


def download(address: str, to: Path, progress: Progress = nothing_told) -> None:
    """Fetch `address` into the file `to`, which appears when it is whole; raises NotFetched, or OSError of the disk."""
    part = to.with_name(to.name + ".part")
    idle = 0
    while True:
        before = _here(part)
        try:
            _go_on(address, part, progress)
        except NotFetched:
            idle = 0 if _here(part) > before else idle + 1
            if idle == ATTEMPTS or (not before and not _here(part)):
                raise
        else:
            part.replace(to)
            _tag(part).unlink(missing_ok=True)
            return


def _go_on(address: str, part: Path, progress: Progress) -> None:
    """Ask for what is missing; a source that has another file by now, or cannot skip, gives it from its beginning."""
    here, tag = _here(part), _tag(part)
    asked = {"Range": f"bytes={here}-", "If-Range": tag.read_text()} if here and tag.exists() else {}
    try:
        with requests.get(
            address,
            stream=True,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            headers={**asked, "Accept-Encoding": "identity"},
        ) as answer:
            answer.raise_for_status()
            goes_on = answer.status_code == requests.codes.partial_content
            _write(answer, part, here if goes_on else 0, progress, address)
    except requests.HTTPError as error:
        raise NotFetched(address, f"the source answers {error.response.status_code}") from error
    except requests.RequestException as error:
        raise NotFetched(address, _in_short(error)) from error


def _write(answer: requests.Response, part: Path, here: int, progress: Progress, address: str) -> None:
    length = int(answer.headers.get("Content-Length", 0))
    total = here + length if length else 0
    free = shutil.disk_usage(part.parent).free
    if length > free:
        raise NotFetched(address, f"{length >> 20} MB are to come, and {free >> 20} MB of disk are left")
    tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
    _tag(part).write_text(tag) if tag else _tag(part).unlink(missing_ok=True)
    with part.open("ab" if here else "wb") as file:
        for block in answer.iter_content(BLOCK):
            file.write(block)
            here += len(block)
            progress(here, total)
    if total and here != total:
        raise NotFetched(address, f"only {here} of {total} bytes came")


def _here(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _tag(part: Path) -> Path:
    """Beside the half file: which file it is half of (RFC 9110, If-Range)."""
    return part.with_name(part.name + ".tag")


def _in_short(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "the source does not answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke; the same command goes on where it stopped"
    if isinstance(error, requests.exceptions.InvalidSchema | requests.exceptions.InvalidURL):
        return "this is no address of a source"
    return "the source cannot be reached: no network, or a wrong address"
