"""A caller's page, and the buttons about the call itself: who she is, back to the voice line, the end."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from booking import read_hall
from ivr.desk.bridge import NOT_IN_PROGRESS, CarrierRefused
from ivr.desk.caller_page import CallerPages
from ivr.desk.desk import Desk, NotYours
from ivr.desk.evening import Evenings
from ivr.desk.forms import SEARCH_FIELDS, fresh_request, page_of
from ivr.desk.hand_back import CannotResume
from ivr.desk.one_line import one_line
from ivr.desk.order_buttons import OrderButtons
from ivr.desk.people import NEEDS
from ivr.desk.queue import Waiting
from ivr.desk.refusals import category_name, channels_told, seat_name, told
from ivr.desk.seat_buttons import COLLECTIONS, SeatButtons
from ivr.desk.serving import Answer, Serving, here_of_form, to_page
from ivr.pages.parts import Parts
from ivr.pages.security import guard, only
from ivr.pages.views import show_problems

OUTCOMES = ("sold", "changed", "informed", "waiting_list", "call_back", "voice", "nothing", "dropped")
REASONS = (
    "book", "exchange", "cancel", "refund", "info_show", "info_practical", "accessibility", "group", "lost_tickets",
    "subscription", "complaint", "distress", "other",
)  # fmt: skip


def make_caller_pages(parts: Parts, desk: Desk) -> Blueprint:
    """The page of the call in hand; every address begins with the call's id and serves only the agent who has it."""
    pages = Blueprint("caller", __name__, url_prefix="/desk/caller/<call_id>")
    guard(pages, parts)
    show_problems(pages)
    call, seats, orders = _CallViews(desk, parts), SeatButtons(desk, parts), OrderButtons(desk, parts)
    pages.add_url_rule("", "page", only("agent")(call.page))
    pages.add_url_rule("/now", "now", only("agent")(call.now))
    buttons = (
        ("/hold/<evening>", seats.hold), ("/seats/<hold_id>/<deed>", seats.seats), ("/sell", seats.sell),
        ("/lost/<hold_id>", seats.forget), ("/orders/<reference>/<deed>", orders.order),
        ("/wait/<evening>", orders.wait), ("/waiting/<waiting_id>/<deed>", orders.waiting),
        ("/person", call.person), ("/voice/<hold_id>", call.voice), ("/done", call.done),
    )  # fmt: skip
    for path, button in buttons:
        pages.add_url_rule(path, button.__name__, only("agent")(button), methods=["POST"])
    return pages


class _CallViews(Serving):
    """The page, the part of it that changes, and what is done about the call."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        super().__init__(desk, parts)
        self._pages = CallerPages(desk, Evenings(parts.booking, desk.after_sales, parts.engine, parts.clock))

    def page(self, call_id: str) -> Answer:
        """The whole page; a call that is no longer mine says so, and leads to what is known of it."""
        caller = self._mine(call_id)
        if caller is None:
            return _gone(self._desk.room.find(call_id))
        if self._parts.booking is None:
            return render_template("problem.html", status=503), 503
        page = self._pages.of(caller, page_of(request.query_string.decode()), g.words.language)
        return render_template("desk/caller.html", page=page, glance=page.glance, lost=page.lost, **self._facts(caller))

    def now(self, call_id: str) -> Answer:
        """What changes by itself: the state of the call, and the seats held with their time."""
        caller = self._mine(call_id)
        if caller is None:
            return render_template("desk/caller_gone.html", call_id=call_id, found=self._desk.room.find(call_id))
        glance = self._desk.glances.of(caller, lines=200)
        return render_template(
            "desk/caller_now.html", glance=glance, lost=self._pages.lost(glance), **self._facts(caller)
        )

    def person(self, call_id: str) -> Answer:
        """This caller is that customer: one who was found, or a new one by her number."""
        form, here = request.form, {name: value for name, value in here_of_form().items() if name != "find"}

        def work() -> None:
            known = self._desk.people.known(form.get("customer", "")[:64])
            person = known or self._desk.people.new(form.get("number", "")[:40], form.get("name", ""))
            self._desk.room.belongs_to(call_id, person.id)

        return self._do("named_caller", call_id, work, here)

    def voice(self, call_id: str, hold_id: str) -> Answer:
        """Back to the voice line, which offers these seats and sells them."""
        try:
            self._desk.to_voice(call_id, hold_id, g.account)
        except NotYours:
            flash("desk.not_yours", "problem")
        except CannotResume as cannot:
            flash(f"desk.no_voice_{cannot.why}", "problem")
        except CarrierRefused as refused:
            flash("desk.no_voice_hung_up" if refused.code == NOT_IN_PROGRESS else "desk.no_voice_carrier", "problem")
        else:
            flash("desk.gave_to_voice", "done")
        return to_page(call_id, here_of_form())

    def done(self, call_id: str) -> Answer:
        """Served: why she rang, what came of it, and the desk is free again."""
        form = request.form
        reason, outcome = form.get("reason", ""), form.get("outcome", "")
        if reason not in REASONS or outcome not in OUTCOMES:
            flash("desk.wrap_up_first", "problem")
            return to_page(call_id, here_of_form())
        try:
            words = form.get("words", "").strip()
            self._desk.done(call_id, g.account, reason, outcome, words, self._request(call_id))
        except NotYours:
            flash("desk.done_already", "problem")
        else:
            flash("desk.finished", "done")
        return redirect(url_for("desk.desk"), 303)

    def _facts(self, caller: Waiting) -> dict[str, Any]:
        """What every part of the page needs."""
        self._desk.duty.seen(g.account.name)
        titles, words = self._desk.glances.titles(), g.words
        return {
            "caller": caller, "titles": titles, "now": self._parts.clock(), "fresh": fresh_request,
            "programme": self._parts.booking.programme(), "evening_of": self._desk.glances.evening,
            "line": lambda glance: one_line(
                words, glance.said, glance.holds, glance.lines, glance.caller.reason, titles
            ),
            "category_name": partial(category_name, words), "seat_name": partial(seat_name, words),
            "channels_told": partial(channels_told, words), "why_not": partial(told, words), "read_hall": read_hall,
            "needs": NEEDS,
            "collections": COLLECTIONS, "came_of_it": self._desk.baskets.outcome(caller.call_id),
            "outcomes": OUTCOMES, "reasons": REASONS,
            "here": request.query_string.decode(), "kept": _kept(page_of(request.query_string.decode())),
        }  # fmt: skip


def _kept(args: dict[str, Any]) -> dict[str, Any]:
    """The search, without the evening that is open."""
    return {name: args[name] for name in SEARCH_FIELDS if args.get(name)}


def _gone(found: Waiting | None) -> Answer:
    """Somebody else has her, or she has gone: nothing typed is lost, and what was said stays to be read."""
    flash("desk.with_somebody_else" if found and found.agent else "desk.not_yours", "problem")
    return redirect(url_for("desk.desk"), 303)
