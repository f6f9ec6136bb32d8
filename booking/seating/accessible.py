"""Wheelchair places, each with the companion's seat beside it; handed out to nobody who did not ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from booking.halls.seat import Seat
from booking.seating.arrangement import Arrangement, Reason, Refusal
from booking.seating.search import Search

ROWS, ASIDE, ALONG = 2, 6, 24


def wheelchair_places(search: Search) -> Arrangement | Refusal:
    """Places for the wheelchair users, companions beside them, the rest of the party as near as can be."""
    wish, places = search.wish, tuple(_places(search))
    ways = [seats for anchor in places if (seats := _around(search, anchor, places)) and search.accepts((seats,))]
    if ways:
        seats = min(ways, key=lambda way: _order(search, way))
        groups = search.groups(seats)
        return search.arrange("together" if len(groups) == 1 else "near", groups)
    left = len(places)
    if not search.free & search.masks.wheelchairs:
        return Refusal("sold_out", wish.quantity, left=0, drop=("wheelchair",))
    reason: Reason = "not_together" if left >= wish.wheelchair else "nothing_matches"
    return Refusal(reason, wish.quantity, left=left, drop=("wheelchair",))


def _places(search: Search) -> Iterator[Seat]:
    """The free wheelchair places that answer the wish, and whose companion's seat is free if one is needed."""
    accompanied = search.wish.quantity > search.wish.wheelchair
    for seat in search.hall.seats_in(search.free & search.allowed & search.masks.wheelchairs):
        if not accompanied or (seat.companion and _is_free(search, seat.companion)):
            yield seat


def _is_free(search: Search, seat_id: str) -> bool:
    return bool(search.free >> search.hall.positions[seat_id] & 1)


def _around(search: Search, anchor: Seat, places: tuple[Seat, ...]) -> tuple[Seat, ...] | None:
    """The party around one wheelchair place; None if it does not fit into that section."""
    wish = search.wish
    others = [seat for seat in places if seat.section == anchor.section and seat is not anchor]
    users = [anchor, *sorted(others, key=lambda seat: _way(seat, anchor))[: wish.wheelchair - 1]]
    if len(users) < wish.wheelchair:
        return None
    companions = islice((seat.companion for seat in users if seat.companion), wish.quantity - wish.wheelchair)
    seats = [*users, *(search.hall.by_id[seat_id] for seat_id in companions)]
    rest = wish.quantity - len(seats)
    if rest:
        around = search.masks.window(search.hall.positions[anchor.id], ROWS, ASIDE, ALONG)
        ordinary = search.hall.seats_in(search.pool & around)
        seats += sorted(ordinary, key=lambda seat: _way(seat, anchor))[:rest]
    return tuple(seats) if len(seats) == wish.quantity else None


def _way(seat: Seat, other: Seat) -> float:
    return (seat.x - other.x) ** 2 + (seat.y - other.y) ** 2


def _order(search: Search, seats: tuple[Seat, ...]) -> tuple[float, ...]:
    """The cheapest first if so wished, else the best, else those closest to each other."""
    price = search.price(seats) if search.wish.price_level in ("cheapest", "low") else 0
    return price, *search.goodness(seats[: search.wish.wheelchair]), sum(_way(seat, seats[0]) for seat in seats)
