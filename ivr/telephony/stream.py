"""Twilio's media messages <-> small dataclasses; nothing else (Twilio docs, Media Streams WebSocket messages)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FRAME_BYTES = 160
"""20 ms of µ-law at 8 kHz, one byte a sample."""
LONGEST_MESSAGE = 20_000
"""Characters; Twilio's own messages stay under 600, a mark name or a parameter under 500."""
LONGEST_PAYLOAD = 8_000
"""Bytes of µ-law in one message: one second. More is no telephone."""
KEYS = frozenset("0123456789*#ABCD")


class GarbageFrame(ValueError):
    """A message on the socket that no telephone network sends; `reason` names what was wrong, never its content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Connected:
    """The socket is open; the first message of all."""


@dataclass(frozen=True)
class Started:
    """The stream begins: whose call it is, and the parameters our TwiML gave it."""

    stream: str
    call: str
    account: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sound:
    """What the caller's line carried, µ-law at 8 kHz, usually 160 bytes."""

    mulaw: bytes
    at: int | None = None
    """Milliseconds since the stream began; a jump tells how much was lost on the way."""


@dataclass(frozen=True)
class KeyPressed:
    """One key of the telephone."""

    key: str


@dataclass(frozen=True)
class MarkReached:
    """Everything sent before the mark was played, or cleared."""

    name: str


@dataclass(frozen=True)
class Stopped:
    """The stream or the call is over; nothing comes after it."""


@dataclass(frozen=True)
class Unknown:
    """An event of a name we have not met: the protocol may grow."""

    event: str


Message = Connected | Started | Sound | KeyPressed | MarkReached | Stopped | Unknown


def read(text: str | bytes, stream: str = "") -> Message:
    """One message of the socket, which once it has begun speaks of one `stream`; raises GarbageFrame on others."""
    if not isinstance(text, str):
        raise GarbageFrame("binary")
    if len(text) > LONGEST_MESSAGE:
        raise GarbageFrame("too long")
    message = _parsed(text)
    if stream and message.get("streamSid", stream) != stream:
        raise GarbageFrame("another stream")
    reader = _READERS.get(str(message.get("event")))
    return reader(message) if reader else Unknown(str(message.get("event"))[:40])


def _parsed(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise GarbageFrame("not JSON") from wrong
    if not isinstance(message, dict):
        raise GarbageFrame("not an object")
    return message


def _part(message: dict[str, Any], name: str) -> dict[str, Any]:
    part = message.get(name)
    if not isinstance(part, dict):
        raise GarbageFrame(f"no {name}")
    return part


def _text(part: dict[str, Any], name: str, longest: int = 500) -> str:
    value = part.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise GarbageFrame(f"bad {name}")
    return value


def _started(message: dict[str, Any]) -> Started:
    start = _part(message, "start")
    sound = start.get("mediaFormat")
    if not isinstance(sound, dict) or (sound.get("encoding"), sound.get("sampleRate"), sound.get("channels")) != (
        "audio/x-mulaw",
        8000,
        1,
    ):
        raise GarbageFrame("not µ-law at 8 kHz")
    given = start.get("customParameters")
    given = given if isinstance(given, dict) else {}
    parameters = {str(name)[:500]: value[:500] for name, value in given.items() if isinstance(value, str)}
    account = start.get("accountSid")
    return Started(
        _text(start, "streamSid"), _text(start, "callSid"), account if isinstance(account, str) else "", parameters
    )


def _sound(message: dict[str, Any]) -> Message:
    media = _part(message, "media")
    if media.get("track", "inbound") != "inbound":
        return Unknown("media on another track")
    payload = _text(media, "payload", LONGEST_MESSAGE)
    try:
        mulaw = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise GarbageFrame("not base64") from wrong
    if len(mulaw) > LONGEST_PAYLOAD:
        raise GarbageFrame("payload too long")
    at = str(media.get("timestamp", ""))
    return Sound(mulaw, int(at) if at.isascii() and at.isdigit() and len(at) < 12 else None)


def _key(message: dict[str, Any]) -> KeyPressed:
    key = _text(_part(message, "dtmf"), "digit", 4)
    if key not in KEYS:
        raise GarbageFrame("no key")
    return KeyPressed(key)


def _mark(message: dict[str, Any]) -> MarkReached:
    return MarkReached(_text(_part(message, "mark"), "name"))


_READERS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "connected": lambda message: Connected(),
    "start": _started,
    "media": _sound,
    "dtmf": _key,
    "mark": _mark,
    "stop": lambda message: Stopped(),
}


def sound(stream: str, mulaw: bytes) -> str:
    """The message that plays `mulaw` (8 kHz, no header) to the caller after what is already waiting."""
    payload = base64.b64encode(mulaw).decode("ascii")
    return json.dumps({"event": "media", "streamSid": stream, "media": {"payload": payload}})


def mark(stream: str, name: str) -> str:
    """The message that asks to be told when all that was sent before it has been played."""
    return json.dumps({"event": "mark", "streamSid": stream, "mark": {"name": name}})


def clear(stream: str) -> str:
    """The message that throws away what waits to be played; its marks come back at once."""
    return json.dumps({"event": "clear", "streamSid": stream})
