"""Seats side by side in one row: what the caller puts first, then nobody left alone, then the best placement."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from booking.halls.hall import Hall
from booking.seating.allowed import blocks_allowed
from booking.seating.arrangement import Arrangement
from booking.seating.bits import starts_of, touching, union_of
from booking.seating.moves import neighbourhoods
from booking.seating.placements import Mix, placements
from booking.seating.search import Search
from booking.wishes import PriceLevel


def side_by_side(search: Search) -> Arrangement | None:
    """The best block for the whole party, or None if there is none."""
    size = search.wish.quantity
    starts = blocks_of(search)
    if not starts:
        return None
    good = search.unlonely(starts, size)
    for tier in _tiers(search, starts):
        start = placements(search.hall, size).first(tier & good or tier, search.seed, search.spread)
        return search.arrange("together", (search.block(start, size),))
    return None


def blocks_of(search: Search) -> int:
    """The starts of all blocks that answer the wish."""
    size = search.wish.quantity
    starts = blocks_allowed(search.hall, starts_of(search.pool, size), search.wish, search.prices)
    if search.wish.strapontin:
        starts &= touching(search.masks.strapontins, size)
    return starts


def _tiers(search: Search, starts: int) -> Iterator[int]:
    """The starts in the order of what the caller puts first: near the last seats, then by price."""
    wish = search.wish
    near = neighbourhoods(search.hall, wish) if wish.near else iter((search.hall.everything,))
    for area in near:
        here = starts & starts_of(area, wish.quantity) if wish.near else starts
        if not here:
            continue
        if not wish.price_level:
            yield here
            continue
        for level in price_tiers(search.hall, wish.quantity, wish.price_level, tuple(search.prices.items())):
            if here & level:
                yield here & level


@lru_cache(maxsize=256)
def price_tiers(hall: Hall, size: int, level: PriceLevel, prices: tuple[tuple[str, int], ...]) -> tuple[int, ...]:
    """The placements of a hall by what a caller says of prices.

    "cheapest" from the lowest total to the highest, "best" from the first category to the last; "low" first all
    in the lower half of the prices, then the others from the lowest total.
    """
    cents = dict(prices)
    mixes = {mix: starts for mix, starts in placements(hall, size).by_mix.items() if all(it in cents for it, _ in mix)}
    if level == "best":
        return tuple(mixes.values())
    rising = _by_total(mixes, cents)
    if level == "cheapest":
        return tuple(rising.values())
    middle = (min(cents.values()) + max(cents.values())) / 2 * size
    low = [starts for total, starts in rising.items() if total <= middle]
    return (union_of(low), *(starts for total, starts in rising.items() if total > middle))


def _by_total(mixes: dict[Mix, int], cents: dict[str, int]) -> dict[int, int]:
    totals: dict[int, int] = {}
    for mix, starts in mixes.items():
        total = sum(cents[category] * count for category, count in mix)
        totals[total] = totals.get(total, 0) | starts
    return dict(sorted(totals.items()))
