"""The best seats for a party: pure, from what is free and what is wished to seats or a refusal.

In this order: what the caller wishes; seats side by side in one row; nobody left alone beside them if that can be
avoided; the better category; the better view; the nearer to the middle of the full row; then the seed, or the house's
taste. Who wishes for a price level or a move puts that before the neighbour left alone. A party that cannot sit
together goes down the ladder; folding seats come when nothing else is left, wheelchair places only to who needs them.
Folding seats and wheelchair places are nobody's neighbours: a seat with only them beside it is alone, and none of them
is ever left alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from booking.halls.hall import Hall
from booking.seating.accessible import wheelchair_places
from booking.seating.arrangement import Arrangement, Refusal
from booking.seating.ladder import down_the_ladder
from booking.seating.named import named_seats
from booking.seating.refusals import faults_in, refusal
from booking.seating.search import Search, search_for
from booking.seating.side_by_side import side_by_side
from booking.wishes import Wish


def best_seats(
    hall: Hall, free: int, wish: Wish, prices: Mapping[str, int], *, seed: int | None = None, spread: int = 0
) -> Arrangement | Refusal:
    """The best seats for a wish, or the reason why there are none.

    `free` is the availability (`Hall`), `prices` cents by category; a category without a price is not for sale.
    A seed draws among equals, so that a crowd does not fight for one block; without it the house's taste decides.
    Who lost a block to somebody quicker may try again with a `spread`: so many ranks further from the middle.
    """
    if faults := faults_in(hall, wish):
        return Refusal("bad_wish", wish.quantity, faults=faults)
    search = search_for(hall, free, wish, prices, seed=seed, spread=spread, folding=wish.strapontin)
    if wish.named:
        return named_seats(search)
    if wish.wheelchair:
        return wheelchair_places(search)
    return _arranged(search) or _with_folding_seats(search) or refusal(search)


def _arranged(search: Search) -> Arrangement | None:
    if search.pool.bit_count() < search.wish.quantity:
        return None
    if search.wish.strapontin and not search.pool & search.masks.strapontins:
        return None
    return side_by_side(search) or down_the_ladder(search)


def _with_folding_seats(search: Search) -> Arrangement | None:
    """Nothing else is left: folding seats too."""
    if search.folding or not search.free & search.masks.strapontins & search.allowed:
        return None
    return _arranged(search.with_folding_seats())
