"""Why there are no seats: the reason, the facts a voice needs, and what would help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from booking.halls.hall import Hall
from booking.seating.allowed import categories_allowed
from booking.seating.arrangement import Refusal
from booking.seating.bits import longest, starts_of
from booking.seating.search import Search, search_for
from booking.wishes import Fault, Wish

OPEN: dict[str, Any] = {
    "sections": (), "not_sections": (), "rows": None, "row_max": None, "side": None, "parity": None, "position": None,
    "not_position": None, "view": None, "step_free": False, "strapontin": False, "avoid": (), "move": None,
    "min_price": None, "max_price": None, "max_total": None,
}  # fmt: skip
"""The parts of a wish that may be in the way, with what they are when nothing is wished."""
ANY_CATEGORY: dict[str, Any] = {"category": None, "categories": ()}
ANY_PRICE: dict[str, Any] = {"min_price": None, "max_price": None, "max_total": None}


def faults_in(hall: Hall, wish: Wish) -> tuple[Fault, ...]:
    """What is wrong with a wish, by itself or in this hall."""
    named = wish.sections or wish.not_sections or wish.category or wish.categories or wish.near
    return wish.faults() or (tuple(_unknown_here(hall, wish)) if named else ())


def refusal(search: Search) -> Refusal:
    """Why a search found nothing."""
    search, size = _with(search, search.wish), search.wish.quantity
    for_sale = _with(search, Wish(size))
    if for_sale.pool.bit_count() < size:
        return Refusal("sold_out", size, left=for_sale.pool.bit_count(), longest=longest(for_sale.pool))
    drop = tuple(_in_the_way(search))
    if search.pool.bit_count() < size:
        return _too_few(search, drop)
    if "max_total" in drop:
        return _too_dear(search, drop)
    return _refuse(search, "not_together", drop)


def _too_few(search: Search, drop: tuple[str, ...]) -> Refusal:
    wish = search.wish
    if {"max_price", "max_total"} & set(drop):
        return _too_dear(search, drop)
    only = _with(search, Wish(wish.quantity, category=wish.category, categories=wish.categories))
    if (wish.category or wish.categories) and only.pool.bit_count() < wish.quantity:
        return replace(_refuse(search, "sold_out", drop), left=only.pool.bit_count(), longest=longest(only.pool))
    return _refuse(search, "nothing_matches", drop)


def _too_dear(search: Search, drop: tuple[str, ...]) -> Refusal:
    wish = search.wish
    dearer = _with(search, replace(wish, **ANY_PRICE))
    there = [search.prices[seat.category] for seat in search.hall.seats_in(dearer.pool)]
    asked = wish.max_price if wish.max_price is not None else (wish.max_total or 0) // wish.quantity
    return replace(_refuse(dearer, "price", drop), asked=asked, cheapest=min(there, default=None))


def _refuse(search: Search, reason: Any, drop: tuple[str, ...]) -> Refusal:
    wish = search.wish
    return Refusal(
        reason, wish.quantity, left=search.pool.bit_count(), longest=longest(search.pool),
        category=wish.category or (wish.categories[0] if wish.categories else None), drop=drop,
        instead=tuple(_categories_instead(search)),
    )  # fmt: skip


def _categories_instead(search: Search) -> Iterator[str]:
    """The categories, other than those wished for, in which the whole party would sit side by side."""
    wish = search.wish
    free = _with(search, replace(wish, **ANY_CATEGORY))
    named = {wish.category, *wish.categories}
    for category in categories_allowed(search.hall, free.wish, search.prices):
        if category not in named and starts_of(free.pool & search.masks.categories[category], wish.quantity):
            yield category


def _in_the_way(search: Search) -> Iterator[str]:
    """The parts of the wish without any one of which there would be enough seats."""
    wish = search.wish
    for name, nothing in OPEN.items():
        if getattr(wish, name) != nothing and _would_do(search, {name: nothing}):
            yield name
    if (wish.category or wish.categories) and _would_do(search, ANY_CATEGORY):
        yield "category"


def _would_do(search: Search, change: dict[str, Any]) -> bool:
    without = _with(search, replace(search.wish, **change))
    pool = without.pool
    return pool.bit_count() >= search.wish.quantity and (
        search.pool.bit_count() < search.wish.quantity or bool(starts_of(pool, search.wish.quantity))
    )


def _with(search: Search, wish: Wish) -> Search:
    """The same search with another wish; folding seats count only where they were asked for."""
    return search_for(search.hall, search.free, wish, search.prices, folding=True)


def _unknown_here(hall: Hall, wish: Wish) -> Iterator[Fault]:
    """Sections, categories and seats that this hall does not have."""
    categories = {category.id for category in hall.categories}
    for name in ("sections", "not_sections"):
        for section in getattr(wish, name):
            if section not in hall.places and not hall.sections_named(section):
                yield Fault(name, section, f"a section of {hall.id}")
    for category in (*wish.categories, *([wish.category] if wish.category else [])):
        if category not in categories:
            yield Fault("category", category, f"a category of {hall.id}")
    for seat in wish.near or ():
        if seat not in hall.by_id:
            yield Fault("near", seat, f"a seat of {hall.id}")
