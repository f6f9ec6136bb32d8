"""Waiting for a person: into the queue, the place in line and music meanwhile, and out of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from twilio.twiml.voice_response import VoiceResponse

from callflows.reply import Continue, Reply, Say, Transfer
from ivr.switchboard import Incoming
from ivr.telephony.apology import Apologies
from ivr.telephony.twiml import Writer

MUSIC = "/music.wav"
_FAILED = {"queue-full", "system-error", "error"}
"""Results after which the caller still hangs on the line alone (Twilio docs, TwiML Enqueue, `QueueResult`)."""
_log = logging.getLogger(__name__)


class Room(Protocol):
    """The waiting room, as `ivr.desk.WaitingRoom` keeps it."""

    def enter(self, call_id: str, caller: str, reason: str, summary: dict[str, object], language: str) -> object:
        """Take a place in line; harmless when repeated."""

    def find(self, call_id: str) -> object | None:
        """This caller, waiting or with an agent."""

    def position(self, call_id: str) -> int | None:
        """1 is next; None: not waiting."""

    def leave(self, call_id: str, why: str) -> object:
        """No longer waiting."""


class Waiting:
    """What the carrier is told while a caller waits, and when the waiting is over."""

    def __init__(self, room: Room, writer: Writer, apologies: Apologies, keep_seats: Callable[[str], object]) -> None:
        self._room, self._writer, self._apologies, self._keep_seats = room, writer, apologies, keep_seats

    def enter(self, incoming: Incoming, reply: Reply) -> None:
        """The caller wants, or needs, a person."""
        then = reply.then
        if isinstance(then, Transfer):
            self._room.enter(incoming.call_id, incoming.caller, then.reason, then.summary, reply.language)

    def round(self, call_id: str, language: str, takes: int | None = None) -> str:
        """Place in line, then half a minute of music; held seats stay held meanwhile."""
        answer = VoiceResponse()
        try:
            self._keep_seats(call_id)
            place = self._room.position(call_id)
        except Exception:
            _log.exception("the place in line is not known; the music goes on")
            place = None
        if place is not None:
            says = Say("waiting.next") if place == 1 else Say("waiting.position", {"position": place})
            self._writer.say(answer, Reply((says,), Continue(), language), takes)
        answer.play(self._writer.base_url + MUSIC)
        return str(answer)

    def left(self, call_id: str, result: str, language: str) -> str:
        """A queue that failed must not end in silence; everything else is none of our business any more."""
        self._room.leave(call_id, result)
        return self._apologies(language) if result in _FAILED else str(VoiceResponse())

    def ended(self, call_id: str) -> None:
        """The caller hung up: no agent is rung for a caller already gone. Most never waited at all."""
        if self._room.find(call_id) is not None:
            self._room.leave(call_id, "ended")
