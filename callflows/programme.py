"""Flow: hear the programme, choose a production."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from booking import Production
from callflows.answers import Choice, Option
from callflows.language import RETURN, Call, Flow
from callflows.options import words_for
from callflows.repertoire import narrows, suited

PAGE = 4
"""More titles than this nobody remembers."""


@dataclass
class Leaf:
    """Which page of the programme the caller hears."""

    page: int = 0


flow = Flow("programme", first="browse", data=Leaf)


def upcoming(call: Call) -> list[Production]:
    """Productions still to come, the next one first; only those that fit, if a kind or a house was said."""
    productions = call.booking.programme()
    fitting = suited(productions, call.said, call.now) if narrows(call.said) else []
    return fitting or suited(productions, {}, call.now)


def _page(call: Call) -> Sequence[Option]:
    productions = upcoming(call)
    pages = max(1, -(-len(productions) // PAGE))
    first = call.data.page % pages * PAGE
    return [
        Option(production.id, str(key), (production.title,), {"title": production.title})
        for key, production in enumerate(productions[first : first + PAGE], start=1)
    ]


def _pages(call: Call) -> Sequence[Option]:
    more = Option("more", "9", words_for("more.more", call.language), prompt="programme.more", confirm="no")
    return (*_page(call), more) if len(upcoming(call)) > PAGE else _page(call)


def _turn_or_take(call: Call, production: Any) -> str:
    if production != "more":
        return "chosen" if production else "unknown"
    call.forget("production")
    call.data.page += 1
    return "more"


LISTED = Choice(offer=_pages, each="programme.option", context="ask_production", patience="long")


@flow.ask("programme.list", LISTED, slot="production", to={"more": "pick", "chosen": RETURN, "unknown": "pick_unknown"})
def pick(call: Call, production: Any) -> str:
    """A caller who is buying chooses from the list, a few titles at a time."""
    return _turn_or_take(call, production)


@flow.ask("programme.browse", LISTED, slot="production", to={"more": "browse", "chosen": "about", "unknown": "unknown"})
def browse(call: Call, production: Any) -> str:
    """Whoever wants to know what is on hears the titles and chooses one."""
    return _turn_or_take(call, production)


flow.tell("pick_unknown", "buy.not_in_programme", to="pick", forgets=("production",))
flow.tell("unknown", "buy.not_in_programme", to="browse", forgets=("production",))


def _about(call: Call) -> dict[str, Any]:
    production = next(p for p in call.booking.programme() if p.id == call.said["production"])
    days = [performance.local.date().isoformat() for performance in production.performances]
    prices = [price for performance in production.performances for price in performance.prices.values()]
    return {
        "title": production.title,
        "author": production.composer or production.choreographer or "",
        "hall": production.hall,
        "first": days[0],
        "last": days[-1],
        "count": len(days),
        "lowest": min(prices),
    }


flow.tell("about", "programme.about", to="afterwards", tells=_about)


@flow.ask(
    "programme.next",
    Choice(
        offer=lambda call: (Option("book", "1"), Option("info_show", "2"), Option("menu", "3")), context="main_menu"
    ),
    slot="intent",
    to={"book": "buy_seats.which", "others": "again", "menu": "leave"},
)
def afterwards(call: Call, intent: Any) -> str:
    """Book this one, hear of others, or go back to the beginning."""
    call.forget("intent")
    return {"book": "book", "availability": "book", "info_show": "others"}.get(intent, "menu")


@flow.do(to={"browse": "browse"})
def again(call: Call) -> str:
    """The title that was heard about is put aside."""
    call.forget("production")
    return "browse"


@flow.do(to={"done": RETURN})
def leave(call: Call) -> str:
    """Back to where the caller came from."""
    call.forget("production")
    return "done"
