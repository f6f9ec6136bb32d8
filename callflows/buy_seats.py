"""Flow: which production, which evening, how many, where, the best ones, yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from booking import (
    BadWish,
    BookingError,
    ChannelClosed,
    HoldLapsed,
    LimitExceeded,
    NotOnSale,
    Performance,
    PriceOutOfReach,
    Production,
    QuotaExhausted,
    SoldOut,
    read_hall,
)
from callflows.answers import Choice, DayMonth, Number, Option, Title, YesNo
from callflows.evenings import WHEN, fitting, nearest
from callflows.language import RETURN, Call, Flow
from callflows.wish import WHERE, wish_from

MOST_SEATS = 9
"""Ten seats and more are a group (domain: groups desk)."""

DATES_READ_OUT = 3
CATEGORIES_READ_OUT = 5


@dataclass
class Purchase:
    """What this purchase has come to: the dates and seats offered, the hold, the reference."""

    dates: list[str] = field(default_factory=list)
    page: int = 0
    hold: str = ""
    offer: dict[str, Any] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    move: str = ""
    opens: str = ""
    limit: int = 0
    reference: str = ""
    total: int = 0


flow = Flow("buy_seats", first="which", data=Purchase, form=True)


# -- which production ------------------------------------------------------------------------------------------------


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


def the_production(call: Call) -> Production:
    """The production that the caller chose."""
    return next(p for p in call.booking.programme() if p.id == call.said["production"])


def on_the_programme(call: Call) -> list[Performance]:
    """Its performances still to come and open to everyone."""
    everyone = [p for p in the_production(call).performances if p.kind != "avant_premiere_jeunes"]
    return [p for p in everyone if p.starts_at > call.now]


@flow.do(to={"open": "when", "not_yet": "not_yet", "elsewhere": "elsewhere", "over": "over"})
def on_sale(call: Call) -> str:
    """Sales open production by production, later by telephone than on the web."""
    performances = on_the_programme(call)
    if not performances:
        return "over"
    sale = call.booking.on_sale(performances[-1].id)
    call.data.opens = sale.opens_at.astimezone(call.tools.zone).date().isoformat() if sale.opens_at else ""
    return {"open": "open", "not_yet": "not_yet", "other_channel": "elsewhere"}.get(sale.state, "over")


def _title(call: Call) -> dict[str, Any]:
    return {"title": the_production(call).title}


flow.tell(
    "not_yet",
    "buy.not_yet",
    to="which",
    tells=lambda call: {**_title(call), "opens": call.data.opens},
    forgets=("production",),
)
flow.tell(
    "elsewhere",
    "buy.elsewhere",
    to="which",
    tells=lambda call: {**_title(call), "opens": call.data.opens},
    forgets=("production",),
)
flow.tell("over", "buy.over", to="which", tells=_title, forgets=("production",))


# -- which evening ---------------------------------------------------------------------------------------------------


@flow.ask("buy.when", DayMonth(), slot="date", fills=("performance", *WHEN), to={"said": "find"})
def when(call: Call, day: Any) -> str:
    """A day, a weekday, a month, «la première»; or day and month on the keys, or 1 for the next dates."""
    if day == "next":
        call.forget("date")
        call.said["any_date"] = True
    return "said"


@flow.do(to={"one": "how_many", "several": "choose", "none": "no_such_date"})
def find(call: Call) -> str:
    """Hold what was said about the day against the calendar."""
    performances = on_the_programme(call)
    if call.said.get("performance") in {p.id for p in performances}:
        return "one"
    found = fitting(performances, call.said)
    call.data.dates, call.data.page = [p.id for p in found or nearest(performances, call.said)], 0
    if len(found) == 1:
        call.said["performance"] = found[0].id
        return "one"
    return "several" if found else "none"


flow.tell("no_such_date", "buy.no_such_date", to="choose", tells=_title)


def _when(performance: Performance) -> dict[str, Any]:
    local = performance.local
    return {
        "when": local.isoformat(timespec="minutes"),
        "date": local.date().isoformat(),
        "time": local.strftime("%H:%M"),
    }


def _dates(call: Call) -> Sequence[Option]:
    by_id = {p.id: p for p in the_production(call).performances}
    dates = [by_id[name] for name in call.data.dates if name in by_id]
    pages = max(1, -(-len(dates) // DATES_READ_OUT))
    first = call.data.page % pages * DATES_READ_OUT
    shown = [
        Option(p.id, str(key), (), _when(p)) for key, p in enumerate(dates[first : first + DATES_READ_OUT], start=1)
    ]
    return (*shown, Option("more", "9", prompt="buy.more_dates")) if pages > 1 else shown


@flow.ask(
    "buy.dates",
    Choice(offer=_dates, each="buy.date_option", context="ask_performance", patience="long"),
    slot="performance",
    also={"more_options": "more"},
    to={"chosen": "how_many", "more": "more_dates"},
)
def choose(call: Call, performance: Any) -> str:
    """Three dates at a time; 9 for the next ones."""
    if performance == "more":
        return "more"
    return "chosen"


@flow.do(to={"turned": "choose"})
def more_dates(call: Call) -> str:
    """Turn the page of the calendar."""
    call.forget("performance")
    call.data.page += 1
    return "turned"


# -- how many, and where ---------------------------------------------------------------------------------------------


@flow.ask(
    "buy.how_many", Number(high=99), slot="quantity", to={"few": "where", "group": "to_agent.group", "none": "nobody"}
)
def how_many(call: Call, quantity: int) -> str:
    """Up to nine seats are sold by telephone; groups go to a person."""
    if quantity < 1:
        return "none"
    return "few" if quantity <= MOST_SEATS else "group"


flow.tell("nobody", "buy.how_many.unclear", to="how_many", forgets=("quantity",))


def the_performance(call: Call) -> Performance:
    """The evening that the caller chose."""
    return next(p for p in the_production(call).performances if p.id == call.said["performance"])


def _categories(call: Call) -> Sequence[Option]:
    hall = read_hall(the_performance(call).hall)
    open_ones = [c for c in call.booking.categories(call.said["performance"]) if c.free >= 1]
    pages = max(1, -(-len(open_ones) // CATEGORIES_READ_OUT))
    first = call.data.page % pages * CATEGORIES_READ_OUT
    shown = open_ones[first : first + CATEGORIES_READ_OUT]
    options = [
        Option(
            c.id,
            str(key),
            (hall.category(c.id).name(call.language),),
            {"category": dict(hall.category(c.id).names), "price": c.price},
        )
        for key, c in enumerate(shown, start=1)
    ]
    named, best = Option("named", "7", prompt="buy.named_option"), Option("any", "8", prompt="buy.best_option")
    more = (Option("more", "9", prompt="buy.more_categories"),) if pages > 1 else ()
    return (*options, named, best, *more)


@flow.ask(
    "buy.where",
    Choice(offer=_categories, each="buy.category_option", context="ask_seats", patience="long"),
    slot="category",
    fills=WHERE,
    also={"more_options": "more"},
    to={"chosen": "best_seats", "more": "more_categories", "any": "any_place", "named": "named_seats"},
)
def where(call: Call, category: Any) -> str:
    """A category by its key; or in words a section, a price, a side, «le moins cher»."""
    call.data.offered, call.data.declined, call.data.move = [], [], ""
    return category if category in ("any", "more", "named") else "chosen"


@flow.do(to={"turned": "where"})
def more_categories(call: Call) -> str:
    """Turn the page of the price list."""
    call.forget("category")
    call.data.page += 1
    return "turned"


@flow.do(to={"ask": "name_seats.section", "known": "best_seats"})
def named_seats(call: Call) -> str:
    """The caller knows her row and seat, and keys them in."""
    call.forget("category")
    return "known" if "named" in call.said else "ask"


@flow.do(to={"best": "best_seats"})
def any_place(call: Call) -> str:
    """No wish at all: the best seats there are."""
    call.forget("category")
    call.said["any_seats"] = True
    return "best"


# -- the best ones ---------------------------------------------------------------------------------------------------


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
    }
)
def best_seats(call: Call) -> str:
    """Hold the best seats for ten minutes; the ones announced are the ones held."""
    performance, data = the_performance(call), call.data
    moved = {"near": tuple(data.offered), "move": data.move} if data.move and data.offered else {}
    wish = wish_from(call.said, read_hall(performance.hall), avoid=tuple(data.declined), **moved)
    try:
        hold = call.booking.hold_best(performance.id, wish, request=call.request_id)
    except BookingError as why_not:
        return _refused(call, why_not)
    data.hold, data.offered, data.move = hold.id, [seat.id for seat in hold.seats], ""
    data.offer = _offer(call, performance, hold)
    return "held"


def _refused(call: Call, why_not: BookingError) -> str:
    """The box office's reason as an outcome; the facts stay for the sentence."""
    wanted_others, call.data.move = call.data.move or call.data.declined, ""
    if wanted_others and call.data.offer and isinstance(why_not, SoldOut):
        call.data.declined = []
        return "no_better"
    if isinstance(why_not, LimitExceeded):
        call.data.limit = why_not.limit
    outcome = next((outcome for kind, outcome in _REFUSALS if isinstance(why_not, kind)), "busy")
    if outcome == "sold_out" and not any(c.free for c in call.booking.categories(call.said["performance"])):
        return "full"
    return outcome


