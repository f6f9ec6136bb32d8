"""Incoming sound: an uploaded or fetched file → one channel of samples, within limits. The original is never served."""

from __future__ import annotations

import subprocess
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import imageio_ffmpeg
import numpy as np

from prompts.mulaw import Samples, as_floats, decoded
from prompts.mulaw_wav import RATE, NotTelephoneSound, unwrapped

with warnings.catch_warnings():
    # pydub warns when no ffmpeg is on the PATH; ours is in a package, and pydub itself only reads plain WAV here.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

MOST_BYTES = 25_000_000
MOST_SECONDS = 180.0
"""Of the raw file, before silence is trimmed."""
_DECODING_SECONDS = 30
_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"RIFF", "wav"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf2", "mp3"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"FORM", "aiff"),
)
_STOWAWAYS = (b"%PDF-", b"<script", b"<html", b"<?php", b"<svg", b"<!doctype")
_ARCHIVE_END = b"PK\x05\x06"


class Refused(Exception):
    """A recording that we do not take: a `reason` by name, and the `facts` behind it."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(f"{reason} {facts}")
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True)
class Sound:
    """One channel of samples and their rate."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def read(data: bytes) -> Sound:
    """Read a sound file; raises Refused (too_big, empty, unknown_format, polyglot, unreadable, too_long)."""
    if not data:
        raise Refused("empty")
    if len(data) > MOST_BYTES:
        raise Refused("too_big", bytes=len(data), most=MOST_BYTES)
    form = _form(data)
    _refuse_polyglot(data, form)
    sound = (_plain_wav(data) if form == "wav" else None) or _by_ffmpeg(data, form)
    if sound.seconds > MOST_SECONDS:
        raise Refused("too_long", seconds=round(sound.seconds, 1), most=MOST_SECONDS)
    return sound


def _form(data: bytes) -> str:
    """The format by its first bytes: a file's name and its declared type are only what somebody says."""
    for at, magic, form in _BEGINNINGS:
        if data[at : at + len(magic)] == magic and (form != "wav" or data[8:12] == b"WAVE"):
            return form
    raise Refused("unknown_format", begins=data[:12].hex())


def _refuse_polyglot(data: bytes, form: str) -> None:
    """A file that is two things at once was made by somebody who wants one of them to slip through."""
    if form == "wav" and len(data) > 8:
        declared = int.from_bytes(data[4:8], "little") + 8
        if declared < len(data) - 1 and declared not in (8, 0x1_0000_0007):  # a stream whose length was not known yet
            raise Refused("polyglot", after=declared, bytes=len(data))
    edges = (data[:4096] + data[-4096:]).lower()
    if any(mark.lower() in edges for mark in _STOWAWAYS) or _ARCHIVE_END in data[-66_000:]:
        raise Refused("polyglot")


def _plain_wav(data: bytes) -> Sound | None:
    """PCM and telephone µ-law without ffmpeg; None for a WAV with something else inside."""
    with suppress(NotTelephoneSound):
        return Sound(decoded(unwrapped(data)), RATE)
    if data[20:22] not in (b"\x01\x00", b"\xfe\xff"):
        return None
    try:
        segment = AudioSegment(data=data)
        samples = np.array(segment.set_sample_width(2).get_array_of_samples(), dtype=np.int16)
    except (
        Exception
    ):  # pydub raises whatever it stumbles over in a broken header; ffmpeg is stricter and has the last word
        return None
    mono = as_floats(samples).reshape(-1, segment.channels).mean(axis=1)
    return Sound(mono.astype(np.float32), segment.frame_rate)


def _by_ffmpeg(data: bytes, form: str) -> Sound:
    """Everything else, by a decoder that may open this one file and nothing else, and not for long."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "incoming"
        path.write_bytes(data)
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-protocol_whitelist", "file",
            "-f", form, "-i", str(path), "-t", str(MOST_SECONDS + 1), "-vn", "-sn", "-dn", "-map", "0:a:0",
            "-ac", "1", "-ar", "48000", "-f", "s16le", "pipe:1",
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=_DECODING_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise Refused("unreadable", form=form, seconds=_DECODING_SECONDS) from None
    if done.returncode or not done.stdout:
        raise Refused("unreadable", form=form)
    return Sound(as_floats(np.frombuffer(BytesIO(done.stdout).read(), dtype="<i2")), 48_000)
