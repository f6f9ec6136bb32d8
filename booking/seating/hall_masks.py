"""The bits of a hall by what a caller may ask for: a section, a row, a side, a view, an aisle … worked out once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable
from functools import cache, cached_property
from math import hypot
from typing import TypeVar

from booking.halls.hall import Hall
from booking.halls.seat import VIEWS, Seat
from booking.seating.bits import mask_of, union_of

Key = TypeVar("Key", bound=Hashable)
THIRD = 1 / 3
CENTRAL = 0.4
HALF_A_CENTIMETRE = 0.005


class HallMasks:
    """Masks over the bits of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.categories = self._by(lambda seat: seat.category)
        self.sections = self._by(lambda seat: seat.section)
        self.rows = self._by(lambda seat: str(seat.row))
        self.sides = self._by(lambda seat: seat.side)
        self.parities = self._by(lambda seat: "odd" if seat.number % 2 else "even")
        self.in_rows = self.where(lambda seat: not seat.in_box)
        self.ordinary = self.where(lambda seat: seat.ordinary)
        self.strapontins = self.where(lambda seat: seat.strapontin)
        self.wheelchairs = self.where(lambda seat: seat.kind == "wheelchair")
        self.companions = self.where(lambda seat: seat.kind == "companion")
        self.step_free = self.where(lambda seat: seat.step_free)
        self.aisles = self.where(lambda seat: seat.aisle)
        self._windows: dict[tuple[int, int], int] = {}

    def where(self, is_meant: Callable[[Seat], bool]) -> int:
        """The bits of all seats of which something is true."""
        positions = self.hall.positions
        return mask_of(positions[seat.id] for seat in self.hall.seats if is_meant(seat))

    @cached_property
    def at_least(self) -> dict[str, int]:
        """The seats with a view, or a better one."""
        views = self._by(lambda seat: seat.view)
        return {view: union_of(views.get(better, 0) for better in VIEWS[: at + 1]) for at, view in enumerate(VIEWS)}

    @cached_property
    def positions(self) -> dict[str, int]:
        """The seats in the centre and at the side, in front and at the back of their section; and beside an aisle."""
        widest, deepest = _widest(self.hall), _deepest(self.hall)
        centre = self.where(lambda seat: _is_central(seat, widest[seat.section]))
        return {
            "centre": centre,
            "side": self.hall.everything & ~centre,
            "front": self.where(lambda seat: _from_front(seat) - 1 < deepest[seat.section] * THIRD),
            "back": self.where(lambda seat: _from_front(seat) > deepest[seat.section] * (1 - THIRD)),
            "aisle": self.aisles,
        }

    @cached_property
    def boxes(self) -> tuple[int, ...]:
        """The seats of each box, the box with the best front seats first."""
        order = [category.id for category in self.hall.categories]
        fronts = [seat for seat in self.hall.seats if seat.rank == 1 and seat.number == 1]
        fronts.sort(key=lambda seat: (order.index(seat.category), VIEWS.index(seat.view), abs(seat.offset)))
        boxes = self._by(lambda seat: (seat.section, seat.row))
        return tuple(boxes[seat.section, seat.row] for seat in fronts)

    @cached_property
    def largest_box(self) -> int:
        """How many seats the largest box has."""
        return max((box.bit_count() for box in self.boxes), default=0)

    def window(self, place: int, rows: int, aside: int, along: int) -> int:
        """The seats of a section around a bit: rows before and behind, seats aside; in boxes, bits along the tier."""
        key = (place, rows)
        if key not in self._windows:
            seat = self.hall.seat_at[place]
            assert seat is not None
            self._windows[key] = self.sections[seat.section] & self._around(seat, place, rows, aside, along)
        return self._windows[key]

    def _around(self, seat: Seat, place: int, rows: int, aside: int, along: int) -> int:
        if seat.in_box:
            return _stretch(place, along) & self.sides[seat.side]
        line = _stretch(place, aside)
        return union_of(_shifted(line, row * self.hall.stride) for row in range(-rows, rows + 1))

    def rows_up_to(self, row: int) -> int:
        """The seats in the rows with a number up to this one; boxes are no rows."""
        numbers = (n for n in range(1, row + 1) if str(n) in self.rows)
        return union_of(self.rows[str(n)] for n in numbers) & self.in_rows

    def closer_than(self, metres: float) -> int:
        """The seats nearer to the stage than so many metres, heights counted."""
        return _below(self._by_depth, metres)

    def further_than(self, metres: float) -> int:
        """The seats further from the stage than so many metres."""
        return self.hall.everything & ~_below(self._by_depth, metres + HALF_A_CENTIMETRE)

    def left_of(self, metres: float) -> int:
        """The seats more to the left (jardin) than so many metres from the middle."""
        return _below(self._by_x, metres)

    def right_of(self, metres: float) -> int:
        """The seats more to the right (cour)."""
        return self.hall.everything & ~_below(self._by_x, metres + HALF_A_CENTIMETRE)

    @cached_property
    def _by_depth(self) -> tuple[list[float], list[int]]:
        return _growing(self._by(depth))

    @cached_property
    def _by_x(self) -> tuple[list[float], list[int]]:
        return _growing(self._by(lambda seat: seat.x))

    def _by(self, key: Callable[[Seat], Key]) -> dict[Key, int]:
        groups: dict[Key, list[int]] = {}
        for seat in self.hall.seats:
            groups.setdefault(key(seat), []).append(self.hall.positions[seat.id])
        return {name: mask_of(places) for name, places in groups.items()}


def _stretch(middle: int, aside: int) -> int:
    return _shifted((1 << 2 * aside + 1) - 1, middle - aside)


def _shifted(mask: int, by: int) -> int:
    return mask << by if by >= 0 else mask >> -by


@cache
def masks_of(hall: Hall) -> HallMasks:
    """The masks of a hall, worked out once and kept."""
    return HallMasks(hall)


def depth(seat: Seat) -> float:
    """Metres from the stage, height counted, whatever the side."""
    return round(hypot(seat.y, seat.z), 2)


def _from_front(seat: Seat) -> int:
    """The how-manieth row of its section a seat is in; in a box, of its box."""
    return seat.rank or seat.row_order


def _deepest(hall: Hall) -> dict[str, int]:
    return _greatest(hall, _from_front)


def _widest(hall: Hall) -> dict[str, float]:
    return _greatest(hall, lambda seat: abs(seat.offset))


Size = TypeVar("Size", int, float)


def _greatest(hall: Hall, size: Callable[[Seat], Size]) -> dict[str, Size]:
    found: dict[str, Size] = {}
    for seat in hall.seats:
        found[seat.section] = max(found.get(seat.section, size(seat)), size(seat))
    return found


def _is_central(seat: Seat, widest: float) -> bool:
    if seat.in_box:
        return seat.home.facing == "front"
    return abs(seat.offset) <= widest * CENTRAL



def _growing(by_size: dict[float, int]) -> tuple[list[float], list[int]]:
    """Sizes from small to great, and for each the bits of all that is not greater."""
    sizes = sorted(by_size)
    unions, union = [0], 0
    for size in sizes:
        union |= by_size[size]
        unions.append(union)
    return sizes, unions


def _below(growing: tuple[list[float], list[int]], limit: float) -> int:
    sizes, unions = growing
    return unions[bisect_left(sizes, limit)]
