"""A caller's page and its buttons: what the agent who has taken a call may do for her, without another program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from booking import BookingError, Performance, read_hall
from ivr.desk.bridge import CarrierRefused
from ivr.desk.caller_page import CallerPages
from ivr.desk.desk import Desk, NotYours
from ivr.desk.evening import Evenings
from ivr.desk.forms import SEARCH_FIELDS, WISH_FIELDS, fresh_request, page_of, request_of, wish_in
from ivr.desk.hand_back import CannotResume
from ivr.desk.one_line import one_line
from ivr.desk.people import NEEDS
from ivr.desk.queue import Waiting
from ivr.desk.refusals import category_name, channels_told, seat_name, told
from ivr.desk.till import Terms
from ivr.pages.parts import Parts
from ivr.pages.security import guard, only
from ivr.pages.views import show_problems

Answer = str | Response | tuple[str, int]
COLLECTIONS = ("e_ticket", "box_office", "post")
OUTCOMES = ("sold", "changed", "informed", "waiting_list", "call_back", "voice", "nothing", "dropped")
CAME_OF_IT = {
    "sell_seats": "sold", "cancel_order": "changed", "exchange_order": "changed", "reseat_order": "changed",
    "wait_list": "waiting_list",
}  # fmt: skip
"""What a deed makes of the call, offered when it is wrapped up."""
REASONS = (
    "book", "exchange", "cancel", "refund", "info_show", "info_practical", "accessibility", "group", "lost_tickets",
    "subscription", "complaint", "distress", "other",
)  # fmt: skip


def make_caller_pages(parts: Parts, desk: Desk) -> Blueprint:
    """The page of the call in hand; every address begins with the call's id and serves only the agent who has it."""
    pages = Blueprint("caller", __name__, url_prefix="/desk/caller/<call_id>")
    guard(pages, parts)
    show_problems(pages)
    evenings = Evenings(parts.booking, desk.after_sales, parts.engine, parts.clock)
    views = _Views(desk, CallerPages(desk, evenings), parts)
    pages.add_url_rule("", "page", only("agent")(views.page))
    pages.add_url_rule("/now", "now", only("agent")(views.now))
    deeds = {
        "hold": "/hold/<evening>", "seats": "/seats/<hold_id>/<deed>", "sell": "/sell", "wait": "/wait/<evening>",
        "waiting": "/waiting/<waiting_id>/<deed>", "order": "/orders/<reference>/<deed>", "person": "/person",
        "voice": "/voice/<hold_id>", "forget": "/lost/<hold_id>", "done": "/done",
    }  # fmt: skip
    for name, path in deeds.items():
        pages.add_url_rule(path, name, only("agent")(getattr(views, name)), methods=["POST"])
    return pages