_REFUSALS = (
    (LimitExceeded, "limit"),
    (PriceOutOfReach, "too_dear"),
    (SoldOut, "sold_out"),
    (QuotaExhausted, "sold_out"),
    (ChannelClosed, "closed"),
    (NotOnSale, "not_yet"),
    (BadWish, "no_such_seats"),
)
"""Refusals from the narrowest to the widest; what is none of these is the house being busy."""


def _offer(call: Call, performance: Performance, hold: Any) -> dict[str, Any]:
    """The slots of the sentence that offers these seats."""
    seats = [
        {"row": seat.row, "number": seat.number, "section": seat.section, "box": seat.in_box} for seat in hold.seats
    ]
    return {
        "quantity": len(seats),
        "title": the_production(call).title,
        "when": _when(performance)["when"],
        "seats": seats,
        "section": dict(read_hall(performance.hall).section(hold.seats[0].section).spoken),
        "total": hold.total,
        "arrangement": hold.arrangement,
        "view": "limited" if any(seat.view in ("partial", "poor") for seat in hold.seats) else "clear",
    }


_WHERE_ELSE = tuple(slot for slot in WHERE if slot not in ("step_free", "wheelchair"))

flow.tell("category_sold_out", "buy.category_sold_out", to="where", forgets=_WHERE_ELSE)
flow.tell("no_such_seats", "buy.no_such_seats", to="where", forgets=_WHERE_ELSE)
flow.tell("too_dear", "buy.too_dear", to="where", forgets=("min_price", "max_price", "max_total", "price_level"))
flow.tell("closed", "buy.closed", to="where", forgets=_WHERE_ELSE)
flow.tell("limit", "buy.limit", to="how_many", tells=lambda call: {"limit": call.data.limit}, forgets=("quantity",))
flow.tell("full", "buy.full", to="find", tells=lambda call: {"when": _when(the_performance(call))["when"]},
          forgets=("performance", *WHEN))  # fmt: skip
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


