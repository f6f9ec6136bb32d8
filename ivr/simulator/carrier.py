"""Carrier: the network itself — its calls, queues, conferences, recordings, numbers, and its log."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from ivr.simulator import performance, progress
from ivr.simulator.asking import Asked
from ivr.simulator.body import CONVENTION, Body, Durations, FarEnd
from ivr.simulator.call import Call, HungUp, Sent, StatusTo, Webhook
from ivr.simulator.conferences import Conference
from ivr.simulator.credentials import ACCOUNT_SID, AUTH_TOKEN, refuse_real
from ivr.simulator.edge import Edge
from ivr.simulator.messages import Message
from ivr.simulator.queues import Queue
from ivr.simulator.recordings import Recording
from ivr.simulator.sockets import Socket, WebSocket
from ivr.simulator.sounds import Sounds
from ivr.simulator.streams import Stream

PATIENCE_AT_THE_END = 2.0
FIXED_EPOCH = 1_767_225_600.0
"""The first of January 2026, when a seed asks for the same run again."""


class Carrier:
    """One local telephone network on one clock.

    `seed` makes every identifier the same again; without it they are new in every run. `strict` makes each warning
    about the product's TwiML a BadTwiml. `out_of_order` lets status callbacks overtake each other.
    `asks_per_second` is how many REST requests are taken each second before they are refused with 429.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        edge: Edge,
        *,
        auth_token: str = AUTH_TOKEN,
        strict: bool = False,
        account_sid: str = ACCOUNT_SID,
        seed: str | None = None,
        durations: Durations = CONVENTION,
        out_of_order: bool = False,
        base_url: str = "http://127.0.0.1",
        sounds: Sounds | None = None,
        plain_sockets: bool = True,
        open_socket: Callable[[Stream], Awaitable[Socket]] = WebSocket.open,
        epoch: float | None = None,
        asks_per_second: int | None = None,
    ) -> None:
        refuse_real(account_sid)
        self.loop, self.edge, self.auth_token, self.strict = loop, edge, auth_token, strict
        self.account_sid, self.durations, self.out_of_order = account_sid, durations, out_of_order
        self.base_url, self.plain_sockets, self.open_socket = base_url, plain_sockets, open_socket
        self.sounds = sounds or Sounds(edge)
        self._epoch = (FIXED_EPOCH if seed is not None else time.time()) if epoch is None else epoch
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.messages: dict[str, Message] = {}
        self.requests: list[Asked] = []
        self.numbers: dict[str, Body] = {}
        self.lines: dict[str, tuple[Webhook, StatusTo]] = {}
        self.watchers: list[Callable[[Asked], None]] = []
        self.crashes: list[BaseException] = []
        self.asks_per_second, self._asks = asks_per_second, (0, 0)
        self._seed, self._count = seed, count()
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- identifiers and the log ------------------------------------------------------------------------------------

    def new_sid(self, prefix: str) -> str:
        """A fresh identifier such as CA… with 32 hexadecimal digits."""
        return prefix + self.new_token().replace("-", "")

    def new_token(self) -> str:
        """A fresh token, the same again for the same seed."""
        if self._seed is None:
            return str(uuid.uuid4())
        digest = hashlib.md5(f"{self._seed}/{next(self._count)}".encode(), usedforsecurity=False).hexdigest()
        return str(uuid.UUID(digest))

    def log(self, asked: Asked) -> None:
        """Keep a request in the log and show it to whoever watches."""
        self.requests.append(asked)
        for watcher in self.watchers:
            watcher(asked)

    def spawn(self, deed: Any) -> asyncio.Task[Any]:
        """Do something beside the calls; its failure is kept in `crashes`, never swallowed."""
        task: asyncio.Task[Any] = self.loop.create_task(deed)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.crashes.append(task.exception())  # type: ignore[arg-type]  # just checked

    def wall_time(self, at: float | None = None) -> float:
        """Seconds since 1970 at a moment of the network's clock; now when none is given."""
        return self._epoch + (self.loop.time() if at is None else at)

    # --- sounds, recordings, messages -------------------------------------------------------------------------------

    def start_recording(self, call: Call, source: str, *, channels: int = 1) -> Recording:
        """Begin to record a leg."""
        sid = self.new_sid("RE")
        url = f"{self.base_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}"
        recording = Recording(sid, call.sid, url, call.now(), source, channels)
        self.recordings[sid] = recording
        call.recording = recording
        return recording

    def finish_recording(self, recording: Recording, seconds: float) -> None:
        """The recording is whole and can be fetched."""
        recording.status, recording.duration = "completed", int(seconds + 1e-9)
        call = self.calls.get(recording.call_sid)
        if call is not None and call.recording is recording:
            call.recording = None

    def send_message(self, from_: str, to: str, body: str, *, service: str = "", status_url: str = "") -> Message:
        """Keep a text message as delivered, and tell so."""
        message = Message(self.new_sid("SM"), from_, to, body, self.loop.time(), service=service)
        self.messages[message.sid] = message
        if status_url:
            self.spawn(self._delivered(message, status_url))
        return message

    async def _delivered(self, message: Message, status_url: str) -> None:
        herald = self.herald(message.sid, message.from_, message.to)
        for status in ("sent", "delivered"):
            message.status = status
            params = {
                "MessageSid": message.sid,
                "SmsSid": message.sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "From": message.from_,
                "To": message.to,
                "AccountSid": self.account_sid,
                "ApiVersion": "2010-04-01",
            }
            await progress.beside(herald, status_url, "POST", params, kind="message", alone=True)

    def may_be_asked(self) -> bool:
        """Count one REST request; is it within what is taken each second?"""
        second = int(self.loop.time())
        before = self._asks[1] if self._asks[0] == second else 0
        self._asks = (second, before + 1)
        return self.asks_per_second is None or before < self.asks_per_second

    def herald(self, sid: str, from_: str = "", to: str = "") -> Call:
        """A leg that nobody has and no list shows: to ask addresses with about what is no call."""
        return Call(self, sid, from_, to)

    async def tell_json(self, url: str, told: dict[str, Any]) -> None:
        """Post JSON to an address, its hash signed with the address (Twilio docs, «Webhooks security»)."""
        await progress.beside_json(self.herald(self.new_sid("EV")), url, json.dumps(told))

    async def sound_trouble(self, url: str) -> str:
        """Why that sound cannot be played; nothing when it can."""
        return await self.sounds.trouble(url)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def connect(self, number: str, body: Body) -> None:
        """Whoever has this number: rung by Dial and by calls the REST API places."""
        self.numbers[number] = body

    def body_at(self, number: str) -> Body:
        """Who answers there; an unknown number rings for ever."""
        known = self.numbers.get(number) or self.numbers.get(number.removeprefix("client:"))
        return known or FarEnd("no-answer", durations=self.durations)

    # --- calls ------------------------------------------------------------------------------------------------------

    def new_call(self, from_: str, to: str, body: Body, **more: Any) -> Call:
        """A leg that exists and does nothing yet."""
        call = Call(self, self.new_sid("CA"), from_, to, body=body, **more)
        self.calls[call.sid] = call
        return call

    def receive(self, from_: str, to: str, webhook: Webhook, body: Body, status_to: StatusTo | None = None) -> Call:
        """Somebody calls a number of ours: its webhook is asked, and the answer performed."""
        call = self.new_call(from_, to, body, webhook=webhook, status_to=status_to or StatusTo())
        self.spawn(performance.inbound(call))
        return call

    def place(self, from_: str, to: str, webhook: Webhook, status_to: StatusTo, *, timeout: float = 60.0) -> Call:
        """The REST API places a call: it rings there, and when answered the webhook is asked."""
        call = self.new_call(
            from_, to, self.body_at(to), direction="outbound-api", webhook=webhook, status_to=status_to, status="queued"
        )
        self.spawn(performance.outbound(call, timeout))
        return call

    def send(self, call: Call, target: Webhook) -> None:
        """The REST API sends a live call elsewhere."""
        call.interrupt(Sent(target))

    def limit(self, call: Call, seconds: float) -> None:
        """End a call so many seconds from now, at the latest."""

        async def ended() -> None:
            await asyncio.sleep(seconds)
            if not call.is_over:
                self.end(call)

        self.spawn(ended())

    def end(self, call: Call, status: str = "completed") -> None:
        """The REST API ends a call."""
        call.subresources["end_as"] = status
        call.interrupt(HungUp())

    def queue_named(self, name: str, *, create: bool = True) -> Queue | None:
        """The queue with that friendly name or sid; made on demand, as Enqueue does."""
        for queue in self.queues.values():
            if name in {queue.sid, queue.name}:
                return queue
        if not create:
            return None
        queue = Queue(self, self.new_sid("QU"), name[:64])
        self.queues[queue.sid] = queue
        return queue

    def conference_named(self, name: str) -> Conference:
        """The conference under way with that name, or a new one."""
        for conference in self.conferences.values():
            if conference.name == name and conference.status != "completed":
                return conference
        conference = Conference(self, self.new_sid("CF"), name)
        self.conferences[conference.sid] = conference
        return conference

    async def close(self) -> None:
        """Hang up everything, let the last callbacks arrive, and end what is still under way."""
        for call in list(self.calls.values()):
            call.hang_up()
        await asyncio.sleep(0)
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=PATIENCE_AT_THE_END)
        while self._tasks:
            ending = set(self._tasks)
            for task in ending:
                task.cancel()
            await asyncio.wait(ending)
