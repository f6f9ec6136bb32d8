"""A seat, the section it is in, and the price category it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["seat", "wheelchair", "companion"]
VIEWS = ("full", "good", "partial", "poor")


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
    """A part of the hall with a name of its own: rows of seats, or boxes.

    `tier` is 1 for the «premières loges», `facing` whether boxes face the stage or stand at its sides,
    `best_row` the row from which to choose when nothing else decides.
    """

    id: str
    names: Mapping[str, str]
    spoken: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]
    level: int
    layout: Literal["rows", "boxes"]
    tier: int | None = None
    facing: Literal["front", "side"] = "front"
    surtitles: str = "full"
    best_row: int | str | None = None

    def name(self, language: str) -> str:
        """The section's name in a language, in French where there is no other."""
        return self.names.get(language, self.names["fr"])

    def said(self, language: str) -> str:
        """The section with its preposition, as a voice says it: «à l'orchestre», "in the stalls"."""
        return self.spoken.get(language, self.spoken["fr"])


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat. `row` is the row, or the box where `rank` says which row of the box, 1 in front.

    `side` is left (jardin) or right (cour) facing the stage. `offset` counts seats from the middle of the full row,
    negative on the left (… -1.5, -0.5, 0.5, 1.5 …). `row_order` counts rows or boxes from the stage, 1 first.
    `x`, `y`, `z` are metres from the middle of the stage's edge: to the right, away from it, up.
    `aisle` tells a seat with nobody on one side: beside an aisle, a folding seat, or at the end of its row.
    """

    id: str
    section: str
    row: int | str
    number: int
    side: Literal["left", "right"]
    category: str
    view: str
    home: Section = field(repr=False, compare=False)
    kind: Kind = "seat"
    strapontin: bool = False
    rank: int | None = None
    companion: str | None = None
    step_free: bool = False
    aisle: bool = False
    row_order: int = 1
    offset: float = 0.0
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0

    def section_name(self, language: str) -> str:
        """The name of the section the seat is in."""
        return self.home.name(language)

    @property
    def in_box(self) -> bool:
        """Whether the seat is in a box (a loge)."""
        return self.rank is not None

    @property
    def ordinary(self) -> bool:
        """Whether the seat is handed out without being asked for: no folding seat, wheelchair or companion's place."""
        return self.kind == "seat" and not self.strapontin
