"""Buttons about seats: hold, extend, move, another tariff, let go, sell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, flash, request

from ivr.desk.forms import WISH_FIELDS, wish_in
from ivr.desk.serving import Answer, Serving, here_of_form, to_page
from ivr.desk.till import Terms

COLLECTIONS = ("e_ticket", "box_office", "post")


class SeatButtons(Serving):
    """What is held for the caller, and what becomes of it."""

    def hold(self, call_id: str, evening: str) -> Answer:
        """Hold what the form wishes: the best seats, or those clicked or named."""
        wished = {name: request.form[name] for name in WISH_FIELDS if request.form.get(name)}
        here = {**here_of_form(), "evening": evening}

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
            return self._do("release_seats", call_id, deeds[deed], here_of_form(), gone=(hold_id,))
        return self._do(f"{deed}_seats", call_id, deeds[deed], here_of_form())

    def sell(self, call_id: str) -> Answer:
        """Everything ticked, in one order."""
        chosen = tuple(request.form.getlist("hold"))[:20]
        collection = request.form.get("collection", "")
        customer = request.form.get("customer", "")[:64]
        if not chosen or collection not in COLLECTIONS:
            flash("desk.nothing_chosen", "problem")
            return to_page(call_id, here_of_form())
        sell = partial(self._desk.till.sell, call_id, chosen, customer, collection, self._request(call_id))
        here = {name: value for name, value in here_of_form().items() if name in ("words", "production")}
        return self._do("sell_seats", call_id, sell, here, gone=chosen)

    def forget(self, call_id: str, hold_id: str) -> Answer:
        """The agent has read which seats were lost."""
        if self._mine(call_id) is not None:
            self._desk.baskets.let_go(call_id, hold_id)
        return to_page(call_id, here_of_form())


def _terms() -> Terms:
    """The tariff of the form; what it is for, the agent has asked and ticked."""
    eligible = tuple(filter(None, request.form.get("eligible", "").split(",")))[:6]
    return Terms(request.form.get("tariff", "")[:40] or None, eligible)
