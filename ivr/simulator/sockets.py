"""Sockets a stream can talk through: a real WebSocket, or a scripted peer on the virtual clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from simple_websocket import AioClient, ConnectionClosed
from simple_websocket import ConnectionError as Refused

from ivr.simulator.edge import Request
from ivr.simulator.signature import signature

if TYPE_CHECKING:
    from ivr.simulator.streams import Stream


class SocketClosed(Exception):
    """The other side is gone, or never was there."""


class Socket(Protocol):
    """One side of an open socket; `wants_sound` says whether frames are sent."""

    wants_sound: bool

    async def send(self, text: str) -> None:
        """Send one message; raises SocketClosed."""

    async def receive(self) -> str | bytes:
        """The next message; raises SocketClosed."""

    async def close(self) -> None:
        """Close; harmless when closed."""


class WebSocket:
    """A real one, opened as the carrier does: signed."""

    wants_sound = True

    def __init__(self, client: AioClient) -> None:
        self._client = client

    @classmethod
    async def open(cls, stream: Stream) -> WebSocket:
        """Connect to the stream's address; raises SocketClosed when nobody answers."""
        signed = signature(Request("GET", stream.url), stream.call.carrier.auth_token)
        try:
            client = await AioClient.connect(stream.url, headers={"x-twilio-signature": signed})
        except (OSError, Refused, ConnectionClosed) as error:
            raise SocketClosed(f"{type(error).__name__}") from None
        return cls(client)

    async def send(self, text: str) -> None:
        """Send one text message."""
        try:
            await self._client.send(text)
        except (OSError, ConnectionClosed):
            raise SocketClosed("closed") from None

    async def receive(self) -> str | bytes:
        """Wait for one message."""
        try:
            message: str | bytes = await self._client.receive()
        except (OSError, ConnectionClosed):
            raise SocketClosed("closed") from None
        return message

    async def close(self) -> None:
        """Say goodbye."""
        if self._client.connected:
            await self._client.close()


class ScriptedSocket:
    """A peer on the virtual clock: says nothing, and closes at a time, or never."""

    wants_sound = False

    def __init__(self, closes_at: float | None) -> None:
        self.sent: list[str] = []
        self._closes_at = closes_at

    async def send(self, text: str) -> None:
        """Keep what was said."""
        self.sent.append(text)

    async def receive(self) -> str | bytes:
        """Silence until the end."""
        if self._closes_at is None:
            await asyncio.Event().wait()
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, (self._closes_at or 0.0) - loop.time()))
        raise SocketClosed("as scripted")

    async def close(self) -> None:
        """Nothing holds it open."""
