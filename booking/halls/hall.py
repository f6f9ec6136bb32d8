"""A hall: its sections and seats, who sits beside whom, and the bit that stands for each seat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from booking.errors import BadWish
from booking.halls.bit_layout import APART, bits_of
from booking.halls.hall_file import read_hall_file
from booking.halls.seat import Category, Seat, Section
from booking.seating.bits import mask_of, places_of

__all__ = ["HALLS", "Category", "Hall", "Seat", "Section", "hall_ids", "hall_in", "read_hall"]

HALLS = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Hall:
    """A hall as read and checked. `runs` are the longest stretches of seats side by side, left to right.

    Availability is one whole number: the bit `positions[seat.id]` is set while the seat is free. Seats of one run have
    neighbouring bits; between two runs stand two bits that are never set, so that no shift crosses an aisle or a wall;
    the seat behind is `stride` bits away.
    """

    id: str
    names: Mapping[str, str]
    zone: str
    categories: tuple[Category, ...]
    sections: tuple[Section, ...]
    seats: tuple[Seat, ...]
    runs: tuple[tuple[str, ...], ...]
    places: Mapping[str, tuple[str, ...]]

    def name(self, language: str) -> str:
        """The hall's name in a language, in French where there is no other."""
        return self.names.get(language, self.names["fr"])

    @cached_property
    def by_id(self) -> Mapping[str, Seat]:
        """Every seat by its id."""
        return {seat.id: seat for seat in self.seats}

    @property
    def positions(self) -> Mapping[str, int]:
        """The bit of each seat."""
        return self._bits[0]

    @property
    def stride(self) -> int:
        """How many bits the seat behind is away, in sections of rows."""
        return self._bits[1]

    @cached_property
    def seat_at(self) -> tuple[Seat | None, ...]:
        """The seat of each bit; None at the separators."""
        line: list[Seat | None] = [None] * (max(self.positions.values()) + APART + 1)
        for seat_id, bit in self.positions.items():
            line[bit] = self.by_id[seat_id]
        return tuple(line)

    @cached_property
    def everything(self) -> int:
        """The availability of the empty house: every seat free."""
        return self.mask(self.positions)

    def mask(self, seat_ids: Iterable[str]) -> int:
        """The bits of some seats; KeyError for a seat that is not of this hall."""
        return mask_of(self.positions[seat_id] for seat_id in seat_ids)

    def seats_in(self, mask: int) -> tuple[Seat, ...]:
        """The seats whose bits are set, left to right in each run."""
        return tuple(seat for place in places_of(mask) if (seat := self.seat_at[place]) is not None)

    def chairs_of(self, category_id: str) -> tuple[tuple[str, int], ...]:
        """(section, bits of its ordinary seats) for every section of a category, left to right; none if unknown."""
        return self._chairs.get(category_id, ())

    def neighbours(self, seat_id: str) -> tuple[str, ...]:
        """The seats beside a seat, with no aisle, wall or missing number between."""
        bit = self.positions[seat_id]
        return tuple(seat.id for at in (bit - 1, bit + 1) if (seat := self.seat_at[at]) is not None)

    def category(self, category_id: str) -> Category:
        """The category with that id; KeyError if the hall has none."""
        return self._categories[category_id]

    def section(self, section_id: str) -> Section:
        """The section with that id; KeyError if the hall has none."""
        return self._sections[section_id]

    def sections_named(self, place: str) -> tuple[str, ...]:
        """The sections of an abstract place (ground, boxes_side, top …) or the section of that id; none if unknown."""
        return (place,) if place in self._sections else self.places.get(place, ())

    def sections_in_tier(self, tier: int) -> tuple[str, ...]:
        """The sections of boxes in a tier: «premières loges» is tier 1."""
        return tuple(section.id for section in self.sections if section.tier == tier)

    def find(self, row: int | str, numbers: Iterable[int], sections: Iterable[str] = ()) -> tuple[str, ...]:
        """The seats with these numbers in a row or box, in the first of the sections (or of all) that has them all."""
        wanted = tuple(numbers)
        for section in tuple(sections) or tuple(self._sections):
            ids = tuple(f"{self.id}:{section}:{row}:{number}" for number in wanted)
            if ids and all(seat_id in self.by_id for seat_id in ids):
                return ids
        return ()

    @cached_property
    def _bits(self) -> tuple[Mapping[str, int], int]:
        return bits_of(tuple(self.by_id[seat_id] for seat_id in run) for run in self.runs)

    @cached_property
    def _categories(self) -> Mapping[str, Category]:
        return {category.id: category for category in self.categories}

    @cached_property
    def _chairs(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        found: dict[str, dict[str, list[str]]] = {}
        for seat in self.seats_in(self.everything):
            if seat.kind == "seat":
                found.setdefault(seat.category, {}).setdefault(seat.section, []).append(seat.id)
        return {
            category: tuple((section, self.mask(seats)) for section, seats in sections.items())
            for category, sections in found.items()
        }

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {section.id: section for section in self.sections}


def hall_in(path: Path) -> Hall:
    """The hall in a file, checked; BadSeason names file, place and remedy if something in it cannot be."""
    parts = read_hall_file(path)
    return Hall(
        parts.id, parts.names, parts.zone, parts.categories, parts.sections,
        seats=tuple(seat for run in parts.runs for seat in run),
        runs=tuple(tuple(seat.id for seat in run) for run in parts.runs),
        places=parts.places,
    )  # fmt: skip


@cache
def read_hall(hall_id: str) -> Hall:
    """The hall of the house with that id ("GAR", "BAS"), read once and kept; BadWish if there is none."""
    if hall_id not in hall_ids():
        raise BadWish("hall", hall_id)
    return hall_in(HALLS / f"{hall_id}.toml")


@cache
def hall_ids() -> tuple[str, ...]:
    """The ids of all halls of the house."""
    return tuple(sorted(path.stem for path in HALLS.glob("*.toml")))
