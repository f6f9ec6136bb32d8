"""Which seats and which blocks a wish allows, as bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from booking.halls.hall import Hall
from booking.seating.bits import touching, union_of
from booking.seating.hall_masks import HallMasks, masks_of
from booking.seating.placements import placements
from booking.wishes import Wish

Prices = Mapping[str, int]


def seats_allowed(hall: Hall, wish: Wish, prices: Prices) -> int:
    """The seats that answer a wish, free or not; folding seats and wheelchair places are for others to sort out."""
    masks = masks_of(hall)
    allowed = _by_place(masks, wish)
    if not _sells_all(hall, wish, prices):
        allowed &= union_of(masks.categories[category] for category in categories_allowed(hall, wish, prices))
    if wish.view:
        allowed &= masks.at_least[wish.view]
    if wish.step_free:
        allowed &= masks.step_free
    if wish.avoid:
        allowed &= ~hall.mask(seat_id for seat_id in wish.avoid if seat_id in hall.by_id)
    return allowed


def categories_allowed(hall: Hall, wish: Wish, prices: Prices) -> tuple[str, ...]:
    """The categories that have a price and that a wish does not exclude, dearest first."""
    named = {*wish.categories, wish.category} - {None}
    return tuple(
        category.id
        for category in hall.categories
        if category.id in prices
        and (not named or category.id in named)
        and _fits(prices[category.id], wish.min_price, wish.max_price)
    )


def blocks_allowed(hall: Hall, starts: int, wish: Wish, prices: Prices) -> int:
    """Of some starts of blocks, those that answer what is wished of the block as a whole: an aisle, a total."""
    masks = masks_of(hall)
    if wish.position == "aisle":
        starts &= touching(masks.aisles, wish.quantity)
    if wish.not_position == "aisle":
        starts &= ~touching(masks.aisles, wish.quantity)
    if wish.max_total is not None:
        starts &= _not_dearer(hall, wish.quantity, tuple(prices.items()), wish.max_total)
    return starts


def _fits(price: int, least: int | None, most: int | None) -> bool:
    return (least is None or price >= least) and (most is None or price <= most)


def _sells_all(hall: Hall, wish: Wish, prices: Prices) -> bool:
    """Whether neither category nor price leaves anything out: most wishes of the telephone."""
    asks = wish.category or wish.categories or wish.min_price is not None or wish.max_price is not None
    return not asks and len(prices) == len(hall.categories)


def _by_place(masks: HallMasks, wish: Wish) -> int:
    allowed = masks.hall.everything
    if wish.sections:
        allowed = _sections(masks, wish.sections)
    if wish.not_sections:
        allowed &= ~_sections(masks, wish.not_sections)
    if wish.rows:
        allowed &= union_of(masks.rows.get(str(row), 0) for row in wish.rows) & _rows_or_boxes(masks, wish)
    if wish.row_max is not None:
        allowed &= masks.rows_up_to(wish.row_max)
    if wish.side:
        allowed &= masks.sides[wish.side]
    if wish.parity:
        allowed &= masks.parities[wish.parity]
    # An aisle is wished for the party, not for each of its seats: blocks_allowed sees to it.
    if wish.position and wish.position != "aisle":
        allowed &= masks.positions[wish.position]
    if wish.not_position and wish.not_position != "aisle":
        allowed &= ~masks.positions[wish.not_position]
    return allowed


def _sections(masks: HallMasks, names: Iterable[str]) -> int:
    """The seats of some sections, named by id or by a place such as "ground"."""
    return union_of(masks.sections[section] for name in names for section in masks.hall.sections_named(name))


def _rows_or_boxes(masks: HallMasks, wish: Wish) -> int:
    """«Rang douze» is no box; where boxes were named, it is."""
    named = [masks.hall.section(section) for name in wish.sections for section in masks.hall.sections_named(name)]
    return masks.hall.everything if any(section.layout == "boxes" for section in named) else masks.in_rows


@lru_cache(maxsize=256)
def _not_dearer(hall: Hall, size: int, prices: tuple[tuple[str, int], ...], total: int) -> int:
    cents = dict(prices)
    mixes = placements(hall, size).by_mix.items()
    return union_of(
        starts
        for mix, starts in mixes
        if all(category in cents for category, _ in mix) and sum(cents[it] * count for it, count in mix) <= total
    )

