"""One socket of the media stream, from its first message to its last: limits, tickets, farewells."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ivr.incoming import Incoming
from ivr.logs import in_turn
from ivr.redis_links import RedisAway
from ivr.speech.decoders import Decoders
from ivr.speech.engines import Choice
from ivr.speech.recogniser import LinesFull
from ivr.telephony import stream
from ivr.telephony.conversation import Conversation, Hears, Voices
from ivr.telephony.playing import Player
from ivr.telephony.signature import IsCarrier
from ivr.telephony.streaming import TICKET, revision_in
from ivr.telephony.tickets import Tickets
from ivr.telephony.websocket import Broken, Closed, WebSocket

START_SECONDS = 5.0
"""From the open socket to the `start` message."""
MOST_WAITING = 8
"""Sockets that have not said yet whose call they are: more are refused before their handshake."""
STILL_SECONDS = 1.0
"""Without a frame: from then on the network is one that sends none in silence, and our own watch is the clock."""
LOOK_SECONDS = 0.25
"""How soon a line without frames notices that time passes, or that the process is asked to stop."""
QUIET_SECONDS = 60.0
"""Without any message, not even a mark for a prompt of ours: the line is dead."""
LONGEST_CALL = 3600.0
MESSAGES_A_SECOND, BURST = 80, 800
"""Fifty frames, some keys and marks; a burst after the network stood still for ten seconds."""
MOST_GARBAGE = 20
ON_KEYS_SECONDS = 45
"""How long a call whose words were lost stays with <Gather> before a stream is tried again."""
HARMLESS = ("left", "hung up", "going away", "stopped", "taken over")
"""Ends of a stream after which the next question may be put on a stream again."""

_log = logging.getLogger(__name__)


@dataclass
class MediaParts:
    """What the media process is made of."""

    voices: Voices
    tickets: Tickets
    decoders: Decoders
    is_carrier: IsCarrier
    clock: Callable[[], float] = time.monotonic
    start_seconds: float = START_SECONDS
    """From the open socket to the `start` message, by `clock`."""
    life: float = 1.0
    """How many times faster than life a line without frames goes."""
    models: Callable[[], Mapping[str, Choice]] | None = None
    """Which models lie there now: one that is put there while we live is loaded without a restart."""
    deaf: frozenset[str] = frozenset()
    """Languages whose model hears nothing that our callers say: no call in them is put on a stream."""
    leaving: threading.Event = field(default_factory=threading.Event)
    """Set when the process is asked to stop: every socket is closed at its next frame."""
    doorstep: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITING))
    """Taken by every socket until it has shown its ticket."""
    live: dict[str, Session] = field(default_factory=dict)
    """Each call's newest stream: a call that opens another has lost the one before."""

    @property
    def hears(self) -> tuple[str, ...]:
        """The languages that calls may be heard in."""
        return tuple(language for language in self.decoders.languages if language not in self.deaf)


class Refused(Exception):
    """The stream is closed by us, and why."""


