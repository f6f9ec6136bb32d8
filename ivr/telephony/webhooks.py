"""The webhooks: incoming, turn, again, waiting, left, recorded, ended. Whatever happens, the caller hears a sentence.

POST /voice/incoming            a new call: the welcome
POST /voice/turn?turn=3         the caller did something
POST /voice/again               the carrier's fallback address: the last reply once more, no turn is taken
POST /voice/waiting             while the caller waits for a person: place in line, music
POST /voice/left                the waiting is over, for whatever reason
POST /voice/recorded            the carrier has a recording that the house keeps, whatever became of the call
POST /voice/ended               the call is over: what was only held is let go
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Request, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from callflows.everywhere import MESSAGE_INSTEAD
from callflows.heard import Heard
from callflows.reply import Listen, Reply, Say, Transfer
from ivr.incoming import BEGINNING, Incoming
from ivr.logs import in_turn
from ivr.redis_links import RedisAway
from ivr.switchboard import Switchboard
from ivr.telephony import form
from ivr.telephony.apology import Apologies
from ivr.telephony.signature import IsCarrier, refuse_strangers, the_request
from ivr.telephony.streaming import Streaming
from ivr.telephony.twiml import Writer
from ivr.telephony.waiting import Waiting

LARGEST_FORM = 1_000_000
_OVER = {"completed", "busy", "failed", "no-answer", "canceled"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VoiceParts:
    """What the webhooks are made of."""

    is_carrier: IsCarrier
    switchboard: Switchboard
    writer: Writer
    waiting: Waiting
    apologies: Apologies
    recording_address: Callable[[str], str]
    """From a recording's id to where it can be fetched."""
    streaming: Streaming
    """Which questions are heard on the media stream."""
    recorded: Callable[[str, str, str, str, int], None]
    """Told of a recording: its name, its kind, call, language and seconds."""
    takes_now: Callable[[], int]
    """The newest revision of the recordings: a call that begins keeps it."""


def make_voice(parts: VoiceParts) -> Blueprint:
    """The blueprint with every address the carrier calls during a call."""
    voice = Blueprint("voice", __name__, url_prefix="/voice")
    voice.before_request(_limit_form)
    voice.before_request(refuse_strangers(parts.is_carrier))
    hooks = _Hooks(parts)
    for name in ("incoming", "turn", "again", "waiting", "left", "recorded", "ended"):
        voice.add_url_rule(f"/{name}", name, _guarded(getattr(hooks, name), parts.apologies), methods=["POST"])
    return voice


