"""Stream: a call's sound over a WebSocket, in 20 ms frames of µ-law (Twilio docs, «Media Streams: messages»)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import deque
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from ivr.simulator import progress
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import SCHEMA, DocumentFailed, Fault
from ivr.simulator.sockets import Socket, SocketClosed

FRAME = 160
NO_STREAM = 31920
BAD_MESSAGE = 31951
FRAME_SECONDS = 0.02
QUIET = b"\xff"
TRACKS = {"inbound_track": ("inbound",), "outbound_track": ("outbound",), "both_tracks": ("inbound", "outbound")}


def begin(call: Call, noun: Element, page: Page, *, both_ways: bool) -> Stream | None:
    """Open the stream a noun asks for; None when its address cannot be one."""
    url = stream_url(noun.get("url"), page.url)
    parts = urlsplit(url)
    allowed = {"wss"} if not call.carrier.plain_sockets else {"wss", "ws"}
    if parts.scheme not in allowed or parts.query:
        call.warn(SCHEMA, f"a Stream needs a wss address without a query, not {noun.get('url')!r}", "Stream", page.url)
        return None
    stream = Stream(call, noun, page, url, both_ways=both_ways)
    call.streams[stream.sid] = stream
    call.carrier.spawn(stream.run())
    return stream


def stream_url(written: str, page_url: str) -> str:
    """The address of a stream; a relative one is read against the page, with the socket's scheme."""
    if "://" in written or not page_url:
        return written
    joined = urljoin(page_url, written)
    return joined.replace("http", "ws", 1) if joined.startswith("http") else joined