class Session:
    """One socket, from its first message to its last; it was let onto the doorstep."""

    def __init__(self, parts: MediaParts, socket_: WebSocket) -> None:
        self._parts, self._socket = parts, socket_
        self._budget, self._counted = float(BURST), parts.clock()
        self._until = parts.clock() + LONGEST_CALL
        self._garbage = 0
        self._stream = ""

    def run(self) -> None:
        """Until the call leaves, the caller hangs up, or somebody misbehaves."""
        try:
            started = self._started()
        except (Refused, Broken, Closed, RedisAway) as refused:
            _log.warning("a media socket was closed before it began: %s", refused)
            return
        finally:
            self._parts.doorstep.release()
        with in_turn(started.call, "stream"):
            self._parts.live[started.call] = self
            try:
                self._follow(started)
            finally:
                if self._parts.live.get(started.call) is self:
                    del self._parts.live[started.call]

    def _started(self) -> stream.Started:
        """The start message with a ticket of this very call."""
        give_up = self._parts.clock() + self._parts.start_seconds
        while self._parts.clock() < give_up and not self._parts.leaving.is_set():
            message = self._next(LOOK_SECONDS)
            if isinstance(message, stream.Started):
                if not self._parts.tickets.redeem(message.parameters.get(TICKET, ""), message.call):
                    raise Refused("no valid ticket")
                self._stream = message.stream
                return message
            if not isinstance(message, stream.Connected | stream.Unknown | None):
                break
        raise Refused("no start")

    def _follow(self, started: stream.Started) -> None:
        try:
            with self._parts.decoders.line() as line:
                reason = self._talk(started, line)
        except LinesFull as full:
            reason = f"lines full ({full.limit})"
        except Refused as refused:
            reason = str(refused)
        except Broken as broken:
            reason = f"broken protocol ({broken.code})"
        except Closed:
            reason = "hung up"
        except Exception:  # whatever it was, the call must go on by keys
            _log.exception("a stream failed")
            reason = "our mistake"
        if reason not in HARMLESS:
            self._on_keys(started.call)
        _log.info("stream over: %s", reason)

    def _talk(self, started: stream.Started, line: Hears) -> str:
        player = Player(self._socket.send, started.stream)
        takes = revision_in(started.parameters)
        conversation = Conversation(self._parts.voices, Incoming(started.call), player, line, takes)
        try:
            conversation.begin()
            return self._hear(started.call, conversation)
        finally:
            conversation.close()

    def _hear(self, call: str, conversation: Conversation) -> str:
        """Message after message; gives why the stream ends."""
        silence, turns = Silence(self._parts.life), 0
        while not conversation.over:
            if self._parts.leaving.is_set():
                return "going away"
            if self._parts.live.get(call) is not self:
                return "taken over"
            message = self._next(LOOK_SECONDS)
            if isinstance(message, stream.Stopped):
                return "stopped"
            _pass_on(message, conversation)
            conversation.nothing_came(silence.after(message))
            if conversation.turns > turns == 0:
                with contextlib.suppress(RedisAway):
                    self._parts.tickets.went_well(call)
            turns = conversation.turns
        return "words lost" if conversation.deaf else "left"

    def _next(self, seconds: float) -> stream.Message | None:
        text = self._socket.receive(seconds)
        if text is None:
            return None
        self._count()
        try:
            return stream.read(text, self._stream)
        except stream.GarbageFrame as garbage:
            self._garbage += 1
            if self._garbage > MOST_GARBAGE:
                raise Refused(f"garbage ({garbage.reason})") from garbage
            return stream.Unknown("garbage")

    def _count(self) -> None:
        """A bucket of messages that fills with time."""
        now = self._parts.clock()
        self._budget = min(BURST, self._budget + (now - self._counted) * MESSAGES_A_SECOND) - 1
        self._counted = now
        if self._budget < 0:
            raise Refused("flood")
        if now > self._until:
            raise Refused("too long")

    def _on_keys(self, call_id: str) -> None:
        with contextlib.suppress(RedisAway):
            self._parts.tickets.put_on_keys(call_id, ON_KEYS_SECONDS)


class Silence:
    """Counts the frames of a network that sends none while nobody speaks; late ones are not lost ones."""

    def __init__(self, life: float) -> None:
        self._life = life
        self._sound = self._message = time.monotonic()
        self._counted = 0

    def after(self, message: stream.Message | None) -> int:
        """How many frames of nothing have passed unsent by now; raises Refused when nothing at all comes any more."""
        now = time.monotonic()
        if message is not None:
            self._message = now
        if isinstance(message, stream.Sound):
            self._sound, self._counted = now, 0
            return 0
        if (now - self._message) * self._life > QUIET_SECONDS:
            raise Refused("quiet")
        if now - self._sound < STILL_SECONDS:
            return 0
        passed = int((now - self._sound) * self._life * 50) - self._counted
        self._counted += passed
        return passed


def _pass_on(message: stream.Message | None, conversation: Conversation) -> None:
    match message:
        case stream.Sound(mulaw=mulaw, at=at):
            conversation.sound(mulaw, at)
        case stream.KeyPressed(key=key):
            conversation.key(key)
        case stream.MarkReached(name=name):
            conversation.mark(name)
