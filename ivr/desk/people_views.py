"""Customers' pages: found by number, name or order reference; their profile, what was noted, and notes to add."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from booking import BookingError, Customer
from ivr.desk.desk import Desk
from ivr.desk.forms import fresh_request, page_of, request_of
from ivr.desk.people import NEEDS
from ivr.desk.refusals import category_name, seat_name, told
from ivr.pages.parts import Parts
from ivr.pages.security import guard, only
from ivr.pages.views import show_problems

Answer = str | Response | tuple[str, int]


def make_people_pages(parts: Parts, desk: Desk) -> Blueprint:
    """Agents only: names and notes are nobody else's business."""
    pages = Blueprint("people", __name__, url_prefix="/desk/people")
    guard(pages, parts)
    show_problems(pages)
    views = _Views(desk, parts.consents)
    pages.add_url_rule("", "find", only("agent")(views.find))
    pages.add_url_rule("/<customer>", "person", only("agent")(views.person))
    pages.add_url_rule("/<customer>", "change", only("agent")(views.change), methods=["POST"])
    pages.add_url_rule("/<customer>/erase", "erase", only()(views.erase), methods=["POST"])
    pages.add_url_rule("/<customer>/note", "note", only("agent")(views.note), methods=["POST"])
    return pages


class _Views:
    """One method per page or button."""

    def __init__(self, desk: Desk, consents: Any) -> None:
        self._desk, self._consents = desk, consents

    def find(self) -> Answer:
        """Who is it? One answer leads straight to her page."""
        text = request.args.get("q", "")
        found = self._desk.people.find(text)
        if len(found.customers) == 1 and found.order is None:
            return redirect(url_for("people.person", customer=found.customers[0].id), 302)
        return render_template("desk/people.html", text=text, found=found, **self._facts())

    def person(self, customer: str) -> Answer:
        """Everything we know of her."""
        person = self._desk.people.person(self._known(customer))
        return render_template("desk/person.html", person=person, **self._facts())

    def change(self, customer: str) -> Answer:
        """Name, language, e-mail, where she likes to sit, what she needs."""
        known = self._known(customer)
        try:
            self._desk.people.change(known.id, request.form)
        except BookingError as error:
            flash(told(g.words, error), "problem")
        else:
            self._desk.noted(g.account, "changed_person", known.id)
            flash("people.kept", "done")
        return _back(known.id)

    def erase(self, customer: str) -> Answer:
        """A person who wishes to be forgotten is; supervisors only. What she let us keep of her voice goes first."""
        known = self._known(customer)
        if self._consents is not None:
            self._consents.withdraw_of(known.id, by=g.account.name)
        self._desk.people.erase(known)
        self._desk.noted(g.account, "erased_person", known.id)
        flash("people.erased", "done")
        return redirect(url_for("people.find"), 303)

    def note(self, customer: str) -> Answer:
        """A note, dated and signed; nothing is written for an empty one."""
        known, words = self._known(customer), request.form.get("words", "").strip()
        call = request.form.get("call", "")[:64]
        if words:
            asked = request_of(call or known.id, request.path, request.form)
            self._desk.notes.add(g.account.name, request=asked, customer=known.id, call=call, words=words)
            flash("people.noted", "done")
        return _back(known.id)

    def _known(self, customer: str) -> Customer:
        found = self._desk.people.known(customer)
        if found is None:
            abort(404)
        return found

    def _facts(self) -> dict[str, Any]:
        words = g.words
        return {
            "titles": self._desk.glances.titles(), "evening_of": self._desk.glances.evening, "fresh": fresh_request,
            "needs": NEEDS, "seat_name": partial(seat_name, words), "category_name": partial(category_name, words),
            "caller": self._desk.room.with_agent(g.account.name), "here": "",
        }  # fmt: skip


def _back(customer: str) -> Response:
    """To the caller's page if the form stood there, else to the person's own."""
    call = request.form.get("call", "")[:64]
    if call:
        return redirect(url_for("caller.page", call_id=call, **page_of(request.form.get("here", ""))), 303)
    return redirect(url_for("people.person", customer=customer), 303)
