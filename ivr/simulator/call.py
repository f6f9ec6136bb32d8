"""Call: one leg of the network, what its person hears and does, and what may interrupt it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ivr.simulator.body import Body, Silent
from ivr.simulator.caller_deeds import Deed, Key, SoundBegan, SoundEnded
from ivr.simulator.cookies import Cookies
from ivr.simulator.errors import BadTwiml, Fault

if TYPE_CHECKING:
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.conferences import Conference
    from ivr.simulator.recordings import Recording

T = TypeVar("T")


class HungUp(Exception):
    """Somebody ended the call while a verb was being performed."""


class Sent(Exception):
    """The REST API sent the call elsewhere: `target` is a Webhook or TwiML text."""

    def __init__(self, target: Any) -> None:
        super().__init__("sent elsewhere")
        self.target = target


@dataclass
class Piece:
    """One thing heard: words in a language, or the address of a sound; times in seconds of the network's clock."""

    at: float
    text: str = ""
    url: str = ""
    language: str = ""
    voice: str = ""
    until: float | None = None
    cut: bool = False
    tone: bool = False
    """A key sent as a tone, not words or a sound."""

    @property
    def heard(self) -> str:
        """The words, or the address."""
        return self.url or self.text


@dataclass(frozen=True)
class Webhook:
    """Where a call is answered: the address, and the one asked when it fails."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str = ""
    fallback_method: str = "POST"


@dataclass(frozen=True)
class StatusTo:
    """Where and of which events a call's progress is told."""

    url: str = ""
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass
class Listening:
    """What a verb is waiting for at this moment, for whoever plays the caller."""

    verb: str
    keys: bool = True
    speech: bool = False
    digits: int | None = None
    finish: str = "#"
    hints: str = ""
    language: str = ""
    prompted: bool = False
    """Is the prompt over, so that only the caller is waited for?"""


