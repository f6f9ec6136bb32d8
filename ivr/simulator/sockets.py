"""Sockets a stream can talk through: a real WebSocket, or a scripted peer on the virtual clock."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

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


class ApplicationEnd:
    """The application's end of a stream on the virtual clock: plain dictionaries, no wire."""

    def __init__(self, stream: Stream) -> None:
        self.stream_sid, self.url = stream.sid, stream.url
        self.inbox: asyncio.Queue[str | None] = asyncio.Queue()
        self.outbox: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        """The next message of the carrier's; raises SocketClosed when there will be none."""
        text = await self.inbox.get()
        if text is None:
            raise SocketClosed("the carrier closed")
        message: dict[str, Any] = json.loads(text)
        return message

    def send(self, event: str, **more: Any) -> None:
        """Send one message for this stream."""
        self.outbox.put_nowait(json.dumps({"event": event, "streamSid": self.stream_sid, **more}))

    def play(self, mulaw: bytes) -> None:
        """Let the caller hear this."""
        self.send("media", media={"payload": base64.b64encode(mulaw).decode()})

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far was heard."""
        self.send("mark", mark={"name": name})

    def clear(self) -> None:
        """Drop what was not heard yet."""
        self.send("clear")

    def close(self) -> None:
        """Close the socket."""
        self.outbox.put_nowait(None)


class PeerSocket:
    """A socket whose other end is a coroutine on the same loop, so that streams run on the virtual clock, too."""

    wants_sound = True

    def __init__(self, end: ApplicationEnd, peer: Callable[[ApplicationEnd], Awaitable[None]]) -> None:
        self._end = end
        self._closed = False
        self._task = asyncio.ensure_future(self._live(peer))

    @classmethod
    def opener(cls, peer: Callable[[ApplicationEnd], Awaitable[None]]) -> Callable[[Stream], Awaitable[Socket]]:
        """What a network opens sockets with, when this coroutine is the application: `Network(open_socket=…)`."""

        async def opened(stream: Stream) -> Socket:
            return cls(ApplicationEnd(stream), peer)

        return opened

    async def _live(self, peer: Callable[[ApplicationEnd], Awaitable[None]]) -> None:
        try:
            await peer(self._end)
        except SocketClosed:
            return
        finally:
            self._end.close()

    async def send(self, text: str) -> None:
        """Send one text message."""
        if self._closed:
            raise SocketClosed("closed")
        self._end.inbox.put_nowait(text)

    async def receive(self) -> str | bytes:
        """Wait for one message."""
        message = await self._end.outbox.get()
        if message is None or self._closed:
            raise SocketClosed("closed")
        return message

    async def close(self) -> None:
        """Close: the application hears of it."""
        if not self._closed:
            self._closed = True
            self._end.inbox.put_nowait(None)
        if self._task.done() and not self._task.cancelled():
            self._task.result()  # what went wrong in the application is a failure of the run


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