class Stream:
    """One stream of one call; `closed` is set when either side is done with it."""

    def __init__(self, call: Call, noun: Element, page: Page, url: str, *, both_ways: bool) -> None:
        self.call, self.noun, self.both_ways = call, noun, both_ways
        self.page = page
        self.sid = call.carrier.new_sid("MZ")
        self.name = noun.get("name") or self.sid
        self.url = url
        self.tracks = ("inbound",) if both_ways else TRACKS.get(noun.get("track", "inbound_track"), ("inbound",))
        self.closed = asyncio.Event()
        self._socket: Socket | None = None
        self._told: asyncio.Task[None] | None = None
        self._sequence = 0
        self._chunks = dict.fromkeys(self.tracks, 0)
        self._began: float | None = None
        self._to_play: deque[bytes | str] = deque()
        self._sounds: dict[str, bytearray] = {track: bytearray() for track in self.tracks}
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue()

    # --- the life of the socket -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Connect, tell the start, carry sound both ways until it closes."""
        try:
            self._socket = await self.call.carrier.open_socket(self)
        except SocketClosed as error:
            self.call.faults.append(Fault(NO_STREAM, str(error), self.url, "Stream", self.call.now()))
            self._tell("stream-error", str(error))
            self._over()
            return
        if self.closed.is_set():
            await self._socket.close()
            return
        self._began = self.call.now()
        self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        self._numbered({"event": "start", "start": self._start()})
        self._tell("stream-started")
        parts = [self._writes(self._socket), self._reads(self._socket)]
        if self._socket.wants_sound:
            parts.append(self._ticks())
        tasks = [asyncio.ensure_future(part) for part in parts]
        try:
            await asyncio.wait({*tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if not self.closed.is_set():
                self._tell("stream-stopped")
            self._over()
            await self._socket.close()

    def finish(self) -> None:
        """This side is done: one last stop, nothing after it."""
        if self.closed.is_set():
            return
        ids = {"accountSid": self.call.carrier.account_sid, "callSid": self.call.sid}
        self._numbered({"event": "stop", "stop": ids})
        self._outbox.put_nowait(None)
        self._tell("stream-stopped")
        self._over()

    def _over(self) -> None:
        self.call.streams.pop(self.sid, None)
        self.closed.set()

    def _start(self) -> dict[str, Any]:
        parameters = {one.get("name"): one.get("value") for one in self.noun.inside("Parameter")}
        return {
            "accountSid": self.call.carrier.account_sid,
            "streamSid": self.sid,
            "callSid": self.call.sid,
            "tracks": list(self.tracks),
            "customParameters": parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }

    # --- to the application ---------------------------------------------------------------------------------------

    def _send(self, message: dict[str, Any]) -> None:
        self._outbox.put_nowait(json.dumps(message))

    def _numbered(self, message: dict[str, Any]) -> None:
        self._sequence += 1
        self._send(message | {"sequenceNumber": str(self._sequence), "streamSid": self.sid})

    def key(self, digit: str) -> None:
        """The caller pressed a key: told on two-way streams only."""
        if self.both_ways and self._began is not None and not self.closed.is_set():
            self._numbered({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    def sound(self, mulaw: bytes, track: str = "inbound") -> None:
        """Sound on a track, of any length."""
        if track in self._sounds:
            self._sounds[track] += mulaw
            del self._sounds[track][: -50 * FRAME]  # a second late is lost, as on a telephone

    def _media(self, track: str) -> None:
        kept = self._sounds[track]
        frame = bytes(kept[:FRAME]).ljust(FRAME, QUIET)
        del kept[:FRAME]
        self._chunks[track] += 1
        self._numbered(
            {
                "event": "media",
                "media": {
                    "track": track,
                    "chunk": str(self._chunks[track]),
                    "timestamp": str(round((self.call.now() - (self._began or 0.0)) * 1000)),
                    "payload": base64.b64encode(frame).decode(),
                },
            }
        )

    async def _ticks(self) -> None:
        """Every 20 ms one frame per track out, and one frame of what the application wants played."""
        due = self.call.now()
        while True:
            for track in self.tracks:
                self._media(track)
            self._play_frame()
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - self.call.now()))

    async def _writes(self, socket: Socket) -> None:
        while (message := await self._outbox.get()) is not None:
            await socket.send(message)

    # --- from the application -------------------------------------------------------------------------------------

    async def _reads(self, socket: Socket) -> None:
        try:
            while True:
                self._said(await socket.receive())
        except SocketClosed:
            return

    def _said(self, text: str | bytes) -> None:
        """One message of the application's; what is not one is warned of and dropped."""
        try:
            message = json.loads(text) if isinstance(text, str) else None
            if not isinstance(message, dict) or message.get("streamSid") != self.sid or not self.both_ways:
                raise ValueError("not a message for this stream")
            self._obey(message)
        except (ValueError, KeyError, TypeError) as error:
            self.call.warn(BAD_MESSAGE, f"stream message refused: {error}", "Stream", self.url)

    def _obey(self, message: dict[str, Any]) -> None:
        kind = message.get("event")
        if kind == "media":
            sound = base64.b64decode(message["media"]["payload"], validate=True)
            self._to_play.extend(sound[at : at + FRAME] for at in range(0, len(sound), FRAME))
        elif kind == "mark":
            self._to_play.append(str(message["mark"]["name"]))
            self._pass_marks()
        elif kind == "clear":
            marks = [item for item in self._to_play if isinstance(item, str)]
            self._to_play = deque(marks)
            self._pass_marks()
        else:
            raise ValueError(f"unknown event {kind!r}")

    def _pass_marks(self) -> None:
        while self._to_play and isinstance(self._to_play[0], str):
            self._numbered({"event": "mark", "mark": {"name": self._to_play.popleft()}})

    def _play_frame(self) -> None:
        if self._to_play and isinstance(self._to_play[0], bytes):
            frame = self._to_play.popleft()
            assert isinstance(frame, bytes)
            self.call.hear_sound(frame)
        self._pass_marks()

    def _tell(self, event: str, error: str = "") -> None:
        if not self.noun.get("statusCallback"):
            return
        params = {
            "AccountSid": self.call.carrier.account_sid,
            "CallSid": self.call.sid,
            "StreamSid": self.sid,
            "StreamName": self.name,
            "StreamEvent": event,
            "Timestamp": datetime.fromtimestamp(self.call.carrier.wall_time(), UTC).isoformat().replace("+00:00", "Z"),
        } | ({"StreamError": error} if error else {})
        try:
            url = self.page.resolve(self.noun.get("statusCallback"))
        except DocumentFailed as failed:
            self.call.warn(failed.code, failed.reason, "Stream")
            return
        method = self.noun.get("statusCallbackMethod", "POST").upper()
        before = None if self.call.carrier.out_of_order else self._told
        self._told = self.call.carrier.spawn(
            progress.after(before, progress.beside(self.call, url, method, params, kind="stream", alone=True))
        )
