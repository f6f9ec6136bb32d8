"""The ladder for a party that cannot sit side by side: adjacent rows, the same box, near each other, apart at last."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby, islice

from booking.arrangement import Arrangement, Kind
from booking.bits import starts_of, touching
from booking.placements import placements
from booking.search import Groups, Search
from booking.seat import Seat

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
FEW = 5
WINDOWS = ((1, 3, 12), (2, 6, 24))
"""Near each other: so many rows before and behind and seats aside; in boxes, so many bits along the tier."""


def down_the_ladder(search: Search) -> Arrangement | None:
    """The best the party can have if not side by side; None if its seats would not even be near each other."""
    if search.wish.quantity < 2 or search.wish.together:
        return None
    rungs: tuple[tuple[Kind, Iterator[Groups]], ...] = (
        # Who asks for folding seats gets one of them with the seats around it.
        ("2+2", _rows_behind_rows(search) if not search.wish.strapontin else iter(())),
        ("same_box", _same_box(search)),
        ("near", _near(search)),
        ("apart", _apart(search) if search.wish.together is False else iter(())),
    )
    for kind, found in rungs:
        if groups := _best(search, found):
            return search.arrange(kind, groups)
    return None


def _best(search: Search, found: Iterator[Groups]) -> Groups | None:
    """The first that answers the wish; one of a single category rather than a mixed one, a cheaper one if so wished."""
    accepted = (groups for groups in islice(found, TRIES) if search.accepts(groups))
    if search.wish.price_level == "cheapest":
        return min(accepted, key=lambda groups: search.price(_seats(groups)), default=None)
    first = next(accepted, None)
    if first is None or _is_uniform(first):
        return first
    return next(filter(_is_uniform, islice(accepted, FEW)), first)


def _is_uniform(groups: Groups) -> bool:
    return len({seat.category for seat in _seats(groups)}) == 1


def _seats(groups: Groups) -> tuple[Seat, ...]:
    return tuple(seat for group in groups for seat in group)


def _rows_behind_rows(search: Search) -> Iterator[Groups]:
    """The party in two, three or four groups, one row behind the other, the larger ones in front or behind."""
    pool = search.pool & search.masks.in_rows
    blocks = {size: starts_of(pool, size) for size in range(1, search.wish.quantity)}
    good = {size: search.unlonely(starts, size) for size, starts in blocks.items()}
    for split in SPLITS[search.wish.quantity]:
        for sizes in dict.fromkeys((split, split[::-1])):
            if _fronts(search, sizes, blocks):
                yield from _stacked(search, sizes, good)
                yield from _stacked(search, sizes, blocks)


def _stacked(search: Search, sizes: tuple[int, ...], blocks: dict[int, int]) -> Iterator[Groups]:
    for front in placements(search.hall, sizes[0]).in_order(_fronts(search, sizes, blocks)):
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
    found = []
    for box in search.masks.boxes.values():
        here = search.pool & box
        if here.bit_count() >= size:
            found.append(search.hall.seats_in(here)[:size])
    for seats in sorted(found, key=search.goodness):
        yield _by_row(seats)


def _near(search: Search) -> Iterator[Groups]:
    """The seats nearest to one seat, within a few rows and seats of it, the best seat first."""
    middles = search.pool & search.masks.strapontins if search.wish.strapontin else search.pool
    singles = list(islice(placements(search.hall, 1).in_order(middles), TRIES))
    for rows, aside, along in WINDOWS:
        for place in singles:
            around = search.pool & search.masks.window(place, rows, aside, along)
            if around.bit_count() >= search.wish.quantity:
                seats = search.hall.seats_in(around)
                yield _by_row(_nearest(search.block(place, 1)[0], seats, search.wish.quantity))


def _apart(search: Search) -> Iterator[Groups]:
    """The best seats one by one, wherever they are."""
    places = tuple(islice(placements(search.hall, 1).in_order(search.pool), search.wish.quantity))
    if len(places) == search.wish.quantity:
        yield tuple(search.block(place, 1) for place in places)


def _nearest(middle: Seat, seats: tuple[Seat, ...], size: int) -> tuple[Seat, ...]:
    return tuple(sorted(seats, key=lambda seat: (seat.x - middle.x) ** 2 + (seat.y - middle.y) ** 2)[:size])


def _by_row(seats: tuple[Seat, ...]) -> Groups:
    """Seats in the order in which they are told: row by row, rank by rank, left to right."""

    def row(seat: Seat) -> tuple[str, int, str, int]:
        return seat.section, seat.row_order, seat.side if seat.in_box else "", seat.rank or 0

    ordered = sorted(seats, key=lambda seat: (row(seat), seat.x, seat.y))
    return tuple(tuple(group) for _, group in groupby(ordered, key=row))