class _Hooks:
    """One method per webhook: the form in, TwiML out."""

    def __init__(self, parts: VoiceParts) -> None:
        self._parts = parts

    def incoming(self, received: Request) -> str:
        """A new call. Delivered again, it hears the welcome again. A number's address may name its language."""
        call = self._call(received)
        with in_turn(call.call_id, 0):
            return self._answer(received, *self._parts.switchboard.take_turn(call, BEGINNING, Heard()))

    def turn(self, received: Request) -> str:
        """What the caller did, as an answer to the turn in the address."""
        call, turn = form.incoming(received.form), form.number(received.args, "turn")
        if turn is None:
            return self.again(received)
        with in_turn(call.call_id, turn):
            pause = form.number(received.args, "pause") or 0
            heard = form.heard(received.form, self._parts.recording_address, pause)
            if received.args.get("waiting") == "message":  # out of the queue: the key was pressed there
                heard = Heard(keys=MESSAGE_INSTEAD)
            return self._answer(received, *self._parts.switchboard.take_turn(call, turn, heard))

    def again(self, received: Request) -> str:
        """The last reply once more, taking no turn; a call nobody remembers begins anew."""
        call = form.incoming(received.form)
        with in_turn(call.call_id, "again"):
            _log_carrier_error(received)
            return self._answer(received, *self._parts.switchboard.take_turn(call, BEGINNING, Heard()))

    def waiting(self, received: Request) -> str:
        """One round of waiting: the place in line, then music; the carrier asks again at its end."""
        call_id = form.call_id(received.form)
        with in_turn(call_id, "waiting"):
            takes, key = form.number(received.args, "takes"), form.once(received.form, "Digits")
            return self._parts.waiting.round(call_id, _language(received), takes, key)

    def left(self, received: Request) -> str:
        """Why the waiting ended; a message instead, or a queue that failed, needs words."""
        call_id, result = form.call_id(received.form), form.once(received.form, "QueueResult")
        turn, takes = form.number(received.args, "turn"), form.number(received.args, "takes")
        with in_turn(call_id, "left"):
            return self._parts.waiting.left(call_id, result, _language(received), turn, takes)

    def recorded(self, received: Request) -> str:
        """Told beside the call: also when the caller hung up in the middle, and we never heard the answer."""
        call_id, name = form.call_id(received.form), form.recording(received.form)
        kind, seconds = received.args.get("kind", "")[:8], form.seconds(received.form) or 0
        with in_turn(call_id, "recorded"):
            try:
                if form.once(received.form, "RecordingStatus") == "completed":
                    self._parts.recorded(name, kind, call_id, _language(received), seconds)
            except (SQLAlchemyError, RedisAway):
                _log.error("recording %s could not be noted; the carrier tells us again", name)
                abort(503)
        return ""

    def ended(self, received: Request) -> str:
        """The call is over; told twice, or late, it is still over."""
        call_id, status = form.call_id(received.form), form.once(received.form, "CallStatus")
        with in_turn(call_id, "ended"):
            if status in _OVER:
                self._parts.waiting.ended(call_id)
                self._parts.switchboard.hang_up(call_id)
        return ""

    def _call(self, received: Request) -> Incoming:
        """The call, in the language of the address where that is one of ours."""
        language = _language(received) if _language(received) in self._parts.writer.catalogue.languages else ""
        return replace(form.incoming(received.form), language=language)

    def _answer(self, received: Request, reply: Reply, turn: int) -> str:
        if isinstance(reply.then, Transfer):
            self._parts.waiting.enter(form.incoming(received.form), reply)
        takes, call_id = form.number(received.args, "takes"), form.call_id(received.form)
        takes = self._parts.takes_now() if takes is None else takes
        if self._parts.streaming.is_wanted(reply, call_id):
            return self._parts.writer.streamed(self._parts.streaming, call_id, reply.language, takes)
        if isinstance(reply.then, Listen) and self._parts.streaming.sent_back_to_keys(call_id):
            reply = replace(reply, says=(Say("general.on_keys"), *reply.says))
        return self._parts.writer.document(reply, turn, takes)


def _guarded(answer: Callable[[Request], str], apologies: Apologies) -> Callable[[], Response]:
    """Every failure becomes the spoken apology, except a form that the carrier cannot have sent: that is 400."""

    def view() -> Response:
        received = the_request()
        try:
            text = answer(received)
        except form.BadForm as error:
            _log.warning("refused a form: %s", error)
            return Response(f"This form cannot be read: {error}\n", 400, mimetype="text/plain")
        except HTTPException:
            raise
        except (SQLAlchemyError, RedisAway) as error:
            _log.error("a caller hears the apology: %s: %s", type(error).__name__, str(error).splitlines()[0][:200])
            text = apologies(_language(received))
        except Exception:
            _log.exception("a caller hears the apology")
            text = apologies(_language(received))
        return Response(text, 200, mimetype="text/xml") if text else Response(status=204)

    return view


def _language(received: Request) -> str:
    """The call's language, which every address we give carries: Redis may be away."""
    return received.args.get("language", "")[:16]


def _limit_form() -> None:
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM


def _log_carrier_error(received: Request) -> None:
    """The carrier says why it came to the fallback address (Twilio docs, Voice webhooks, `ErrorCode`)."""
    code: Any = received.form.get("ErrorCode", "")
    if code:
        _log.error("the carrier could not use our last answer: error %s", form.clean_words(code)[:20])
