"""Reads and checks a hall file.

`[hall]` id, zone, capacity, name; `[places]` what callers' words for a part of any hall mean in this one;
`[[categories]]` from the dearest to the cheapest, with `channels`, `on_the_day`, `most_per_order` where not everybody
sells them; `[[sections]]` in the order in which to choose among equals, laid out in `rows` or in `boxes`:

- rows: `numbering` is "odd_even" (odd numbers left, even right, from the centre outwards) or "sequential" (left to
  right). `aisles = [0, 9]`: an aisle in the centre and after the ninth seat of each side; `unbroken_rows` have none.
  A row gives its last `odd` and `even` number (or `from`, `to`), numbers that are `missing`, and `bands` of categories,
  counted from the centre. `strapontins` are folding seats, one category below their neighbours.
- boxes: first and last box of each side, `ranks` from the front; `near_stage` lowers category and view of the first.

`wheelchair` names places with the companion's seat beside each; `step_free` (or `step_free_rows`) what is reached
without steps. `plan` gives metres from the stage: `first` row or box, `pitch` between two, `height`, the `wall` along
which boxes and wings stand, the `gap` in the middle between two wings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from booking.halls import section_boxes, section_rows
from booking.halls.seat import Category, Seat, Section
from booking.halls.section_rows import RowLaw
from booking.toml_table import Table, read_toml

SECTION_KEYS = (
    "id", "layout", "level", "name", "spoken", "aliases", "tier", "facing", "best_row", "step_free", "step_free_rows",
    "surtitles", "plan", "wheelchair",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HallParts:
    """What stands in a hall file: everything a Hall is made of."""

    id: str
    names: Any
    zone: str
    categories: tuple[Category, ...]
    sections: tuple[Section, ...]
    runs: tuple[tuple[Seat, ...], ...]
    places: dict[str, tuple[str, ...]]


def read_hall_file(path: Path) -> HallParts:
    """The hall in a file; BadSeason names file, place and remedy if something in it cannot be."""
    file = read_toml(path)
    file.only("hall", "places", "categories", "sections", "standing")
    hall = file.table("hall")
    hall.only("id", "zone", "capacity", "name")
    categories = tuple(map(_category, file.tables("categories", named_by="id")))
    names = tuple(category.id for category in categories)
    sections: list[Section] = []
    runs: list[tuple[Seat, ...]] = []
    for table in file.tables("sections", named_by="id"):
        section = _section(table)
        sections.append(section)
        runs += map(_with_aisles, _runs(hall.get("id", str), section, table, names))
    _check_seats(hall, file, runs, names)
    places = _places(file.table("places"), {section.id for section in sections})
    return HallParts(
        hall.get("id", str), hall.texts("name"), _zone(hall), categories, tuple(sections), tuple(runs), places
    )


def _zone(hall: Table) -> str:
    zone = hall.get("zone", str)
    try:
        return ZoneInfo(zone).key
    except (ValueError, OSError, KeyError):  # all that zoneinfo may say of a name it does not know
        hall.wrong(f"name a time zone such as Europe/Paris, not {zone!r}", "zone")


def _category(table: Table) -> Category:
    table.only("id", "name", "channels", "on_the_day", "most_per_order")
    return Category(
        table.get("id", str), table.texts("name"), table.each("channels", str, []),
        table.get("on_the_day", bool, False), table.maybe("most_per_order", int),
    )  # fmt: skip


def _section(table: Table) -> Section:
    aliases = table.table("aliases", {})
    return Section(
        id=table.get("id", str), names=table.texts("name"), spoken=table.texts("spoken"),
        aliases={language: aliases.each(language, str) for language in aliases.content}, level=table.get("level", int),
        layout=table.word("layout", ("rows", "boxes")), tier=table.maybe("tier", int),
        facing=table.word("facing", ("front", "side"), "front"), surtitles=table.get("surtitles", str, "full"),
        best_row=table.content.get("best_row"),
    )  # fmt: skip


def _runs(hall: str, section: Section, table: Table, categories: tuple[str, ...]) -> Iterator[list[Seat]]:
    boxes = section.layout == "boxes"
    table.only(*SECTION_KEYS, *(section_boxes.KEYS if boxes else section_rows.KEYS))
    companions = _companions(table)
    law = RowLaw(hall, section, table, categories, companions)
    yield from (section_boxes.runs_of_boxes if boxes else section_rows.runs_of_rows)(law)


def _companions(table: Table) -> dict[tuple[Any, int], int]:
    """The companion's seat of each wheelchair place, by row and number."""
    if "wheelchair" not in table.content:
        return {}
    found = {}
    for place in table.tables("wheelchair"):
        place.only("row", "seat", "companion")
        found[place.content.get("row"), place.get("seat", int)] = place.get("companion", int)
    return found


def _with_aisles(run: list[Seat]) -> tuple[Seat, ...]:
    """Mark the seats with nobody, or only a folding seat, on one side; in a box no seat is an aisle seat."""
    if run[0].in_box:
        return tuple(run)
    beside = [None, *run, None]
    return tuple(
        replace(seat, aisle=any(other is None or other.strapontin for other in (beside[i], beside[i + 2])))
        for i, seat in enumerate(run)
    )


def _places(table: Table, sections: set[str]) -> dict[str, tuple[str, ...]]:
    found = {place: table.each(place, str) for place in table.content}
    for place, ids in found.items():
        if unknown := set(ids) - sections:
            table.wrong(f"name sections of this hall, not {', '.join(sorted(unknown))}", place)
    return found


def _check_seats(hall: Table, file: Table, runs: list[tuple[Seat, ...]], categories: tuple[str, ...]) -> None:
    seats = {seat.id: seat for run in runs for seat in run}
    count = sum(map(len, runs))
    if len(seats) != count:
        twice = next(a for a, b in pairwise(sorted(seat.id for run in runs for seat in run)) if a == b)
        file.wrong(f"name each seat once; {twice} is there twice", "sections")
    if count != hall.get("capacity", int):
        hall.wrong(f"the rows and boxes below hold {count} seats; correct this number or a row", "capacity")
    if unused := set(categories) - {seat.category for seat in seats.values()}:
        file.wrong(f"give category {', '.join(sorted(unused))} a seat, or remove it", "categories")
    for run in runs:
        _check_companions(file, run, seats)


def _check_companions(file: Table, run: tuple[Seat, ...], seats: dict[str, Seat]) -> None:
    places = [seat.id for seat in run]
    for at, seat in enumerate(run):
        if seat.companion and seat.companion not in places[max(at - 1, 0) : at + 2]:
            place = f"sections.{seat.section}.wheelchair"
            file.wrong(f"the companion of {seat.id} must be beside it, not at {seat.companion}", place)
