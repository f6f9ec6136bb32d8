"""Steps: how the tickets are collected, the sale, the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking import (
    BookingError,
    HoldLapsed,
)
from callflows import consent
from callflows.answers import Choice, Option
from callflows.buy_seats.purchase import (
    flow,
)
from callflows.language import Call
from callflows.options import words_for


@flow.ask(
    "buy.collection",
    Choice(
        offer=lambda call: (Option("e_ticket", "1"), Option("box_office", "2"), Option("post", "3")),
        context="ask_collection",
    ),
    slot="collection",
    to={"chosen": "sell"},
)
def collection(call: Call, how: Any) -> str:
    """How the tickets reach the caller."""
    return "chosen"


@flow.do(to={"sold": "sold", "lapsed": "lapsed", "busy": "still_busy"})
def sell(call: Call) -> str:
    """Yes was said: the seats that are held are sold, at the price that was told."""
    try:
        order = call.booking.confirm(
            call.data.hold,
            customer=call.caller.get("customer"),
            collection=call.said["collection"],
            request=call.request_id,
        )
    except HoldLapsed:
        return "lapsed"
    except BookingError:
        return "busy"
    call.data.reference, call.data.total = order.reference, order.total
    call.said.clear()
    call.seal()
    return "sold"


flow.tell("lapsed", "buy.lapsed", to="best_seats")
flow.tell("still_busy", "buy.busy", to="sell", pause=True)


def _then(call: Call) -> Sequence[Option]:
    return (
        Option("another", "1", words_for("sold.another", call.language), confirm="yes"),
        Option("done", "2", words_for("sold.done", call.language), hidden=True, confirm="no"),
    )


@flow.ask(
    "buy.sold",
    Choice(offer=_then, context="any", seconds=12),
    tells=lambda call: {"reference": call.data.reference, "total": call.data.total},
    silent="done",
    to={"another": "once_more", "done": "parting"},
)
def sold(call: Call, what: Any) -> str:
    """The reference is read out, slowly; 1 for another purchase, or simply hang up."""
    return "another" if what == "another" else "done"


@flow.do(to={"again": "which"})
def once_more(call: Call) -> str:
    """Another purchase begins with a clean sheet."""
    call.said.clear()
    call.data.__init__()
    return "again"


@flow.do(to={"ask": "consent.asking", "leave": "goodbye"})
def parting(call: Call) -> str:
    """The purchase is done: the moment for a question that is asked once in a caller's life."""
    return "ask" if consent.is_due(call) else "leave"


flow.end("goodbye", "main.goodbye")
