"""Buttons about orders and the waiting list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, request

from ivr.desk.forms import wish_in
from ivr.desk.serving import Answer, Serving, here_of_form, to_page


class OrderButtons(Serving):
    """What was sold before, and what she waits for."""

    def order(self, call_id: str, reference: str, deed: str) -> Answer:
        """Cancel seats of an order, exchange them for held ones, or change them for others of the same evening."""
        form, asked, after = request.form, self._request(call_id), self._desk.after_sales
        hold, evening = form.get("hold", "")[:20], form.get("evening", "")[:80]
        seats, refund = tuple(form.getlist("seat"))[:50], form.get("refund") == "yes"
        deeds: dict[str, Callable[[], Any]] = {
            "cancel": lambda: after.cancel(call_id, reference, seats, evening, refund, asked),
            "exchange": lambda: after.exchange(call_id, reference, hold, evening, asked),
            "reseat": lambda: after.reseat(call_id, reference, hold, evening, asked),
        }
        if deed not in deeds:
            abort(404)
        if deed == "cancel" and not seats:
            flash("desk.nothing_chosen", "problem")
            return to_page(call_id, {**here_of_form(), "order": reference})
        return self._do(f"{deed}_order", call_id, deeds[deed], {**here_of_form(), "order": reference}, gone=(hold,))

    def wait(self, call_id: str, evening: str) -> Answer:
        """A place on the waiting list."""
        here = {**here_of_form(), "evening": evening}
        customer = request.form.get("customer", "")[:64]

        def work() -> Any:
            wish = wish_in(request.form, self._hall_of(evening))
            return self._desk.after_sales.wait(call_id, evening, wish, customer, self._request(call_id))

        return self._do("wait_list", call_id, work, here)

    def waiting(self, call_id: str, waiting_id: str, deed: str) -> Answer:
        """Take the seats that were offered, or wait no longer."""
        after, asked = self._desk.after_sales, self._request(call_id)
        if deed == "accept":
            return self._do("accept_offer", call_id, lambda: after.accept(call_id, waiting_id, asked), here_of_form())
        if deed != "withdraw":
            abort(404)
        return self._do("withdraw_wait", call_id, lambda: after.withdraw(call_id, waiting_id, asked), here_of_form())
