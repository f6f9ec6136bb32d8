"""Waiting for a person: into the queue, the place in line and music meanwhile, and out of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from twilio.twiml.voice_response import VoiceResponse

from callflows.everywhere import MESSAGE_INSTEAD
from callflows.reply import Continue, Reply, Say, Transfer
from ivr.incoming import Incoming
from ivr.telephony.apology import Apologies
from ivr.telephony.twiml import Verbs, Writer

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

    def __init__(
        self, room: Room, writer: Writer, apologies: Apologies, keep_seats: Callable[[str], object],
        takes_messages: bool = False,
    ) -> None:  # fmt: skip
        self._room, self._writer, self._apologies, self._keep_seats = room, writer, apologies, keep_seats
        self._takes_messages = takes_messages

    def enter(self, incoming: Incoming, reply: Reply) -> None:
        """The caller wants, or needs, a person."""
        then = reply.then
        if isinstance(then, Transfer):
            self._room.enter(incoming.call_id, incoming.caller, then.reason, then.summary, reply.language)

    def round(self, call_id: str, language: str, takes: int | None = None, key: str = "") -> str:
        """Place in line, then half a minute of music; held seats stay held meanwhile.

        One key leaves the queue for a message, at any moment of it; every other key hears the round from its beginning.
        """
        answer = VoiceResponse()
        if not self._may_write(call_id):
            self._round(answer, call_id, language, takes)
        elif key == MESSAGE_INSTEAD:
            answer.leave()
        else:
            again = self._writer.address("/voice/waiting", language=language, takes=takes)
            keys = answer.gather(input="dtmf", num_digits=1, finish_on_key="", timeout=1, action=again, method="POST")
            self._round(keys, call_id, language, takes, ask=True)
        return str(answer)

    def _may_write(self, call_id: str) -> bool:
        """Nobody in distress is invited to leave a message."""
        try:
            return self._takes_messages and getattr(self._room.find(call_id), "reason", "") != "distress"
        except Exception:
            _log.exception("the caller's reason is not known; a person is all that is offered")
            return False

    def _round(self, verbs: Verbs, call_id: str, language: str, takes: int | None, *, ask: bool = False) -> None:
        try:
            self._keep_seats(call_id)
            place = self._room.position(call_id)
        except Exception:
            _log.exception("the place in line is not known; the music goes on")
            place = None
        says: tuple[Say, ...] = ()
        if place is not None:
            says = (Say("waiting.next") if place == 1 else Say("waiting.position", {"position": place}),)
        says = (*says, Say("waiting.message")) if ask else says
        self._writer.say(verbs, Reply(says, Continue(), language), takes)
        verbs.play(self._writer.base_url + MUSIC)

    def left(self, call_id: str, result: str, language: str, turn: int | None = None, takes: int | None = None) -> str:
        """To the message, for whoever asked for it or found the queue full; a broken queue does not end in silence.

        Everything else is none of our business any more. `turn` is the one that led into the queue: told twice, it is
        answered once.
        """
        wants_message = result == "leave" or (result == "queue-full" and self._takes_messages)
        self._room.leave(call_id, result)
        if wants_message and turn is not None:
            answer = VoiceResponse()
            there = self._writer.address("/voice/turn", turn=turn, language=language, takes=takes, waiting="message")
            answer.redirect(there, method="POST")
            return str(answer)
        return self._apologies(language) if result in (*_FAILED, "leave") else str(VoiceResponse())

    def ended(self, call_id: str) -> None:
        """The caller hung up: no agent is rung for a caller already gone. Most never waited at all."""
        if self._room.find(call_id) is not None:
            self._room.leave(call_id, "ended")
