"""One search for seats: what is asked, and the bits everything else is worked out from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from booking.halls.hall import Hall
from booking.halls.seat import VIEWS, Seat
from booking.seating.allowed import seats_allowed
from booking.seating.arrangement import Arrangement, Kind
from booking.seating.bits import lonely
from booking.seating.hall_masks import HallMasks, masks_of
from booking.seating.moves import seats_moved_to
from booking.wishes import Wish

Groups = tuple[tuple[Seat, ...], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """The hall, the wish, cents by category, the seed that draws among equals, over how many ranks; and as bits:

    `free` every free seat, `open` the free seats that may be handed out at all (among these nobody shall be left
    alone), `allowed` the seats that answer the wish, free or not, `pool` the free ones of these that may be handed out.
    """

    hall: Hall
    masks: HallMasks
    wish: Wish
    prices: Mapping[str, int]
    seed: int | None
    spread: int
    folding: bool
    free: int
    open: int
    allowed: int
    pool: int

    def with_folding_seats(self) -> Search:
        """The same search among folding seats too."""
        kinds = self.masks.ordinary | self.masks.strapontins
        opened = self.free & kinds
        return replace(self, folding=True, open=opened, pool=opened & self.allowed)

    def unlonely(self, starts: int, size: int) -> int:
        """The starts of blocks that leave nobody alone beside them."""
        return starts & ~lonely(self.open, size)

    def block(self, start: int, size: int) -> tuple[Seat, ...]:
        """The seats of a block, left to right."""
        return self.hall.seat_at[start : start + size]  # type: ignore[return-value]  # no separator within a block

    def price(self, seats: tuple[Seat, ...]) -> int:
        """Cents for some seats."""
        return sum(self.prices[seat.category] for seat in seats)

    def goodness(self, seats: tuple[Seat, ...]) -> tuple[int, int, float]:
        """The smaller the better: the worst category, the worst view, the way from the middle; to compare few."""
        order = [category.id for category in self.hall.categories]
        category = max(order.index(seat.category) for seat in seats)
        return category, max(VIEWS.index(seat.view) for seat in seats), sum(abs(seat.offset) for seat in seats)

    def accepts(self, groups: Groups) -> bool:
        """Whether seats in several rows answer what is wished of the party as a whole."""
        seats = tuple(seat for group in groups for seat in group)
        if self.wish.strapontin and not any(seat.strapontin for seat in seats):
            return False
        if self.wish.max_total is not None and self.price(seats) > self.wish.max_total:
            return False
        aisle = any(seat.aisle for seat in seats)
        return (aisle or self.wish.position != "aisle") and not (aisle and self.wish.not_position == "aisle")

    def groups(self, seats: Iterable[Seat]) -> Groups:
        """Seats as they are told: row by row, box by box, left to right; those side by side stand together."""
        places = sorted(self.hall.positions[seat.id] for seat in seats)
        runs = groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
        return tuple(tuple(self.block(place, 1)[0] for _, place in run) for _, run in runs)

    def arrange(self, kind: Kind, groups: Groups) -> Arrangement:
        """The answer, with what there is to say about it."""
        seats = tuple(seat for group in groups for seat in group)
        reasons = [] if kind == "together" else ["no_block"]
        kinds = {(seat.kind, seat.strapontin) for seat in seats}
        reasons += ["strapontin"] if ("seat", True) in kinds else []
        reasons += ["mixed"] if len({seat.category for seat in seats}) > 1 else []
        reasons += ["lone_seat"] if self._leaves_somebody_alone(seats) else []
        reasons += ["wheelchair"] if ("wheelchair", False) in kinds else []
        return Arrangement(seats, kind, groups, tuple(reasons))

    def _leaves_somebody_alone(self, seats: tuple[Seat, ...]) -> bool:
        positions, taken = self.hall.positions, 0
        for seat in seats:
            taken |= 1 << positions[seat.id]
        left = self.open & ~taken
        beside = (taken << 1 | taken >> 1) & left
        return bool(beside & ~(left << 1) & ~(left >> 1))


def search_for(
    hall: Hall,
    free: int,
    wish: Wish,
    prices: Mapping[str, int],
    *,
    seed: int | None = None,
    spread: int = 0,
    folding: bool = False,
) -> Search:
    """A search, its bits worked out; the wish must make sense in this hall."""
    masks = masks_of(hall)
    allowed = seats_allowed(hall, wish, prices)
    if wish.move:
        allowed &= seats_moved_to(hall, wish, prices)
    opened = free & (masks.ordinary | masks.strapontins if folding else masks.ordinary)
    return Search(hall, masks, wish, prices, seed, spread, folding, free, opened, allowed, opened & allowed)
