"""The messages' page: listen, read, take, call back, done; and the switch that takes back a consent."""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from booking import BookingError
from ivr.consents import Consents
from ivr.desk.desk import Desk
from ivr.desk.messages import DEEDS, MessageDesk
from ivr.desk.refusals import told
from ivr.messages.sounds import NoSuchSound
from ivr.pages.parts import Parts
from ivr.pages.security import guard, only
from ivr.pages.views import show_problems
from ivr.records.accounts import StaffAudit

Answer = str | AnyResponse


def make_messages(parts: Parts, desk: Desk) -> Blueprint:
    """Agents only: what callers said is nobody else's business."""
    pages = Blueprint("messages", __name__, url_prefix="/desk/messages")
    guard(pages, parts)
    show_problems(pages)
    audit = StaffAudit(parts.engine, parts.clock)
    messages = MessageDesk(parts.messages, desk.conversations, desk.glances, audit)
    views = _Views(messages, desk, parts.consents, audit)
    pages.add_url_rule("", "list", only("agent")(views.list))
    pages.add_url_rule("/<recording>.wav", "sound", only("agent")(views.sound))
    pages.add_url_rule("/<recording>/name", "name", only("agent")(views.name), methods=["POST"])
    pages.add_url_rule("/<recording>/<deed>", "deed", only("agent")(views.deed), methods=["POST"])
    pages.add_url_rule("/consent/<customer>", "withdraw", only("agent")(views.withdraw), methods=["POST"])
    consents: Consents | None = parts.consents
    pages.app_context_processor(
        lambda: {"messages_waiting": messages.waiting, "consent_of": consents.of if consents else lambda _: None}
    )
    return pages


class _Views:
    """One method per page or button."""

    def __init__(self, messages: MessageDesk, desk: Desk, consents: Consents | None, audit: StaffAudit) -> None:
        self._messages, self._desk, self._consents, self._audit = messages, desk, consents, audit

    def list(self) -> Answer:
        """Every message that waits, or those that were dealt with."""
        done = request.args.get("done") == "yes"
        letters = self._messages.letters(done=done)
        return render_template("desk/messages.html", letters=letters, done=done, titles=self._desk.glances.titles())

    def sound(self, recording: str) -> Response:
        """What was said; in parts, if the player asks so."""
        try:
            wav = self._messages.wav(recording)
        except NoSuchSound:
            abort(404)
        answer = send_file(io.BytesIO(wav), "audio/wav", conditional=True, download_name=f"{recording}.wav")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def deed(self, recording: str, deed: str) -> Answer:
        """Take it, give it back, note that she was called, done, or not done after all."""
        if deed not in DEEDS:
            abort(404)
        if self._messages.mark(recording, deed, g.account):
            flash(f"messages.did_{deed}", "done")
        else:
            flash("messages.too_late", "problem")
        return _to_list()

    def name(self, recording: str) -> Answer:
        """What she said her name was, corrected by whoever listened, goes into her profile."""
        message, name = self._messages.of(recording), request.form.get("name", "").strip()[:80]
        if message is None or not message.caller or not name:
            abort(404)
        try:
            self._desk.name_caller(message.caller, name, g.account)
        except BookingError as error:
            flash(told(g.words, error), "problem")
        else:
            flash("calls.named", "done")
        return _to_list()

    def withdraw(self, customer: str) -> Answer:
        """She has asked that her answers be kept no longer: what was kept is erased."""
        if self._consents is None or self._desk.people.known(customer) is None:
            abort(404)
        try:
            taken_back = self._consents.withdraw_of(customer, by=g.account.name)
        except (SQLAlchemyError, OSError):
            taken_back = False
        self._audit.note(g.account.name, "withdrew_consent", customer)
        flash(*(("messages.consent_withdrawn", "done") if taken_back else ("problem.503", "problem")))
        return redirect(url_for("people.person", customer=customer), 303)


def _to_list() -> AnyResponse:
    return redirect(url_for("messages.list"), 303)