@flow.ask(
    "buy.offer",
    YesNo(),
    tells=lambda call: call.data.offer,
    also={"more_options": "others", "price_level": "cheaper", "position": "moved", "side": "moved"},
    to={"yes": "collection", "no": "change", "others": "others", "cheaper": "cheaper", "moved": "moved"},
)
def offer(call: Call, answer: str) -> str:
    """Row, seats and price are read out; only an explicit yes goes on to the sale."""
    return answer


def _changes(call: Call) -> Sequence[Option]:
    return tuple(
        Option(what, key)
        for key, what in zip("123456", ("others", "cheaper", "place", "date", "number", "stop"), strict=True)
    )


@flow.ask(
    "buy.change",
    Choice(offer=_changes, context="ask_seats"),
    also={"more_options": "others", "price_level": "cheaper"},
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
    """Cheaper than the last offer."""
    call.data.move = "closer" if call.said.get("price_level") == "best" else "cheaper"
    call.forget("category", "price_level")
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


# -- sold ------------------------------------------------------------------------------------------------------------


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


@flow.ask(
    "buy.sold",
    Choice(offer=lambda call: (Option("another", "1"),), context="any", seconds=12),
    tells=lambda call: {"reference": call.data.reference, "total": call.data.total},
    silent="done",
    to={"another": "once_more", "done": "goodbye"},
)
def sold(call: Call, what: Any) -> str:
    """The reference is read out, slowly; 1 for another purchase, or simply hang up."""
    return "another" if what in ("another", "yes") else "done"


@flow.do(to={"again": "which"})
def once_more(call: Call) -> str:
    """Another purchase begins with a clean sheet."""
    call.said.clear()
    call.data.__init__()
    return "again"


flow.end("goodbye", "main.goodbye")
