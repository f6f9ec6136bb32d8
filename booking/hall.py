"""A hall: its sections and seats, who sits beside whom, and the bit that stands for each seat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal["seat", "wheelchair", "companion"]


@dataclass(frozen=True, slots=True)
class Category:
    """A price category of a hall, and to whom it is sold.

    `channels` is empty when every channel sells it; `on_the_day` when it is sold on the day of the performance only.
    """

    id: str
    names: Mapping[str, str]
    channels: tuple[str, ...] = ()
    on_the_day: bool = False
    most_per_order: int | None = None

    def name(self, language: str) -> str:
        """The category as it is spoken of in a language, in French where there is no other."""
        return self.names.get(language, self.names["fr"])

    def open_to(self, channel: str) -> bool:
        """Whether a channel may ever sell this category."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the hall with a name of its own: rows of seats, or boxes."""

    id: str
    names: Mapping[str, str]
    spoken: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]
    level: int
    layout: Literal["rows", "boxes"]
    tier: int | None = None
    facing: Literal["front", "side"] = "front"
    surtitles: str = "full"

    def name(self, language: str) -> str:
        """The section's name in a language, in French where there is no other."""
        return self.names.get(language, self.names["fr"])

    def said(self, language: str) -> str:
        """The section with its preposition, as a voice says it: «à l'orchestre», "in the stalls"."""
        return self.spoken.get(language, self.spoken["fr"])


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat. `row` is the row, or the box where `rank` says which row of the box, 1 in front.

    `side` is left (jardin) or right (cour) facing the stage; `off_centre` counts seats from the middle of the
    full row, 1 nearest; `depth` orders rows from the stage; `x`, `y` are metres on the plan, from the middle of the stage's edge.
    """

    id: str
    section: str
    row: int | str
    number: int
    side: Literal["left", "right"]
    category: str
    view: str
    kind: Kind = "seat"
    strapontin: bool = False
    rank: int | None = None
    companion: str | None = None
    step_free: bool = False
    off_centre: float = 0.0
    depth: float = 0.0
    x: float = 0.0
    y: float = 0.0
    home: Section = field(repr=False, compare=False, default=None)  # type: ignore[assignment]  # always given by the reader

    def section_name(self, language: str) -> str:
        """The name of the section the seat is in."""
        return self.home.name(language)

    @property
    def in_box(self) -> bool:
        """Whether the seat is in a box (a loge)."""
        return self.rank is not None


@dataclass(frozen=True)
class Hall:
    """A hall as read and checked. `runs` are the longest stretches of seats side by side, left to right.

    Availability is one whole number: the bit `positions[seat.id]` is set while the seat is free. Seats of one run have
    neighbouring bits; between two runs stand two bits that are never set, so that no shift crosses an aisle or a wall.
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

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The bit of each seat."""
        found: dict[str, int] = {}
        bit = 2
        for run in self.runs:
            found.update(zip(run, range(bit, bit + len(run)), strict=True))
            bit += len(run) + 2
        return found

    @cached_property
    def seat_at(self) -> tuple[Seat | None, ...]:
        """The seat of each bit; None at the separators."""
        line: list[Seat | None] = [None] * (max(self.positions.values()) + 3)
        for seat_id, bit in self.positions.items():
            line[bit] = self.by_id[seat_id]
        return tuple(line)

    @cached_property
    def everything(self) -> int:
        """The availability of the empty house: every seat free."""
        return self.mask(self.positions)

    def mask(self, seat_ids: Iterable[str]) -> int:
        """The bits of some seats; KeyError for a seat that is not of this hall."""
        line = bytearray(len(self.seat_at) // 8 + 1)
        for seat_id in seat_ids:
            bit = self.positions[seat_id]
            line[bit >> 3] |= 1 << (bit & 7)
        return int.from_bytes(line, "little")

    def seats_in(self, mask: int) -> Iterator[Seat]:
        """The seats whose bits are set, left to right in each run."""
        while mask:
            low = mask & -mask
            seat = self.seat_at[low.bit_length() - 1]
            if seat is not None:
                yield seat
            mask ^= low

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
        """The section ids of an abstract place (ground, balcony, boxes_side, top …) or of a section id; none if unknown."""
        return (place,) if place in self._sections else self.places.get(place, ())

    def sections_in_tier(self, tier: int) -> tuple[str, ...]:
        """The sections of boxes in a tier: «premières loges» is tier 1."""
        return tuple(section.id for section in self.sections if section.tier == tier)

    def find(self, row: int | str, numbers: Iterable[int], sections: Iterable[str] = ()) -> tuple[str, ...]:
        """The ids of the seats with these numbers in a row or box, in the first of the sections (or of all) that has them all."""
        wanted = tuple(numbers)
        for section in tuple(sections) or tuple(self._sections):
            ids = tuple(f"{self.id}:{section}:{row}:{number}" for number in wanted)
            if ids and all(seat_id in self.by_id for seat_id in ids):
                return ids
        return ()

    @cached_property
    def _categories(self) -> Mapping[str, Category]:
        return {category.id: category for category in self.categories}

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {section.id: section for section in self.sections}


def read_hall(hall_id: str) -> Hall:
    """The hall of the house with that id ("GAR", "BAS"), read once and kept; UnknownHall if there is none."""
    raise NotImplementedError  # the reader follows
