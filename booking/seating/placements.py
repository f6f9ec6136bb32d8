"""Every block of seats side by side a hall has, best first, as bits: worked out once for each size of party."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby

from booking.halls.hall import Hall
from booking.halls.seat import VIEWS, Seat
from booking.seating.bits import mask_of, nth, places_of, union_of
from booking.wishes import MOST_SEATS

RANKS_IN_A_SHELF = 20
Mix = tuple[tuple[str, int], ...]
Rank = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Placement:
    """A block of neighbouring seats: its first bit, how good it is, and which of equals to take."""

    start: int
    rank: Rank
    """Category of the worst seat, whether categories are mixed, the worst view, half seats from the row's middle."""
    taste: tuple[int, int, bool]
    """Section as listed, rows from the section's best one, right side: decides among equals when there is no seed."""
    mix: Mix
    """How many seats of each category."""


class Placements:
    """The placements of a hall for one size of party."""

    def __init__(self, hall: Hall, size: int) -> None:
        found = sorted(_placements(hall, size), key=lambda placement: placement.rank)
        by_rank = [(rank, mask_of(p.start for p in equals)) for rank, equals in groupby(found, key=lambda p: p.rank)]
        self._ranks = [mask for _, mask in by_rank]
        self._kinds = [rank[:3] for rank, _ in by_rank]
        self._tastes = {p.start: p.taste for p in found}
        self._found = found

    def first(self, starts: int, seed: int | None = None, spread: int = 0) -> int:
        """The best of some starts (there must be one); among equals the one the seed draws, or the house's taste.

        With `spread` the seed draws among that many more ranks too, of the same category and view: a little further
        from the middle, for who was too late for the best.
        """
        for at, (shelf, ranks) in enumerate(self._shelves):
            if starts & shelf:
                for index, rank in enumerate(ranks, start=at * RANKS_IN_A_SHELF):
                    if equals := starts & rank:
                        return self._one_of(self._spread(starts, index, spread) if spread else equals, seed)
        raise ValueError("no placement begins at any of these bits")

    def _spread(self, starts: int, index: int, spread: int) -> int:
        """The starts of a rank and of the next few that have any, as long as category and view stay the same."""
        kind, found = self._kinds[index], 0
        while spread >= 0 and index < len(self._ranks) and self._kinds[index] == kind:
            here = starts & self._ranks[index]
            found, spread, index = found | here, spread - bool(here), index + 1
        return found

    def in_order(self, starts: int, seed: int | None = None) -> Iterator[int]:
        """Some starts from the best to the last; among equals the seed says with which to begin."""
        for shelf, ranks in self._shelves:
            if starts & shelf:
                for rank in ranks:
                    if equals := starts & rank:
                        yield from _turned(list(places_of(equals)), seed or 0)

    @property
    def every(self) -> int:
        """The starts of all placements of this size."""
        return union_of(shelf for shelf, _ in self._shelves)

    @cached_property
    def by_mix(self) -> dict[Mix, int]:
        """The starts of all placements with the same number of seats of each category, best mix first."""
        starts: dict[Mix, list[int]] = {}
        for placement in self._found:
            starts.setdefault(placement.mix, []).append(placement.start)
        return {mix: mask_of(places) for mix, places in starts.items()}

    @cached_property
    def _shelves(self) -> list[tuple[int, list[int]]]:
        """Ranks on shelves, so that a search skips twenty ranks at a glance."""
        ranks = self._ranks
        shelves = (ranks[at : at + RANKS_IN_A_SHELF] for at in range(0, len(ranks), RANKS_IN_A_SHELF))
        return [(union_of(shelf), shelf) for shelf in shelves]

    def _one_of(self, equals: int, seed: int | None) -> int:
        if equals & (equals - 1) == 0:
            return equals.bit_length() - 1
        if seed is not None:
            return nth(equals, seed % equals.bit_count())
        return min(places_of(equals), key=self._tastes.__getitem__)


@cache
def placements(hall: Hall, size: int) -> Placements:
    """The placements of a hall for one size of party, worked out once and kept."""
    return Placements(hall, size)



def prepare(hall: Hall) -> None:
    """Work out the placements for every size of party now, so that no caller waits for them."""
    for size in range(1, MOST_SEATS + 1):
        placements(hall, size).first(placements(hall, size).every, None)


def _turned(equals: list[int], by: int) -> list[int]:
    at = by % len(equals)
    return equals[at:] + equals[:at]


def _placements(hall: Hall, size: int) -> Iterator[Placement]:
    sections = {section.id: order for order, section in enumerate(hall.sections)}
    best_rows = _best_rows(hall)
    for run in hall.runs:
        seats = [hall.by_id[seat_id] for seat_id in run]
        first, bit = seats[0], hall.positions[run[0]]
        taste = (sections[first.section], abs(first.row_order - best_rows[first.section]))
        for at, (rank, mix) in enumerate(_blocks(hall, seats, size)):
            yield Placement(bit + at, rank, (*taste, seats[at].offset > 0), mix)


def _blocks(hall: Hall, seats: list[Seat], size: int) -> Iterator[tuple[Rank, Mix]]:
    """The rank and the mix of every block of a run, left to right."""
    ids = [category.id for category in hall.categories]
    orders = [ids.index(seat.category) for seat in seats]
    views = [VIEWS.index(seat.view) for seat in seats]
    offsets = [seat.offset for seat in seats]
    for at in range(len(seats) - size + 1):
        block = orders[at : at + size]
        worst, kinds = max(block), sorted(set(block))
        # How far the middle of the block is from the middle of the full row; whole numbers compare exactly.
        aside = round(2 * abs(sum(offsets[at : at + size])))
        yield (worst, int(len(kinds) > 1), max(views[at : at + size]), aside), _mix(ids, block, kinds)


def _mix(ids: list[str], block: list[int], kinds: list[int]) -> Mix:
    return tuple((ids[kind], block.count(kind)) for kind in kinds)


def _best_rows(hall: Hall) -> dict[str, int]:
    """The order of each section's best row; its first one where the hall names none."""
    rows = {(seat.section, seat.row): seat.row_order for seat in hall.seats}
    return {section.id: rows.get((section.id, section.best_row or 0), 1) for section in hall.sections}
