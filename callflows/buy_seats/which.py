"""Steps: for which production, and is it on sale?"""

from __future__ import annotations

from typing import Any

from callflows.answers import Title
from callflows.buy_seats.purchase import (
    flow,
    on_the_programme,
    title_of,
)
from callflows.language import Call


@flow.ask(
    "buy.which",
    Title(),
    slot="production",
    to={"chosen": "on_sale", "list": "programme.pick", "several": "doubt.which_one", "unknown": "not_in_programme"},
)
def which(call: Call, production: Any) -> str:
    """By title, by the first letters on the keys, by the code in the brochure, or from the list."""
    if isinstance(production, list):
        call.state.data["doubt"] = {"slot": "production", "candidates": production}
        return "several"
    if production == "list":
        call.forget("production")
        return "list"
    return "chosen" if production else "unknown"


flow.tell("not_in_programme", "buy.not_in_programme", to="which", forgets=("production",))


@flow.do(to={"open": "when", "not_yet": "not_yet", "elsewhere": "elsewhere", "over": "over"})
def on_sale(call: Call) -> str:
    """Sales open production by production, later by telephone than on the web."""
    performances = on_the_programme(call)
    if not performances:
        return "over"
    sale = call.booking.on_sale(performances[-1].id)
    call.data.opens = sale.opens_at.astimezone(call.tools.zone).date().isoformat() if sale.opens_at else ""
    return {"open": "open", "not_yet": "not_yet", "other_channel": "elsewhere"}.get(sale.state, "over")


flow.tell(
    "not_yet",
    "buy.not_yet",
    to="which",
    tells=lambda call: {**title_of(call), "opens": call.data.opens},
    forgets=("production",),
)
flow.tell(
    "elsewhere",
    "buy.elsewhere",
    to="which",
    tells=lambda call: {**title_of(call), "opens": call.data.opens},
    forgets=("production",),
)
flow.tell("over", "buy.over", to="which", tells=title_of, forgets=("production",))
