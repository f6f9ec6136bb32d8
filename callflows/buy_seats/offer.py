"""Steps: the best seats are held and offered; yes, no, or something else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from booking import (
    BadWish,
    BookingError,
    ChannelClosed,
    LimitExceeded,
    NothingMatches,
    NotOnSale,
    Performance,
    PriceOutOfReach,
    QuotaExhausted,
    SoldOut,
    read_hall,
)
from callflows.answers import Choice, Option, YesNo
from callflows.buy_seats.purchase import (
    flow,
    moment_of,
    on_the_programme,
    the_performance,
    the_production,
)
from callflows.evenings import WHEN, nearest
from callflows.language import RETURN, Call
from callflows.options import words_for
from callflows.wish import WHERE, wish_from

NEAREST_DATES = 9
"""So many dates beside one that is sold out; the caller hears three at a time."""


@flow.do(
    to={
        "held": "together",
        "sold_out": "category_sold_out",
        "full": "full",
        "no_such_seats": "no_such_seats",
        "too_dear": "too_dear",
        "closed": "closed",
        "limit": "limit",
        "not_yet": "not_yet",
        "busy": "busy",
        "no_better": "no_better",
        "accessible": "to_agent.accessible",
    }
)
def best_seats(call: Call) -> str:
    """Hold the best seats for ten minutes; the ones announced are the ones held."""
    performance, data = the_performance(call), call.data
    moved = {"near": tuple(data.offered), "move": data.move} if data.move and data.offered else {}
    wish = wish_from(call.said, read_hall(performance.hall), avoid=tuple(data.declined), **moved)
    if data.hold and data.held_for != performance.id:  # another evening: the seats of the first go back
        with suppress(BookingError):  # gone already, all the better
            call.booking.release(data.hold, request=f"{call.request_id}:other evening")
        data.hold = ""
    try:
        hold = call.booking.hold_best(performance.id, wish, request=call.request_id)
    except BookingError as why_not:
        return _refused(call, why_not)
    data.held_for = performance.id
    data.hold, data.offered, data.move = hold.id, [seat.id for seat in hold.seats], ""
    data.offer = _offer(call, performance, hold)
    return "held"


def _refused(call: Call, why_not: BookingError) -> str:
    """The box office's reason as an outcome; the facts stay for the sentence."""
    wanted_others, call.data.move = call.data.move or call.data.declined, ""
    if wanted_others and call.data.offer and isinstance(why_not, SoldOut):
        call.data.declined = []
        return "no_better"
    call.data.limit, call.data.cheapest = getattr(why_not, "limit", 0), getattr(why_not, "cheapest", 0)
    call.data.instead = list(getattr(why_not, "instead", ()))
    if call.said.get("wheelchair"):
        return "accessible"  # a person knows the places, and the way to them
    outcome = next((outcome for kind, outcome in _REFUSALS if isinstance(why_not, kind)), "busy")
    return "full" if outcome == "sold_out" and not call.data.instead else outcome


_REFUSALS = (
    (LimitExceeded, "limit"),
    (PriceOutOfReach, "too_dear"),
    (NothingMatches, "no_such_seats"),
    (SoldOut, "sold_out"),
    (QuotaExhausted, "sold_out"),
    (ChannelClosed, "closed"),
    (NotOnSale, "not_yet"),
    (BadWish, "no_such_seats"),
)
"""Refusals from the narrowest to the widest; what is none of these is the house being busy."""


def _offer(call: Call, performance: Performance, hold: Any) -> dict[str, Any]:
    """The slots of the sentence that offers these seats."""
    in_order = sorted(hold.seats, key=lambda seat: (seat.section, str(seat.row), seat.number))
    seats = [{"row": seat.row, "number": seat.number, "section": seat.section, "box": seat.in_box} for seat in in_order]
    return {
        "quantity": len(seats),
        "title": the_production(call).title,
        "when": moment_of(performance)["when"],
        "seats": seats,
        "section": dict(read_hall(performance.hall).section(hold.seats[0].section).spoken),
        "total": hold.total,
        "arrangement": hold.arrangement,
        "view": "limited" if any(seat.view in ("partial", "poor") for seat in hold.seats) else "clear",
    }


_WHERE_ELSE = tuple(slot for slot in WHERE if slot not in ("step_free", "wheelchair"))

flow.tell("category_sold_out", "buy.category_sold_out", to="where", forgets=_WHERE_ELSE)
flow.tell("no_such_seats", "buy.no_such_seats", to="where", forgets=_WHERE_ELSE)
flow.tell(
    "too_dear",
    "buy.too_dear",
    to="where",
    tells=lambda call: {"cheapest": call.data.cheapest},
    forgets=("min_price", "max_price", "max_total", "price_level"),
)
flow.tell("closed", "buy.closed", to="where", forgets=_WHERE_ELSE)
flow.tell("limit", "buy.limit", to="how_many", tells=lambda call: {"limit": call.data.limit}, forgets=("quantity",))
flow.tell("full", "buy.full", to="other_dates", tells=lambda call: {"when": moment_of(the_performance(call))["when"]})


