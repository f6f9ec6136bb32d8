"""The best seats for a party: pure, from what is free and what is wished to seats or a refusal.

In this order: what the caller wishes; seats side by side in one row; nobody left alone beside them if that can be
avoided; the better category; the better view; the nearer to the middle of the full row; then the seed, or the house's taste.
A party that cannot sit together goes down the ladder (`ladder.py`); folding seats come when nothing else is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from booking.allowed import blocks_allowed, seats_allowed
from booking.arrangement import Arrangement, Refusal
from booking.bits import lonely, starts_of
from booking.hall import Hall
from booking.hall_masks import masks_of
from booking.placements import placements
from booking.wishes import Wish


@dataclass(frozen=True, slots=True)
class Search:
    """One search: the hall, its free seats as bits, the wish, cents by category, and the seed that draws among equals."""

    hall: Hall
    free: int
    wish: Wish
    prices: Mapping[str, int]
    seed: int | None = None


def best_seats(
    hall: Hall, free: int, wish: Wish, prices: Mapping[str, int], *, seed: int | None = None
) -> Arrangement | Refusal:
    """The best seats of those that are free; categories without a price are not for sale."""
    search = Search(hall, free, wish, prices, seed)
    pool = free & masks_of(hall).ordinary & seats_allowed(hall, wish, prices)
    size = wish.quantity
    starts = blocks_allowed(hall, starts_of(pool, size), wish, prices)
    if not starts:
        return Refusal("not_together", size)
    good = starts & ~lonely(free & masks_of(hall).ordinary, size)
    start = placements(hall, size).first(good or starts, seed)
    seats = tuple(hall.seat_at[start : start + size])
    return Arrangement(seats, "together", (seats,))  # type: ignore[arg-type]
