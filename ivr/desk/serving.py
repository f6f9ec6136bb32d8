"""Serving: what every button of a caller's page shares: whose call it is, doing it once, saying how it went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from booking import BookingError, Hall, Performance, read_hall
from ivr.desk.desk import Desk, NotYours, WithVoiceLine
from ivr.desk.forms import page_of, request_of
from ivr.desk.queue import Waiting
from ivr.desk.refusals import told
from ivr.pages.parts import Parts

Answer = str | Response | tuple[str, int]
CAME_OF_IT = {
    "sell_seats": "sold", "cancel_order": "changed", "exchange_order": "changed", "reseat_order": "changed",
    "wait_list": "waiting_list",
}  # fmt: skip
"""What a deed makes of the call, offered when it is wrapped up."""


class Serving:
    """Buttons of the call in hand; every form carries a number of its own, so that twice is once."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk, self._parts = desk, parts

    def _do(
        self, did: str, call_id: str, work: Callable[[], Any], here: dict[str, Any], *,
        refused: dict[str, Any] | None = None, gone: tuple[str, ...] = (),
    ) -> Answer:  # fmt: skip
        """Do it for the caller in hand, say how it went, and go back to where the page stood."""
        try:
            outcome = self._desk.deed(did, call_id, g.account, work)
        except NotYours as why:
            flash(not_hers(why), "problem")
            return to_page(call_id, here)
        except BookingError as error:
            flash(told(g.words, error), "problem")
            return to_page(call_id, refused or here)
        self._desk.baskets.let_go(call_id, *gone)
        self._desk.baskets.did(call_id, CAME_OF_IT.get(did, ""))
        flash(f"did.{did}", "done")
        if reference := getattr(outcome, "reference", ""):
            flash(reference, "reference")
        return to_page(call_id, here)

    def _mine(self, call_id: str) -> Waiting | None:
        caller = self._desk.room.find(call_id)
        return caller if caller and caller.agent == g.account.name else None

    def _request(self, call_id: str) -> str:
        return request_of(call_id, request.path, request.form)

    def _hall_of(self, evening: str) -> Hall:
        """The hall an evening is played in; UnknownPerformance."""
        found: Performance = self._parts.booking.clerk("agent", "desk").performance(evening)
        return read_hall(found.hall)


def not_hers(why: NotYours) -> str:
    """The sentence for an agent whose caller this no longer is."""
    return "desk.voice_has_her" if isinstance(why, WithVoiceLine) else "desk.not_yours"


def here_of_form() -> dict[str, Any]:
    """Where the page stood when the button was pressed."""
    return page_of(request.form.get("here", ""))


def to_page(call_id: str, here: dict[str, Any]) -> Response:
    """Back to the caller's page, as it stood."""
    return redirect(url_for("caller.page", call_id=call_id, **here), 303)
