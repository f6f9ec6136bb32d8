"""What a caller would like: how many seats, where, at what price, and what was offered before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from booking.halls.seat import VIEWS

Side = Literal["left", "right"]
Parity = Literal["odd", "even"]
Position = Literal["centre", "side", "aisle", "front", "back"]
PriceLevel = Literal["cheapest", "low", "best"]
Move = Literal["closer", "further_back", "further_left", "further_right", "cheaper"]

SIDES = ("left", "right")
PARITIES = ("odd", "even")
POSITIONS = ("centre", "side", "aisle", "front", "back")
PRICE_LEVELS = ("cheapest", "low", "best")
MOVES = ("closer", "further_back", "further_left", "further_right", "cheaper")
MOST_SEATS = 9


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about a wish that cannot be: the field, what stood there, and why not."""

    field: str
    value: Any
    problem: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for; everything but the quantity may be left open.

    Prices are whole cents: `max_price` and `min_price` for each seat, `max_total` for the party.
    `together` is None (side by side if possible, else the ladder), True (insisted on) or False (no matter).
    `view` is the least view accepted. `near` are the seats last offered, from which `move` moves.
    `wheelchair` counts the wheelchair users among `quantity`.
    A wish may be made of anything; `faults()` tells what is wrong with it.
    """

    quantity: int
    category: str | None = None
    categories: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    not_sections: tuple[str, ...] = ()
    rows: tuple[int | str, ...] | None = None
    row_max: int | None = None
    side: Side | None = None
    parity: Parity | None = None
    position: Position | None = None
    not_position: Position | None = None
    max_price: int | None = None
    min_price: int | None = None
    max_total: int | None = None
    view: str | None = None
    price_level: PriceLevel | None = None
    together: bool | None = None
    named: tuple[str, ...] = ()
    step_free: bool = False
    wheelchair: int = 0
    strapontin: bool = False
    avoid: tuple[str, ...] = ()
    near: tuple[str, ...] | None = None
    move: Move | None = None

    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong with this wish whatever the hall; empty when it can be searched for."""
        return (*_bad_numbers(self), *_bad_words(self), *_bad_pairs(self))


def _is_whole(value: Any) -> bool:
    """True and False are numbers to Python, but no caller wishes for True seats."""
    return isinstance(value, int) and not isinstance(value, bool)


def _bad_numbers(wish: Wish) -> Iterator[Fault]:
    if not _is_whole(wish.quantity) or not 1 <= wish.quantity <= MOST_SEATS:
        yield Fault("quantity", wish.quantity, f"a whole number from 1 to {MOST_SEATS}")
    if not _is_whole(wish.wheelchair) or wish.wheelchair < 0:
        yield Fault("wheelchair", wish.wheelchair, "a whole number, 0 or more")
    for name in ("max_price", "min_price", "max_total"):
        value = getattr(wish, name)
        if value is not None and (not _is_whole(value) or value < 0):
            yield Fault(name, value, "whole cents, 0 or more")
    if wish.row_max is not None and (not _is_whole(wish.row_max) or wish.row_max < 1):
        yield Fault("row_max", wish.row_max, "a whole number, 1 or more")


_WORDS = (
    ("side", SIDES), ("parity", PARITIES), ("position", POSITIONS), ("not_position", POSITIONS), ("view", VIEWS),
    ("price_level", PRICE_LEVELS), ("move", MOVES),
)  # fmt: skip


def _bad_words(wish: Wish) -> Iterator[Fault]:
    for name, words in _WORDS:
        value = getattr(wish, name)
        if value is not None and value not in words:
            yield Fault(name, value, "one of " + ", ".join(words))


def _bad_pairs(wish: Wish) -> Iterator[Fault]:
    if wish.named and (len(set(wish.named)) != len(wish.named) or len(wish.named) != wish.quantity):
        yield Fault("named", wish.named, "as many different seats as the quantity")
    if _is_whole(wish.wheelchair) and _is_whole(wish.quantity) and wish.wheelchair > wish.quantity > 0:
        yield Fault("wheelchair", wish.wheelchair, "not more than the quantity")
    if wish.move is not None and not wish.near:
        yield Fault("move", wish.move, "needs `near`, the seats last offered")
