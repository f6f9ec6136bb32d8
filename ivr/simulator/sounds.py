"""Sounds that Play asks for: fetched once, asked again whether they changed, without a call's parameters."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.simulator.edge import Answer, AnsweredTooLate, CouldNotConnect, Edge, Request
from ivr.simulator.overrides import Overrides


@dataclass(frozen=True)
class Sound:
    """A sound as it came: bytes of a file and their type."""

    body: bytes
    content_type: str
    etag: str = ""


class Sounds:
    """A cache in front of an edge (Twilio docs, TwiML Play: HTTP caching is honoured)."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._kept: dict[str, Sound] = {}

    async def trouble(self, url: str) -> str:
        """Why the sound cannot be had; nothing when it can."""
        try:
            answer = await self._answer(url)
        except (CouldNotConnect, AnsweredTooLate) as error:
            return type(error).__name__
        return "" if answer.status == 304 else no_sound(answer)

    async def get(self, url: str) -> Sound | None:
        """The sound, or None."""
        return None if await self.trouble(url) else self._kept.get(url)

    def seconds(self, url: str) -> float | None:
        """How long a sound lasts that was fetched before; None when its file does not tell."""
        kept = self._kept.get(url)
        return None if kept is None else seconds_of(kept.body)

    async def _answer(self, url: str) -> Answer:
        kept = self._kept.get(url)
        headers = {"If-None-Match": kept.etag} if kept and kept.etag else {}
        try:
            answer = await self._edge.send(Request("GET", url, {}, headers), Overrides())
        except CouldNotConnect:  # asked once more, as every address is
            answer = await self._edge.send(Request("GET", url, {}, headers), Overrides())
        if answer.status == 200:
            kind = answer.headers.get("content-type", "")
            self._kept[url] = Sound(answer.body, kind, answer.headers.get("etag", ""))
        return answer


def no_sound(answer: Answer) -> str:
    """Why an answer is not a sound; nothing when it is one."""
    if answer.status >= 400:
        return f"answered {answer.status}"
    kind = answer.headers.get("content-type", "audio/x-wav").partition(";")[0]
    return "" if kind.startswith("audio/") else f"content of type {kind} is no sound"


class TrustedSounds(Sounds):
    """On the conformance clock every sound exists, except those that a page says are missing or no sound."""

    def __init__(self, troubles: dict[str, str]) -> None:
        self._troubles = troubles
        self._kept = {}

    async def trouble(self, url: str) -> str:
        """Only what a page says."""
        return self._troubles.get(url, "")


def seconds_of(body: bytes) -> float | None:
    """The length of a WAV file by its own header, whatever its coding."""
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        return None
    at, rate = 12, 0
    while at + 8 <= len(body):
        name, size = body[at : at + 4], int.from_bytes(body[at + 4 : at + 8], "little")
        if name == b"fmt ":
            rate = int.from_bytes(body[at + 16 : at + 20], "little")
        if name == b"data":
            return min(size, len(body) - at - 8) / rate if rate else None
        at += 8 + size + size % 2
    return None
