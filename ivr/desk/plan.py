"""Plan: one level of the hall to look at and to click on, each seat in the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from booking import Hall, Seat

METRE = 26
SEAT = 11
MARGIN = 16
STAGE = 46
MIDDLE = 4.0
"""Metres from the axis of the hall: a section with seats there has its name over them."""


@dataclass(frozen=True)
class Spot:
    """A seat on the plan. `state` is free, mine, held, sold, blocked, or closed (not for agents to sell)."""

    seat: Seat
    x: float
    y: float
    state: str
    order: int
    """Which category, counted from the dearest."""


@dataclass(frozen=True)
class Level:
    """One floor of the hall: its number, its sections' names, and how many seats of it are free."""

    number: int
    name: str
    free: int


@dataclass(frozen=True)
class Plan:
    """A level drawn: its seats, and the size of the picture."""

    levels: tuple[Level, ...]
    level: int
    spots: tuple[Spot, ...]
    names: tuple[tuple[str, float, float], ...]
    """Where each section's name stands."""
    width: float
    height: float


@dataclass(frozen=True)
class House:
    """What has become of the seats of one evening: taken ones by id, the caller's own, and the categories on sale."""

    taken: Mapping[str, str]
    mine: frozenset[str]
    open_now: frozenset[str]

    def state(self, seat: Seat) -> str:
        """What an agent may do with this seat."""
        if seat.id in self.mine:
            return "mine"
        if seat.id in self.taken:
            return self.taken[seat.id]
        return "free" if seat.category in self.open_now else "closed"


def draw(hall: Hall, house: House, level: int | None, language: str) -> Plan:
    """The level asked for; else where the caller's seats are, else the first."""
    levels = _levels(hall, house, language)
    chosen = level if level in {each.number for each in levels} else _usual(hall, house)
    ids = {section.id for section in hall.sections if section.level == chosen}
    seats = [seat for seat in hall.seats if seat.section in ids]
    left, top = min(seat.x for seat in seats), min(seat.y for seat in seats)
    right, bottom = max(seat.x for seat in seats), max(seat.y for seat in seats)
    width = 2 * max(-left, right) * METRE + 2 * MARGIN + SEAT
    orders = {category.id: order for order, category in enumerate(hall.categories)}
    spots = tuple(
        Spot(seat, *_place(seat, width, top), house.state(seat), orders[seat.category]) for seat in seats
    )  # fmt: skip
    height = (bottom - top) * METRE + STAGE + 2 * MARGIN + SEAT
    return Plan(levels, chosen, spots, _names(hall, seats, width, top, language), width, height)


def _place(seat: Seat, width: float, top: float) -> tuple[float, float]:
    return round(width / 2 + seat.x * METRE - SEAT / 2, 1), round((seat.y - top) * METRE + STAGE + MARGIN, 1)


def _levels(hall: Hall, house: House, language: str) -> tuple[Level, ...]:
    return tuple(
        Level(
            number,
            " · ".join(section.name(language) for section in hall.sections if section.level == number),
            sum(house.state(seat) == "free" for seat in hall.seats if seat.home.level == number),
        )
        for number in sorted({section.level for section in hall.sections})
    )


def _usual(hall: Hall, house: House) -> int:
    own = (hall.by_id[seat].home.level for seat in house.mine if seat in hall.by_id)
    return next(own, min(section.level for section in hall.sections))


def _names(
    hall: Hall, seats: Iterable[Seat], width: float, top: float, language: str
) -> tuple[tuple[str, float, float], ...]:
    """Each section's name above its seats in the middle; what stands at the sides only is named by the levels' tabs."""
    by_section: dict[str, list[Seat]] = {}
    for seat in seats:
        by_section.setdefault(seat.section, []).append(seat)
    named = []
    for section, own in by_section.items():
        middle = [seat for seat in own if abs(seat.x) < MIDDLE]
        if middle and hall.section(section).layout == "rows":
            _, y = _place(min(middle, key=lambda seat: seat.y), width, top)
            named.append((hall.section(section).name(language), round(width / 2, 1), y - 6))
    return tuple(named)
