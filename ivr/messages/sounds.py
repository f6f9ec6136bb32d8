"""Sounds: the folder with what callers recorded, each file under the carrier's name of the recording."""

from __future__ import annotations

import re
import time
from pathlib import Path

from ivr.pcm_wav import RATE, wrapped
from prompts.takes import write_whole

AN_HOUR = 3_600
_NAME = re.compile(r"RE[0-9a-f]{32}\Z", re.ASCII)


class NoSuchSound(LookupError):
    """No recording of this name lies here, or it is no name of a recording."""


def is_recording(name: str) -> bool:
    """Is this the carrier's name of a recording? Nothing else ever becomes part of a path or of an address."""
    return _NAME.match(name) is not None


def recording_in(address: str) -> str:
    """The recording's name out of its address; empty when there is none in it."""
    name = address.partition("?")[0].rpartition("/")[2].partition(".")[0]
    return name if is_recording(name) else ""


class Sounds:
    """Keeps, reads and erases sounds; a file is whole or not there. Any process that shares the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, recording: str, original: bytes) -> float:
        """Keep a recording, decoded and written anew: never what came in. Gives its seconds; raises Refused."""
        from prompts.incoming import read  # numpy and pydub: only when a recording comes in
        from prompts.mulaw import encoded, resampled

        path = self._path(recording)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sound = read(original)
        telephone = encoded(resampled(sound.samples, sound.rate, RATE))
        write_whole(path, telephone)
        path.chmod(0o600)
        return len(telephone) / RATE

    def has(self, recording: str) -> bool:
        """Is it here?"""
        return is_recording(recording) and self._path(recording).is_file()

    def seconds(self, recording: str) -> float:
        """How long it lasts; raises NoSuchSound."""
        return len(self.mulaw(recording)) / RATE

    def mulaw(self, recording: str) -> bytes:
        """Raw µ-law at 8 kHz; raises NoSuchSound."""
        try:
            return self._path(recording).read_bytes()
        except FileNotFoundError:
            raise NoSuchSound(recording) from None

    def wav(self, recording: str) -> bytes:
        """As a WAV file that every browser plays: 8 kHz, 16 bit; raises NoSuchSound."""
        from prompts.mulaw import decoded

        return wrapped((decoded(self.mulaw(recording)) * 32_767).astype("<i2").tobytes())

    def erase(self, recording: str) -> None:
        """Gone; harmless when repeated."""
        if is_recording(recording):
            self._path(recording).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Halves of files that somebody was writing when he died."""
        for path in self.folder.glob(".*"):
            if path.stat().st_mtime < time.time() - AN_HOUR:
                path.unlink(missing_ok=True)

    def _path(self, recording: str) -> Path:
        if not is_recording(recording):
            raise NoSuchSound(recording)
        return self.folder / f"{recording}.ulaw"
