"""A µ-law WAV file around raw telephone sound, and out of it again; the standard library reads no such file."""

from __future__ import annotations

import struct

RATE = 8_000
"""Telephone sound: 8,000 samples a second, one byte each."""
_MULAW = 7


class NotTelephoneSound(ValueError):
    """A file that is not 8 kHz mono µ-law WAV."""


def wrapped(raw: bytes) -> bytes:
    """Raw µ-law as a WAV file that any player opens (Microsoft RIFF: format 7, with a fact chunk)."""
    form = struct.pack("<HHIIHHH", _MULAW, 1, RATE, RATE, 1, 8, 0)
    padded = raw + b"\0" * (len(raw) % 2)
    chunks = _chunk(b"fmt ", form) + _chunk(b"fact", struct.pack("<I", len(raw)))
    body = b"WAVE" + chunks + b"data" + struct.pack("<I", len(raw)) + padded
    return b"RIFF" + struct.pack("<I", len(body)) + body


def unwrapped(wav: bytes) -> bytes:
    """The raw µ-law of such a file; raises NotTelephoneSound."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NotTelephoneSound("no RIFF WAVE header")
    chunks = dict(_chunks(wav))
    form = chunks.get(b"fmt ", b"").ljust(16, b"\0")
    if struct.unpack_from("<HHI", form) != (_MULAW, 1, RATE) or b"data" not in chunks:
        raise NotTelephoneSound("not 8 kHz mono µ-law")
    return chunks[b"data"]


def seconds_of(raw: bytes) -> float:
    """How long raw telephone sound lasts."""
    return len(raw) / RATE


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content


def _chunks(wav: bytes) -> list[tuple[bytes, bytes]]:
    chunks, at = [], 12
    while at + 8 <= len(wav):
        size = struct.unpack_from("<I", wav, at + 4)[0]
        chunks.append((wav[at : at + 4], wav[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return chunks
