"""The ladder for a party that cannot sit side by side: adjacent rows, the same box, near each other, apart at last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice, product

from booking.halls.seat import Seat
from booking.seating.arrangement import Arrangement, Kind
from booking.seating.bits import touching, union_of
from booking.seating.placements import placements
from booking.seating.search import Groups, Search

SPLITS: dict[int, tuple[tuple[int, ...], ...]] = {
    2: ((1, 1),),
    3: ((2, 1),),
    4: ((2, 2), (3, 1)),
    5: ((3, 2), (4, 1)),
    6: ((3, 3), (4, 2), (2, 2, 2)),
    7: ((4, 3), (5, 2), (3, 2, 2)),
    8: ((4, 4), (5, 3), (6, 2), (3, 3, 2), (2, 2, 2, 2)),
    9: ((5, 4), (6, 3), (7, 2), (3, 3, 3)),
}
"""How a party parts, the most even first: nobody sits alone while two can sit side by side."""
TRIES = 48
FEW = 3
WINDOWS = ((1, 3, 12), (2, 6, 24))
"""Near each other: so many rows before and behind and seats aside; in boxes, so many bits along the tier."""


def down_the_ladder(search: Search) -> Arrangement | None:
    """The best the party can have if not side by side; None if its seats would not even be near each other."""
    if search.wish.quantity < 2 or search.wish.together:
        return None
    for pool in _pools(search):
        narrowed = replace(search, pool=pool)
        for kind, rung in RUNGS.items():
            if groups := _best(narrowed, rung(narrowed), FEW if kind == "2+2" else 0):
                return search.arrange(kind, groups)
    return None


def _pools(search: Search) -> Iterator[int]:
    """All seats; for low prices first the cheapest category, then the two cheapest …; for a total what fits it."""
    pool, wide_enough, total = 0, search.wish.quantity, search.wish.max_total
    if search.wish.price_level not in ("cheapest", "low"):
        if total is not None:
            fitting = (it for it, price in search.prices.items() if price * search.wish.quantity <= total)
            yield search.pool & union_of(search.masks.categories[category] for category in fitting)
        yield search.pool
        return
    for category in sorted(search.prices, key=lambda it: search.prices[it]):
        here = search.pool & search.masks.categories[category]
        pool |= here
        if here and pool.bit_count() >= wide_enough:
            yield pool


def _best(search: Search, found: Iterator[Groups], few: int) -> Groups | None:
    """The first that answers the wish; one of a single category rather than a mixed one, if it is among the next."""
    accepted = (groups for groups in islice(found, TRIES) if search.accepts(groups))
    first = next(accepted, None)
    if first is None or _is_uniform(first):
        return first
    return next(filter(_is_uniform, islice(accepted, few)), first)


def _is_uniform(groups: Groups) -> bool:
    return len({seat.category for seat in _seats(groups)}) == 1


def _seats(groups: Groups) -> tuple[Seat, ...]:
    return tuple(seat for group in groups for seat in group)


def _rows_behind_rows(search: Search) -> Iterator[Groups]:
    """The party in two, three or four groups, one row behind the other, the larger ones in front or behind."""
    if search.wish.strapontin:
        return  # who asks for folding seats gets one of them with the seats around it
    blocks = {1: search.pool & search.masks.in_rows}
    for size in range(2, search.wish.quantity):
        blocks[size] = blocks[size - 1] & blocks[1] >> size - 1
    for split in SPLITS[search.wish.quantity]:
        for sizes in dict.fromkeys((split, split[::-1])):
            if _fronts(search, sizes, blocks):
                good = {size: search.unlonely(blocks[size], size) for size in set(sizes)}
                yield from _stacked(search, sizes, good)
                yield from _stacked(search, sizes, blocks)


def _stacked(search: Search, sizes: tuple[int, ...], blocks: dict[int, int]) -> Iterator[Groups]:
    fronts = _fronts(search, sizes, blocks)
    for front in placements(search.hall, sizes[0]).in_order(fronts, search.seed):
        if groups := _behind(search, front, sizes, blocks):
            yield groups


def _fronts(search: Search, sizes: tuple[int, ...], blocks: dict[int, int]) -> int:
    """The starts of front groups with room for the next group in the row behind, in all sections at once."""
    steps = _steps(sizes[0], sizes[1])
    behind = touching(blocks[sizes[1]], len(steps))
    return blocks[sizes[0]] & behind >> search.hall.stride + min(steps)


@cache
def _steps(front: int, behind: int) -> tuple[int, ...]:
    """How far to the right the group behind may begin, best centred first; at most one seat beside the front one."""
    centre = (front - behind) / 2
    steps = range(min(0, front - behind) - 1, max(0, front - behind) + 2)
    return tuple(sorted(steps, key=lambda step: abs(step - centre)))


def _behind(search: Search, front: int, sizes: tuple[int, ...], blocks: dict[int, int]) -> Groups | None:
    """The groups from a front one backwards, each as well centred behind the one before as can be."""
    first = search.block(front, sizes[0])
    if len(sizes) == 1:
        return (first,)
    for step in _steps(sizes[0], sizes[1]):
        start = front + search.hall.stride + step
        if blocks[sizes[1]] >> start & 1 and (rest := _behind(search, start, sizes[1:], blocks)):
            return (first, *rest)
    return None


def _same_box(search: Search) -> Iterator[Groups]:
    """The boxes with enough free seats, the best first; in a box, the front seats first."""
    size = search.wish.quantity
    for box in search.masks.boxes if size <= search.masks.largest_box else ():
        here = search.pool & box
        if here and here.bit_count() >= size:
            yield search.groups(search.hall.seats_in(here)[:size])


def _near(search: Search) -> Iterator[Groups]:
    """The seats nearest to one seat, within a few rows and seats of it, the best seat first."""
    middles = tuple(islice(placements(search.hall, 1).in_order(_middles(search), search.seed), TRIES))
    for (rows, aside, along), place in product(WINDOWS, middles):
        around = search.pool & search.masks.window(place, rows, aside, along)
        if around.bit_count() >= search.wish.quantity:
            seats = search.hall.seats_in(around)
            yield search.groups(_nearest(search.block(place, 1)[0], seats, search.wish.quantity))


def _middles(search: Search) -> int:
    """The seats to sit around: a folding seat, an aisle seat, where one was asked for."""
    if search.wish.strapontin:
        return search.pool & search.masks.strapontins
    return search.pool & search.masks.aisles if search.wish.position == "aisle" else search.pool


def _apart(search: Search) -> Iterator[Groups]:
    """The best seats one by one, wherever they are, for who does not mind."""
    if search.wish.together is not False:
        return
    places = tuple(islice(placements(search.hall, 1).in_order(search.pool, search.seed), search.wish.quantity))
    if len(places) == search.wish.quantity:
        yield tuple(search.block(place, 1) for place in places)


RUNGS: Mapping[Kind, Callable[[Search], Iterator[Groups]]] = {
    "2+2": _rows_behind_rows,
    "same_box": _same_box,
    "near": _near,
    "apart": _apart,
}


def _nearest(middle: Seat, seats: tuple[Seat, ...], size: int) -> tuple[Seat, ...]:
    return tuple(sorted(seats, key=lambda seat: (seat.x - middle.x) ** 2 + (seat.y - middle.y) ** 2)[:size])