@dataclass(eq=False)
class Call:
    """One leg: who, where it stands, what was heard, and the ears of the verb that is being performed."""

    carrier: Carrier
    sid: str
    from_: str
    to: str
    direction: str = "inbound"
    parent_sid: str = ""
    webhook: Webhook = field(default_factory=Webhook)
    status_to: StatusTo = field(default_factory=StatusTo)
    body: Body = field(default_factory=Silent)
    status: str = "ringing"
    created: float = 0.0
    answered_at: float | None = None
    ended_at: float | None = None
    treatment: str = ""
    heard: list[Piece] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[Deed] = field(default_factory=list)
    listening: Listening | None = None
    queue: Any = None
    bridged_to: Call | None = None
    sounding: bool = False
    cookies: Cookies = field(default_factory=Cookies)
    sequence: int = 0
    told: asyncio.Task[None] | None = None
    subresources: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, Any] = field(default_factory=dict)
    recording: Recording | None = None
    room: Conference | None = None

    def __post_init__(self) -> None:
        self.created = self.now()
        self.over = asyncio.Event()
        self.answered = asyncio.Event()
        self.moved = asyncio.Event()
        self._ears: list[asyncio.Queue[Deed]] = []
        self._interruption: asyncio.Future[None] = self.carrier.loop.create_future()

    def now(self) -> float:
        """Seconds of the network's clock."""
        return self.carrier.loop.time()

    @property
    def is_over(self) -> bool:
        """Has this leg ended, however?"""
        return self.ended_at is not None

    def params(self) -> dict[str, str]:
        """The parameters that every request about this call carries (Twilio docs, «TwiML: request parameters»)."""
        base = {
            "CallSid": self.sid,
            "AccountSid": self.carrier.account_sid,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
            "CallStatus": self.status,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction,
        }
        base |= {"ParentCallSid": self.parent_sid} if self.parent_sid else {}
        answered_by = self.subresources.get("answered_by")
        return base | ({"AnsweredBy": answered_by} if answered_by else {})

    # --- what the person does ------------------------------------------------------------------------------------

    def do(self, deed: Deed) -> None:
        """The person at this end did something; with no verb listening it is lost, and remembered as such."""
        if isinstance(deed, SoundBegan):
            self.sounding = True
        if isinstance(deed, SoundEnded):
            self.sounding = False
        if not self._ears:
            self.ignored.append(deed)
            return
        self._ears[-1].put_nowait(deed)

    def press(self, key: str) -> None:
        """One key; streams hear it too, but for the keys of a payment, which nobody does."""
        paying = self.subresources.get("paying")
        if paying is not None and paying.capturing:
            paying.press(key)
            return
        if self.listening is not None and self.listening.verb == "Pay":
            self.do(Key(key))
            return
        for stream in self.streams.values():
            stream.key(key)
        self.do(Key(key))

    def hang_up(self) -> None:
        """The person at this end puts the receiver down."""
        self.interrupt(HungUp())

    @contextlib.contextmanager
    def ear(self) -> Iterator[asyncio.Queue[Deed]]:
        """Listen: what the person does until the end of the block arrives here."""
        ear: asyncio.Queue[Deed] = asyncio.Queue()
        self._ears.append(ear)
        try:
            yield ear
        finally:
            self._ears.remove(ear)

    # --- waiting, as long as nothing interrupts ---------------------------------------------------------------------

    def interrupt(self, why: Exception) -> None:
        """Stop whatever this leg is doing, at once; the first reason stands."""
        if not self._interruption.done() and not self.is_over:
            self._interruption.set_exception(why)
            self._interruption.exception()  # looked at, so that asyncio does not complain of it

    def resume(self) -> None:
        """After an interruption was dealt with, another may come."""
        if self._interruption.done():
            self._interruption = self.carrier.loop.create_future()

    async def until(self, what: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        """Await something, or raise what interrupts the call first."""
        task: asyncio.Future[T] = asyncio.ensure_future(what)
        either: set[asyncio.Future[Any]] = {task, self._interruption}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise self._why_interrupted()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _why_interrupted(self) -> BaseException:
        error = self._interruption.exception()
        assert error is not None
        if isinstance(error, HungUp) and self.answered_at is not None:
            self.status = "completed"  # what is asked after a hang-up says so
        return error

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await self.until(asyncio.sleep(seconds))

    # --- what the person hears -------------------------------------------------------------------------------------

    async def hear(self, piece: Piece) -> None:
        """Play one piece to the end; stopped earlier, it is marked as cut."""
        piece.at = self.now()
        self.heard.append(piece)
        self.change()
        finished = False
        try:
            await self.body.play(self, piece)
            finished = True
        finally:
            piece.until, piece.cut = self.now(), not finished

    def hear_sound(self, mulaw: bytes) -> None:
        """Sound for this person's ear, from a stream or from whoever is bridged; listening streams hear it, too."""
        self.body.sound(self, mulaw)
        for stream in list(self.streams.values()):
            stream.sound(mulaw, "outbound")

    def make_sound(self, mulaw: bytes) -> None:
        """Sound from this person's mouth: to streams, the recording, and whoever is bridged."""
        for stream in list(self.streams.values()):
            stream.sound(mulaw)
        if self.recording is not None and self.recording.status == "in-progress":
            self.recording.sound += mulaw
        for other in self.hearers():
            other.hear_sound(mulaw)

    def hearers(self) -> list[Call]:
        """Who hears this person now: the other end of the bridge, or the room."""
        if self.bridged_to is not None:
            return [self.bridged_to]
        return self.room.others(self) if self.room is not None else []

    def warn(self, code: int, reason: str, verb: str = "", url: str = "") -> None:
        """Put a warning in the log; a strict network fails the run for it."""
        fault = Fault(code, reason, url, verb, self.now())
        self.faults.append(fault)
        if self.carrier.strict:
            raise BadTwiml(fault)

    def change(self) -> None:
        """Tell whoever watches this call that something changed."""
        moved, self.moved = self.moved, asyncio.Event()
        moved.set()