@flow.do(to={"others": "choose"})
def other_dates(call: Call) -> str:
    """Sold out is not the end either: the nearest dates of the same production."""
    full = the_performance(call)
    others = [performance for performance in on_the_programme(call) if performance.id != full.id]
    call.data.dates = [p.id for p in nearest(others, {"date": full.local.date().isoformat()}, NEAREST_DATES)]
    call.data.page = 0
    call.forget("performance", *WHEN)
    return "others"


flow.tell("busy", "buy.busy", to="best_seats", pause=True)
flow.tell("no_better", "buy.no_better", to="offer")


@flow.do(to={"together": "view", "apart": "apart"})
def together(call: Call) -> str:
    """Seats that are not side by side are never offered as if they were."""
    return "together" if call.data.offer["arrangement"] == "together" else "apart"


flow.tell("apart", "buy.apart", to="view")


@flow.do(to={"clear": "offer", "limited": "limited_view"})
def view(call: Call) -> str:
    """A limited view is told before the offer, not after the sale."""
    return str(call.data.offer["view"])


flow.tell("limited_view", "buy.limited_view", to="offer")


def _said_of_an_offer(call: Call, what: str) -> tuple[str, ...]:
    return words_for(f"change.{what}", call.language)


def _asides(call: Call) -> Sequence[Option]:
    """«Une autre date», said of an offer: the offer's help invites to it."""
    return tuple(Option(what, "", _said_of_an_offer(call, what), hidden=True) for what in ("date", "place", "number"))


@flow.ask(
    "buy.offer",
    YesNo(asides=_asides),
    tells=lambda call: call.data.offer,
    says_back=("quantity", "production", "date", "time", "section"),
    also={"more_options": "others", "price_level=low": "cheaper", "position": "moved", "side": "moved"},
    to={
        "yes": "collection",
        "no": "change",
        "others": "others",
        "cheaper": "cheaper",
        "moved": "moved",
        "place": "another_place",
        "date": "another_date",
        "number": "another_number",
    },
)
def offer(call: Call, answer: str) -> str:
    """Row, seats and price are read out; only an explicit yes goes on to the sale."""
    return answer


def _changes(call: Call) -> Sequence[Option]:
    changes = ("others", "cheaper", "place", "date", "number", "stop")
    return tuple(
        Option(what, str(key), _said_of_an_offer(call, what), confirm="no" if what == "stop" else "")
        for key, what in enumerate(changes, start=1)
    )


@flow.ask(
    "buy.change",
    Choice(offer=_changes, context="ask_seats"),
    also={"more_options": "others", "price_level=low": "cheaper"},
    to={
        "others": "others",
        "cheaper": "cheaper",
        "place": "another_place",
        "date": "another_date",
        "number": "another_number",
        "stop": "let_go",
    },
)
def change(call: Call, what: Any) -> str:
    """No is not the end: other seats, cheaper, elsewhere, another day, another number."""
    return str(what)


@flow.do(to={"again": "best_seats"})
def others(call: Call) -> str:
    """Other seats than those offered so far."""
    call.data.declined = [*call.data.declined, *call.data.offered]
    return "again"


@flow.do(to={"again": "best_seats"})
def cheaper(call: Call) -> str:
    """A step cheaper than the last offer."""
    call.data.move = "cheaper"
    call.forget("category", "categories", "price_level")
    return "again"


MOVES = {"front": "closer", "back": "further_back", "left": "further_left", "right": "further_right"}
"""«Plus près», «plus à gauche», said of an offer, move from it."""


@flow.do(to={"again": "best_seats"})
def moved(call: Call) -> str:
    """Closer, further back, to the left or the right of the last offer."""
    call.data.move = MOVES.get(call.said.get("position") or call.said.get("side", ""), "")
    if call.data.move:
        call.forget("position", "side")
    return "again"


flow.tell("another_place", "buy.as_you_like", to="where", forgets=_WHERE_ELSE)
flow.tell("another_date", "buy.as_you_like", to="when", forgets=("performance", *WHEN))
flow.tell("another_number", "buy.as_you_like", to="how_many", forgets=("quantity",))


@flow.do(to={"released": "stopped"})
def let_go(call: Call) -> str:
    """The seats go back; nothing is owed."""
    call.booking.release(call.data.hold, request=call.request_id)
    call.said.clear()
    call.data.__init__()
    call.seal()
    return "released"


flow.tell("stopped", "buy.stopped", to="leave")


@flow.do(to={"done": RETURN})
def leave(call: Call) -> str:
    """Back to where the caller came from."""
    return "done"
