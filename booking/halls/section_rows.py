"""A section of rows: from `rows = [...]` in a hall file to runs of seats side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from booking.halls.seat import VIEWS, Kind, Seat, Section
from booking.toml_table import Table

SEAT_WIDTH = 0.55
AISLE_WIDTH = 0.8
KEYS = (
    "numbering", "view", "aisles", "unbroken_rows", "cross_aisle_after", "strapontins", "rows",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A number in a row: on which side, the how-manieth from the centre line, and how far from the row's middle."""

    number: int
    side: Any
    from_centre: int
    offset: float


@dataclass(frozen=True, slots=True)
class RowLaw:
    """What holds for every row of a section: where its aisles are, who may come without steps, what the seats are."""

    hall: str
    section: Section
    table: Table
    categories: tuple[str, ...]
    companions: Mapping[tuple[Any, int], int]

    @property
    def aisles(self) -> tuple[int, ...]:
        """An aisle lies after the so-manieth seat from the centre line on each side; 0 is a centre aisle."""
        return self.table.each("aisles", int, [])

    def without_steps(self, row: Any) -> bool:
        """Whether a row or box is reached without steps."""
        return self.table.get("step_free", bool, False) or row in self.table.get("step_free_rows", list, [])

    def kind(self, row: Any, number: int) -> Kind:
        """What a seat is: a wheelchair place, the companion's seat beside one, or just a seat."""
        if (row, number) in self.companions:
            return "wheelchair"
        accompanies = any(at == row and beside == number for (at, _), beside in self.companions.items())
        return "companion" if accompanies else "seat"


def runs_of_rows(law: RowLaw) -> Iterator[list[Seat]]:
    """Each stretch of seats side by side, row after row, left to right."""
    for order, row in enumerate(law.table.tables("rows", named_by="row"), start=1):
        row.only("row", "odd", "even", "from", "to", "missing", "bands")
        yield from _runs_of_row(law, row, order)


def _runs_of_row(law: RowLaw, row: Table, order: int) -> Iterator[list[Seat]]:
    name = row.content.get("row")
    if not isinstance(name, int | str):
        row.wrong("name the row: row = 1, or row = \"A\"", "row")
    missing = row.each("missing", int, [])
    unbroken = name in law.table.each("unbroken_rows", int, [])
    spots = list(_spots(law, row))
    run: list[Seat] = []
    for spot, following in pairwise([*spots, None]):
        assert spot is not None
        if spot.number not in missing:
            run.append(_seat(law, row, name, order, spot))
        ends = following is None or spot.number in missing or following.number in missing
        if run and (ends or (not unbroken and _aisle_between(law, spot, following))):
            yield run
            run = []


def _spots(law: RowLaw, row: Table) -> Iterator[Spot]:
    """The numbers of a row from the left wall to the right one."""
    if law.table.word("numbering", ("odd_even", "sequential")) == "odd_even":
        last_odd, last_even = row.get("odd", int), row.get("even", int)
        if last_odd % 2 == 0 or last_even % 2 == 1:
            row.wrong("give the last odd number as `odd` and the last even one as `even`", "odd")
        yield from (Spot(n, "left", (n + 1) // 2, 0.5 - (n + 1) // 2) for n in range(last_odd, 0, -2))
        yield from (Spot(n, "right", n // 2, n // 2 - 0.5) for n in range(2, last_even + 1, 2))
        return
    first, last = row.get("from", int), row.get("to", int)
    middle = (first + last) / 2
    for n in range(first, last + 1):
        yield Spot(n, "left" if n < middle else "right", int(abs(n - middle) + 0.5) or 1, n - middle)


def _aisle_between(law: RowLaw, spot: Spot, following: Spot | None) -> bool:
    if following is None or spot.side != following.side:
        return 0 in law.aisles
    return min(spot.from_centre, following.from_centre) in law.aisles


def _seat(law: RowLaw, row: Table, name: Any, order: int, spot: Spot) -> Seat:
    category, view = _band(law, row, spot)
    folding = _folds(law, name, spot)
    if folding:
        category = law.categories[min(law.categories.index(category) + 1, len(law.categories) - 1)]
    companion = law.companions.get((name, spot.number))
    prefix = f"{law.hall}:{law.section.id}:{name}"
    x, y, z = _where(law, order, spot)
    return Seat(
        id=f"{prefix}:{spot.number}", section=law.section.id, row=name, number=spot.number, side=spot.side,
        category=category, view=view, home=law.section, strapontin=folding,
        kind=law.kind(name, spot.number),
        companion=f"{prefix}:{companion}" if companion else None,
        step_free=law.without_steps(name), row_order=order, offset=spot.offset, x=x, y=y, z=z,
    )  # fmt: skip


def _band(law: RowLaw, row: Table, spot: Spot) -> tuple[str, str]:
    """Category and view of a seat: the first band that reaches so far from the centre."""
    usual = law.table.word("view", VIEWS)
    for band in row.tables("bands"):
        if spot.from_centre <= band.get("up_to", int, 10_000):
            return band.word("category", law.categories), band.word("view", VIEWS, usual)
    row.wrong(f"add a last band without `up_to`: nothing tells the category of seat {spot.number}", "bands")


def _folds(law: RowLaw, name: Any, spot: Spot) -> bool:
    if "strapontins" not in law.table.content:
        return False
    folding = law.table.table("strapontins")
    return name in folding.each("rows", int) and spot.from_centre in folding.each("off_centre", int)


def _where(law: RowLaw, order: int, spot: Spot) -> tuple[float, float, float]:
    """Metres from the middle of the stage's edge; wings with a `wall` run along it, away from the stage."""
    plan = law.table.table("plan")
    first, pitch, height = plan.get("first", float), plan.get("pitch", float), plan.get("height", float)
    sign = -1.0 if spot.offset < 0 else 1.0
    if "wall" in plan.content:
        wall = plan.get("wall", float) + (order - 1) * pitch
        return round(sign * wall, 2), round(first + spot.from_centre * SEAT_WIDTH, 2), height
    crossed = sum(AISLE_WIDTH if aisle else AISLE_WIDTH / 2 for aisle in law.aisles if spot.from_centre > aisle)
    crossed += plan.get("gap", float, 0.0)
    behind = AISLE_WIDTH if order > law.table.get("cross_aisle_after", int, 10_000) else 0.0
    return round(spot.offset * SEAT_WIDTH + sign * crossed, 2), round(first + (order - 1) * pitch + behind, 2), height