class _Views:
    """One method per page or button; every button's form carries a number of its own, so that twice is once."""

    def __init__(self, desk: Desk, pages: CallerPages, parts: Parts) -> None:
        self._desk, self._pages, self._parts = desk, pages, parts

    # -- looking -------------------------------------------------------------------------------------------------

    def page(self, call_id: str) -> Answer:
        """The whole page; a call that is no longer mine says so, and leads to what is known of it."""
        caller = self._mine(call_id)
        if caller is None:
            return _gone(call_id, self._desk.room.find(call_id))
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

    # -- seats ---------------------------------------------------------------------------------------------------

    def hold(self, call_id: str, evening: str) -> Answer:
        """Hold what the form wishes: the best seats, or those clicked or named."""
        wished = {name: request.form[name] for name in WISH_FIELDS if request.form.get(name)}
        here = {**_here(), "evening": evening}

        def work() -> Any:
            wish = wish_in(request.form, self._hall_of(evening))
            return self._desk.till.hold(call_id, evening, wish, _terms(), self._request(call_id))

        return self._do("hold_seats", call_id, work, here, refused={**here, **wished})

    def seats(self, call_id: str, hold_id: str, deed: str) -> Answer:
        """Extend, release, move, look elsewhere, or another tariff."""
        till, asked = self._desk.till, self._request(call_id)
        deeds: dict[str, Callable[[], Any]] = {
            "extend": lambda: till.extend(call_id, hold_id, asked),
            "release": lambda: till.release(call_id, hold_id, asked),
            "move": lambda: till.move(call_id, hold_id, request.form.get("move", ""), asked),
            "elsewhere": lambda: till.elsewhere(call_id, hold_id, request.form.get("section", "")[:40], asked),
            "tariff": lambda: till.reprice(call_id, hold_id, _terms(), asked),
        }
        if deed not in deeds:
            abort(404)
        if deed == "release":
            return self._do("release_seats", call_id, deeds[deed], _here(), gone=(hold_id,))
        return self._do(f"{deed}_seats", call_id, deeds[deed], _here())

    def sell(self, call_id: str) -> Answer:
        """Everything ticked, in one order."""
        chosen = tuple(request.form.getlist("hold"))[:20]
        collection = request.form.get("collection", "")
        customer = request.form.get("customer", "")[:64]
        if not chosen or collection not in COLLECTIONS:
            flash("desk.nothing_chosen", "problem")
            return _to_page(call_id, _here())
        sell = partial(self._desk.till.sell, call_id, chosen, customer, collection, self._request(call_id))
        here = {name: value for name, value in _here().items() if name in ("words", "production")}
        return self._do("sell_seats", call_id, sell, here, gone=chosen)

    def forget(self, call_id: str, hold_id: str) -> Answer:
        """The agent has read which seats were lost."""
        if self._mine(call_id) is not None:
            self._desk.baskets.let_go(call_id, hold_id)
        return _to_page(call_id, _here())

    # -- orders and the waiting list -----------------------------------------------------------------------------

    def order(self, call_id: str, reference: str, deed: str) -> Answer:
        """Cancel seats of an order, exchange them for held ones, or change them for others of the same evening."""
        form, asked, after = request.form, self._request(call_id), self._desk.after_sales
        hold, evening = form.get("hold", "")[:20], form.get("evening", "")[:80]
        seats, refund = tuple(form.getlist("seat"))[:50], form.get("refund") == "yes"
        deeds: dict[str, Callable[[], Any]] = {
            "cancel": lambda: after.cancel(call_id, reference, seats, evening, refund, asked),
            "exchange": lambda: after.exchange(call_id, reference, hold, evening, asked),
            "reseat": lambda: after.reseat(call_id, reference, hold, asked),
        }
        if deed not in deeds:
            abort(404)
        if deed == "cancel" and not seats:
            flash("desk.nothing_chosen", "problem")
            return _to_page(call_id, {**_here(), "order": reference})
        return self._do(f"{deed}_order", call_id, deeds[deed], {**_here(), "order": reference}, gone=(hold,))

    def wait(self, call_id: str, evening: str) -> Answer:
        """A place on the waiting list."""
        here = {**_here(), "evening": evening}
        customer = request.form.get("customer", "")[:64]

        def work() -> Any:
            wish = wish_in(request.form, self._hall_of(evening))
            return self._desk.after_sales.wait(call_id, evening, wish, customer, self._request(call_id))

        return self._do("wait_list", call_id, work, here)

    def waiting(self, call_id: str, waiting_id: str, deed: str) -> Answer:
        """Take the seats that were offered, or wait no longer."""
        after, asked = self._desk.after_sales, self._request(call_id)
        if deed == "accept":
            return self._do("accept_offer", call_id, lambda: after.accept(call_id, waiting_id, asked), _here())
        if deed != "withdraw":
            abort(404)
        return self._do("withdraw_wait", call_id, lambda: after.withdraw(call_id, waiting_id, asked), _here())

    # -- the call and the caller ---------------------------------------------------------------------------------

    def person(self, call_id: str) -> Answer:
        """This caller is that customer: one who was found, or a new one by her number."""
        form, here = request.form, {name: value for name, value in _here().items() if name != "find"}

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
        except CarrierRefused:
            flash("desk.no_voice_hung_up", "problem")
        else:
            flash("desk.gave_to_voice", "done")
        return _to_page(call_id, _here())

    def done(self, call_id: str) -> Answer:
        """Served: why she rang, what came of it, and the desk is free again."""
        form = request.form
        reason, outcome = form.get("reason", ""), form.get("outcome", "")
        if reason not in REASONS or outcome not in OUTCOMES:
            flash("desk.wrap_up_first", "problem")
            return _to_page(call_id, _here())
        try:
            words = form.get("words", "").strip()
            self._desk.done(call_id, g.account, reason, outcome, words, self._request(call_id))
        except NotYours:
            flash("desk.done_already", "problem")
        else:
            flash("desk.finished", "done")
        return redirect(url_for("desk.desk"), 303)

    # -- what all of them share ----------------------------------------------------------------------------------

    def _do(
        self, did: str, call_id: str, work: Callable[[], Any], here: dict[str, Any], *,
        refused: dict[str, Any] | None = None, gone: tuple[str, ...] = (),
    ) -> Answer:  # fmt: skip
        """Do it for the caller in hand, say how it went, and go back to where the page stood."""
        try:
            outcome = self._desk.deed(did, call_id, g.account, work)
        except NotYours:
            flash("desk.not_yours", "problem")
            return _to_page(call_id, here)
        except BookingError as error:
            flash(told(g.words, error), "problem")
            return _to_page(call_id, refused or here)
        self._desk.baskets.let_go(call_id, *gone)
        self._desk.baskets.did(call_id, CAME_OF_IT.get(did, ""))
        flash(f"did.{did}", "done")
        if reference := getattr(outcome, "reference", ""):
            flash(reference, "reference")
        return _to_page(call_id, here)

    def _mine(self, call_id: str) -> Waiting | None:
        caller = self._desk.room.find(call_id)
        return caller if caller and caller.agent == g.account.name else None

    def _request(self, call_id: str) -> str:
        return request_of(call_id, request.path, request.form)

    def _hall_of(self, evening: str) -> Any:
        found: Performance = self._parts.booking.clerk("agent", "desk").performance(evening)
        return read_hall(found.hall)

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
            "channels_told": partial(channels_told, words), "read_hall": read_hall, "needs": NEEDS,
            "collections": COLLECTIONS, "came_of_it": self._desk.baskets.outcome(caller.call_id),
            "outcomes": OUTCOMES, "reasons": REASONS,
            "here": request.query_string.decode(), "kept": _kept(page_of(request.query_string.decode())),
        }  # fmt: skip


def _terms() -> Terms:
    """The tariff of the form; what it is for, the agent has asked and ticked."""
    eligible = tuple(filter(None, request.form.get("eligible", "").split(",")))[:6]
    return Terms(request.form.get("tariff", "")[:40] or None, eligible)


def _kept(args: dict[str, Any]) -> dict[str, Any]:
    """The search, without the evening that is open."""
    return {name: args[name] for name in SEARCH_FIELDS if args.get(name)}


def _here() -> dict[str, Any]:
    return page_of(request.form.get("here", ""))


def _to_page(call_id: str, here: dict[str, Any]) -> Response:
    return redirect(url_for("caller.page", call_id=call_id, **here), 303)


def _gone(call_id: str, found: Waiting | None) -> Answer:
    """Somebody else has her, or she has gone: nothing typed is lost, and what was said stays to be read."""
    flash("desk.with_somebody_else" if found and found.agent else "desk.not_yours", "problem")
    return redirect(url_for("desk.desk"), 303)
