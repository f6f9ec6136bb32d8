"""What the carrier asks while it brings caller and agent together: the whisper to the agent, and how it ended.

    POST /voice/desk/whisper/<call>          the agent has picked up: who it is, and 1 to take the call
    POST /voice/desk/answer/<call>           the key she pressed
    POST /voice/desk/after/<call>            the ringing or the talk is over
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from ivr.desk import bridge
from ivr.desk.desk import Desk
from ivr.desk.queue import Waiting
from ivr.pages.looks import slots
from ivr.pages.parts import Parts
from ivr.pages.words import words
from ivr.telephony.signature import refuse_strangers

MOST_WHISPERED = 3
"""Facts an agent can listen to before the caller has waited too long; the page shows all of them."""


def make_desk_hooks(parts: Parts, desk: Desk) -> Blueprint:
    """The carrier's side of the desk; nobody else is answered."""
    hooks = Blueprint("desk_hooks", __name__, url_prefix="/voice/desk")
    hooks.before_request(refuse_strangers(parts.is_carrier))
    answers = _Answers(desk, parts)
    for name in ("whisper", "answer", "after"):
        hooks.add_url_rule(f"/{name}/<call_id>", name, getattr(answers, name), methods=["POST"])
    return hooks


class _Answers:
    """One method per question."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk, self._base = desk, parts.public_url.rstrip("/")
        self._languages = parts.catalogue.languages if parts.catalogue else {}

    def whisper(self, call_id: str) -> Response:
        """Tell the agent who it is; a caller who has gone needs no whisper."""
        caller = self._desk.room.find(call_id)
        if caller is None or not caller.agent:
            return _twiml(bridge.hang_up())
        language = self._desk.language_of(caller.agent)
        locale, voice = self._speaker(language)
        action = f"{self._base}/voice/desk/answer/{call_id}"
        return _twiml(bridge.whisper(self._about(caller, language), locale, voice, action))

    def answer(self, call_id: str) -> Response:
        """1 connects; any other key leaves the caller to somebody else."""
        if request.form.get("Digits") != "1" or self._desk.room.find(call_id) is None:
            return _twiml(bridge.hang_up())
        self._desk.answered(call_id)
        return _twiml(bridge.connect())

    def after(self, call_id: str) -> Response:
        """Talked, then the call is over. Not reached, then back to the queue at the old place.

        For the carrier a dial is «completed» even when the agent declined: what counts is whether they talked.
        """
        caller = self._desk.room.find(call_id)
        if caller is not None and caller.state == "ringing":
            self._desk.not_reached(call_id)
        if caller is not None and caller.state in ("ringing", "waiting"):
            return _twiml(bridge.back_to_queue(f"{self._base}/voice/again"))
        self._desk.room.leave(call_id, "talked")
        return _twiml(bridge.hang_up())

    def _speaker(self, language: str) -> tuple[str, str]:
        """The carrier's locale and voice for a language."""
        known = self._languages.get(language)
        return (known.locale, known.voice) if known else (language, "")

    def _about(self, caller: Waiting, language: str) -> str:
        """«Un appel. La Bohème, deux places. Appuyez sur 1.»"""
        w = words(language)
        told = slots(w, caller.summary.get("said", {}), self._desk.glances.titles())
        facts = ", ".join(f"{label} : {value}" for label, value in told[:MOST_WHISPERED])
        known = (w.known(f"reasons.{caller.reason}", ""), facts)
        return w("desk.whisper", about="".join(f"{part}. " for part in known if part))


def _twiml(text: str) -> Response:
    return Response(text, mimetype="text/xml")
