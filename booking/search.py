"""One search for seats: what is asked, and the bits everything else is worked out from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from booking.allowed import seats_allowed
from booking.arrangement import Arrangement, Kind
from booking.bits import lonely
from booking.hall import Hall
from booking.hall_masks import HallMasks, masks_of
from booking.moves import seats_moved_to
from booking.seat import VIEWS, Seat
from booking.wishes import Wish

Groups = tuple[tuple[Seat, ...], ...]


@dataclass(frozen=True)
class Search:
    """The hall, its free seats as bits, the wish, cents by category, and the seed that draws among equals.

    `folding` searches among folding seats too.
    """

    hall: Hall
    free: int
    wish: Wish
    prices: Mapping[str, int]
    seed: int | None = None
    folding: bool = False

    @cached_property
    def masks(self) -> HallMasks:
        """The masks of the hall."""
        return masks_of(self.hall)

    @cached_property
    def open(self) -> int:
        """The free seats that may be handed out at all; among these nobody shall be left alone."""
        kinds = self.masks.ordinary | self.masks.strapontins if self.folding else self.masks.ordinary
        return self.free & kinds

    @cached_property
    def allowed(self) -> int:
        """The seats that answer the wish, free or not, of whatever kind."""
        allowed = seats_allowed(self.hall, self.wish, self.prices)
        return allowed & seats_moved_to(self.hall, self.wish, self.prices) if self.wish.move else allowed

    @cached_property
    def pool(self) -> int:
        """The free seats that answer the wish."""
        return self.open & self.allowed

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

    def arrange(self, kind: Kind, groups: Groups) -> Arrangement:
        """The answer, with what there is to say about it."""
        seats = tuple(seat for group in groups for seat in group)
        told: dict[str, Callable[[], bool]] = {
            "no_block": lambda: kind != "together",
            "strapontin": lambda: any(seat.strapontin for seat in seats),
            "mixed": lambda: any(seat.category != seats[0].category for seat in seats),
            "lone_seat": lambda: self._leaves_somebody_alone(seats),
            "wheelchair": lambda: any(seat.kind == "wheelchair" for seat in seats),
        }
        return Arrangement(seats, kind, groups, tuple(reason for reason, is_so in told.items() if is_so()))

    def _leaves_somebody_alone(self, seats: tuple[Seat, ...]) -> bool:
        places = [self.hall.positions[seat.id] for seat in seats]
        left = self.open
        for place in places:
            left &= ~(1 << place)
        beside = (place + step for place in places for step in (-1, 1))
        return any(left >> it & 1 and not left >> it - 1 & 1 and not left >> it + 1 & 1 for it in beside)
