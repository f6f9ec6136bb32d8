"""Steps: how many seats, and where in the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from booking import (
    read_hall,
)
from callflows.answers import Choice, Number, Option
from callflows.buy_seats.purchase import (
    CATEGORIES_READ_OUT,
    MOST_SEATS,
    flow,
    the_performance,
)
from callflows.language import Call
from callflows.options import words_for
from callflows.wish import WHERE


@flow.ask(
    "buy.how_many", Number(high=99), slot="quantity", to={"few": "where", "group": "to_agent.group", "none": "nobody"}
)
def how_many(call: Call, quantity: int) -> str:
    """Up to nine seats are sold by telephone; groups go to a person."""
    if quantity < 1:
        return "none"
    return "few" if quantity <= MOST_SEATS else "group"


flow.tell("nobody", "buy.how_many.unclear", to="how_many", forgets=("quantity",))


def _categories(call: Call) -> Sequence[Option]:
    hall = read_hall(the_performance(call).hall)
    open_ones = [c for c in call.booking.categories(call.said["performance"]) if c.free >= 1]
    if call.data.instead:  # after a refusal: only what can really be had
        open_ones = [c for c in open_ones if c.id in call.data.instead] or open_ones
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
    named = Option("named", "7", words_for("where.named", call.language), prompt="buy.named_option")
    best = Option("any", "8", words_for("where.any", call.language), prompt="buy.best_option")
    others = Option("more", "9", words_for("more.more", call.language), prompt="buy.more_categories")
    more = (others,) if pages > 1 else ()
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
    call.data.offered, call.data.declined, call.data.instead, call.data.move = [], [], [], ""
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
