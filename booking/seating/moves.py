"""«Closer», «further to the left», «cheaper»: from the seats last offered to others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from booking.halls.hall import Hall
from booking.seating.bits import union_of
from booking.seating.hall_masks import depth, masks_of
from booking.wishes import Wish


def seats_moved_to(hall: Hall, wish: Wish, prices: Mapping[str, int]) -> int:
    """The seats that lie where a move leads, seen from the seats last offered; all of them without a move."""
    masks = masks_of(hall)
    last = [hall.by_id[seat_id] for seat_id in wish.near or ()]
    if wish.move == "closer":
        return masks.closer_than(min(map(depth, last)))
    if wish.move == "further_back":
        return masks.further_than(max(map(depth, last)))
    if wish.move == "further_left":
        return masks.left_of(min(seat.x for seat in last))
    if wish.move == "further_right":
        return masks.right_of(max(seat.x for seat in last))
    if wish.move == "cheaper":
        least = min(prices.get(seat.category, 0) for seat in last)
        return union_of(mask for category, mask in masks.categories.items() if prices.get(category, least) < least)
    return hall.everything


def neighbourhoods(hall: Hall, wish: Wish) -> Iterator[int]:
    """Where to look first, given the seats last offered: in their row if aside, in their section; then anywhere."""
    if wish.near:
        masks = masks_of(hall)
        last = [hall.by_id[seat_id] for seat_id in wish.near]
        section = union_of(masks.sections[seat.section] for seat in last)
        if wish.move in ("further_left", "further_right", None):
            yield section & union_of(masks.rows[str(seat.row)] for seat in last)
        if wish.move != "cheaper":
            yield section
    yield hall.everything
