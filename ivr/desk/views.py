"""The agents' pages: who waits, what they wanted, take over; and every call as a conversation."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from booking import BookingError
from ivr.desk.bridge import BadNumber, CarrierRefused, dialable
from ivr.desk.desk import AlreadyTaken, Desk, NoTelephone, NotYours
from ivr.desk.forms import fresh_request
from ivr.desk.live import Live
from ivr.desk.one_line import one_line
from ivr.desk.refusals import told
from ivr.desk.serving import not_hers
from ivr.journal import CallRecord
from ivr.pages.parts import Parts
from ivr.pages.security import guard, only
from ivr.pages.views import show_problems

Answer = str | Response | tuple[str, int]


def make_desk(parts: Parts, desk: Desk | None = None) -> Blueprint:
    """The desk's pages and the calls' pages."""
    blueprint = Blueprint("desk", __name__)
    guard(blueprint, parts)
    show_problems(blueprint)
    views = _Views(desk or Desk(parts), parts)
    for path, name in (("/desk", "desk"), ("/desk/now", "now"), ("/desk/live", "live")):
        blueprint.add_url_rule(path, name, only("agent")(getattr(views, name)))
    deeds = (
        ("/desk/take/<call_id>", "take"), ("/desk/back/<call_id>", "back"), ("/desk/pause", "pause"),
        ("/desk/phone", "phone"), ("/calls/<call_id>/caller", "name"),
    )  # fmt: skip
    for path, name in deeds:
        blueprint.add_url_rule(path, name, only("agent")(getattr(views, name)), methods=["POST"])
    for path, name in (("/calls", "calls"), ("/calls/<call_id>", "call"), ("/calls/<call_id>/caller", "caller")):
        blueprint.add_url_rule(path, name, only("agent", "operator")(getattr(views, name)))
    return blueprint


class _Views:
    """One method per page or button."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk, self._parts = desk, parts
        self._live = Live(desk.room, parts.live_listeners)

    def desk(self) -> Answer:
        """The whole page."""
        return render_template("desk/desk.html", **self._facts())

    def now(self) -> Answer:
        """What changes on the page, for the script that keeps it fresh."""
        return render_template("desk/now.html", **self._facts())

    def live(self) -> Answer:
        """Tells an open page when to look again."""
        name = g.account.name
        return self._live.stream(lambda: self._desk.duty.seen(name))

    def take(self, call_id: str) -> Answer:
        """Claim this caller, ring the agent's telephone, and open the caller's page."""
        try:
            self._desk.take(call_id, g.account)
        except NoTelephone:
            flash("desk.no_telephone", "problem")
        except AlreadyTaken:
            flash("desk.already_taken", "problem")
        except CarrierRefused:
            flash("desk.carrier_refused", "problem")
        else:
            flash("desk.ringing_you", "done")
            return redirect(url_for("caller.page", call_id=call_id), 303)
        return _to_desk()

    def back(self, call_id: str) -> Answer:
        """Back into the queue, at the old place."""
        try:
            self._desk.back_to_queue(call_id, g.account)
        except NotYours as why:
            flash(not_hers(why), "problem")
        except (CarrierRefused, NoTelephone):
            flash("desk.not_put_back", "problem")
        else:
            flash("desk.put_back", "done")
        return _to_desk()

    def pause(self) -> Answer:
        """Take a pause, or come back."""
        self._desk.duty.pause(g.account.name, request.form.get("paused") == "yes")
        return _to_desk()

    def phone(self) -> Answer:
        """The telephone on which this agent is rung."""
        try:
            number = dialable(request.form.get("phone", "")[:40], self._parts.regions)
        except BadNumber:
            flash("desk.bad_number", "problem")
            return _to_desk()
        self._desk.change_phone(g.account, number)
        flash("desk.phone_kept", "done")
        return _to_desk()

    def calls(self) -> Answer:
        """The newest calls."""
        return render_template("calls/calls.html", calls=self._desk.conversations.latest(), of=None)

    def call(self, call_id: str) -> Answer:
        """One call as a conversation."""
        conversation = self._desk.conversations.of(call_id)
        if conversation.record is None and not conversation.lines:
            abort(404)
        others = self._desk.conversations.calls_of(conversation.record) if conversation.record else ()
        notes = self._desk.notes.about(call=call_id) if g.account.may("agent") else ()
        return render_template(
            "calls/call.html", call=conversation, others=others, notes=notes, titles=self._desk.glances.titles()
        )

    def caller(self, call_id: str) -> Answer:
        """Everything this caller has rung us about. Reached by a call, so that no number stands in an address."""
        record = self._record(call_id)
        found = self._desk.glances.profiles_of((record.caller,)) if g.account.may("agent") else {}
        profile = found.get(record.caller)
        return render_template(
            "calls/calls.html", calls=self._desk.conversations.calls_of(record), of=record, profile=profile,
            orders=self._desk.glances.orders_of(profile), evening=self._desk.glances.evening,
            titles=self._desk.glances.titles(),
        )  # fmt: skip

    def name(self, call_id: str) -> Answer:
        """What this caller is called."""
        record = self._record(call_id)
        try:
            self._desk.name_caller(record.caller, request.form.get("name", "").strip()[:80], g.account)
        except BookingError as error:
            flash(told(g.words, error), "problem")
        else:
            flash("calls.named", "done")
        return redirect(url_for("desk.caller", call_id=call_id), 303)

    def _record(self, call_id: str) -> CallRecord:
        record = self._desk.conversations.of(call_id).record
        if record is None:
            abort(404)
        return record

    def _facts(self) -> dict[str, object]:
        agent, desk, titles, words = g.account, self._desk, self._desk.glances.titles(), g.words
        desk.duty.seen(agent.name)
        figures, waiting = desk.figures(), desk.waiting()
        return {
            "waiting": waiting, "mine": desk.mine(agent), "team": desk.duty.agents(),
            "taken": desk.room.taken(), "paused": desk.duty.is_paused(agent.name), "figures": figures,
            "titles": titles, "now": self._parts.clock(), "can_ring": desk.can_ring, "fresh": fresh_request, "here": "",
            "expected": figures.expected_wait,
            "line": lambda glance: one_line(
                words, glance.said, glance.holds, glance.lines, glance.caller.reason, titles
            ),
        }  # fmt: skip


def _to_desk() -> Response:
    return redirect(url_for("desk.desk"), 303)
