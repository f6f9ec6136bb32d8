"""The socket of the media stream: Twilio's messages in and out, limits, tickets, farewells.

Whatever happens here, the call goes on: we close the socket, the carrier follows the <Redirect> behind the stream to
/voice/again, and the question is put once more, by keys if it was our ears that failed.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, abort, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed

from ivr.logs import in_turn
from ivr.redis_links import RedisAway
from ivr.speech.decoders import Decoders
from ivr.speech.recogniser import LinesFull
from ivr.switchboard import Incoming
from ivr.telephony import stream
from ivr.telephony.conversation import Conversation, Hears, Voices
from ivr.telephony.playing import Player
from ivr.telephony.signature import IsCarrier
from ivr.telephony.streaming import TICKET, revision_in
from ivr.telephony.tickets import Tickets

START_SECONDS = 5.0
"""From the open socket to the `start` message."""
QUIET_SECONDS = 10.0
"""Without any message: a line that lives sends fifty a second."""
LONGEST_CALL = 3600.0
MESSAGES_A_SECOND, BURST = 80, 800
"""Fifty frames, some keys and marks; a burst after the network stood still for ten seconds."""
MOST_GARBAGE = 20
ON_KEYS_SECONDS = 45
"""How long a call whose words were lost stays with <Gather> before a stream is tried again."""
SEND_SECONDS = 5
"""A socket that takes nothing for so long is broken."""

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
    leaving: threading.Event = field(default_factory=threading.Event)
    """Set when the process is asked to stop: every socket is closed at its next frame."""


def make_media(parts: MediaParts) -> Flask:
    """The app with /media, the socket, and /media/health."""
    app = Flask("ivr.media", static_folder=None)
    app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": stream.LONGEST_MESSAGE}
    sock = Sock(app)

    @app.before_request
    def refuse_strangers() -> None:
        if request.path == "/media" and not parts.is_carrier(request):
            abort(403)

    @sock.route("/media")  # type: ignore[untyped-decorator]
    def media(socket_: Any) -> None:
        Session(parts, socket_).run()

    @app.get("/media/health")
    def health() -> Response:
        about = {
            "free": parts.decoders.free,
            "languages": parts.decoders.languages,
            "restarts": parts.decoders.restarts,
        }
        return Response(f"{about}\n", mimetype="text/plain")

    return app


class Refused(Exception):
    """The stream is closed by us, and why."""


class Session:
    """One socket, from its first message to its last."""

    def __init__(self, parts: MediaParts, socket_: Any) -> None:
        self._parts, self._socket = parts, socket_
        self._budget, self._counted = float(BURST), parts.clock()
        self._until = parts.clock() + LONGEST_CALL
        self._garbage = 0
        _limit_sending(socket_)

    def run(self) -> None:
        """Until the call leaves, the caller hangs up, or somebody misbehaves."""
        try:
            started = self._started()
        except (Refused, ConnectionClosed, OSError) as refused:
            _log.warning("a media socket was closed before it began: %s", refused)
            return
        with in_turn(started.call, "stream"):
            self._follow(started)

    def _started(self) -> stream.Started:
        """The start message with a ticket of this very call."""
        give_up = self._parts.clock() + self._parts.start_seconds
        while self._parts.clock() < give_up:
            message = self._next(START_SECONDS)
            if isinstance(message, stream.Started):
                if not self._parts.tickets.redeem(message.parameters.get(TICKET, ""), message.call):
                    raise Refused("no valid ticket")
                return message
            if not isinstance(message, stream.Connected | stream.Unknown):
                break
        raise Refused("no start")

    def _follow(self, started: stream.Started) -> None:
        reason = "left"
        try:
            with self._parts.decoders.line() as line:
                reason = self._talk(started, line)
        except LinesFull as full:
            reason = f"lines full ({full.limit})"
        except Refused as refused:
            reason = str(refused)
        except (ConnectionClosed, OSError):
            reason = "hung up"
        except Exception:  # whatever it was, the call must go on by keys
            _log.exception("a stream failed")
            reason = "our mistake"
        if reason not in ("left", "hung up", "going away", "stopped"):
            self._on_keys(started.call)
        _log.info("stream over: %s", reason)

    def _talk(self, started: stream.Started, line: Hears) -> str:
        player = Player(self._socket.send, started.stream)
        takes = revision_in(started.parameters)
        conversation = Conversation(self._parts.voices, Incoming(started.call), player, line, takes)
        try:
            conversation.begin()
            turns = 0
            while not conversation.over:
                if self._parts.leaving.is_set():
                    return "going away"
                message = self._next(QUIET_SECONDS)
                if isinstance(message, stream.Stopped):
                    return "stopped"
                _pass_on(message, conversation)
                if conversation.turns > turns == 0:
                    self._parts.tickets.went_well(started.call)
                turns = conversation.turns
        finally:
            conversation.close()
        return "words lost" if conversation.deaf else "left"

    def _next(self, seconds: float) -> stream.Message:
        text = self._socket.receive(timeout=seconds)
        if text is None:
            raise Refused("quiet")
        self._count()
        try:
            return stream.read(text)
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
        if self._budget < 0 or len(self._socket.input_buffer) > BURST:
            raise Refused("flood")
        if now > self._until:
            raise Refused("too long")

    def _on_keys(self, call_id: str) -> None:
        with contextlib.suppress(RedisAway):
            self._parts.tickets.put_on_keys(call_id, ON_KEYS_SECONDS)


def _pass_on(message: stream.Message, conversation: Conversation) -> None:
    match message:
        case stream.Sound(mulaw=mulaw, at=at):
            conversation.sound(mulaw, at)
        case stream.KeyPressed(key=key):
            conversation.key(key)
        case stream.MarkReached(name=name):
            conversation.mark(name)


def _limit_sending(socket_: Any) -> None:
    """A carrier that stops reading must not hold our thread for ever."""
    with contextlib.suppress(OSError, AttributeError):
        socket_.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
