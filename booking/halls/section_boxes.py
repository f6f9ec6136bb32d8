"""A section of boxes (loges): from `boxes` and `ranks` in a hall file to runs of seats side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from booking.halls.seat import VIEWS, Seat
from booking.halls.section_rows import SEAT_WIDTH, RowLaw
from booking.toml_table import Table

RANK_DEPTH = 0.8
KEYS = ("boxes", "ranks", "near_stage")
Side = Literal["left", "right"]


def runs_of_boxes(law: RowLaw) -> Iterator[list[Seat]]:
    """Each rank of each box, numbered from the front rank, left to right; nobody sits beside another box."""
    sides: tuple[Side, Side] = ("left", "right")
    for side in sides:
        first, last = _ends(law.table.table("boxes"), side)
        for order, box in enumerate(range(first, last + 1, 2), start=1):
            yield from _ranks(law, box, order, (last - box) // 2, side)


def _ends(boxes: Table, side: Side) -> tuple[int, int]:
    boxes.only("left", "right")
    ends = boxes.each(side, int)
    if len(ends) != 2 or ends[0] > ends[1] or (ends[1] - ends[0]) % 2:
        boxes.wrong("give the first and the last box of this side, both odd or both even: [1, 27]", side)
    return ends[0], ends[1]


def _ranks(law: RowLaw, box: int, order: int, from_middle: int, side: Side) -> Iterator[list[Seat]]:
    number = 1
    for rank, table in enumerate(law.table.tables("ranks"), start=1):
        table.only("seats", "category", "view")
        size = table.get("seats", int)
        if size < 1:
            table.wrong(f"give a rank one seat or more, not {size}", "seats")
        category, view = _quality(law, table, box)
        yield [
            _seat(law, (box, order, from_middle, side), (rank, number + i, i - (size - 1) / 2), category, view)
            for i in range(size)
        ]
        number += size


def _quality(law: RowLaw, rank: Table, box: int) -> tuple[str, str]:
    """Category and view of a rank; boxes near the stage are cheaper and see less."""
    category, view = rank.word("category", law.categories), rank.word("view", VIEWS)
    if "near_stage" not in law.table.content:
        return category, view
    near = law.table.table("near_stage")
    near.only("up_to_box", "categories_down")
    if box > near.get("up_to_box", int):
        return category, view
    down = law.categories.index(category) + near.get("categories_down", int)
    return law.categories[min(down, len(law.categories) - 1)], VIEWS[min(VIEWS.index(view) + 1, len(VIEWS) - 1)]


def _seat(
    law: RowLaw, box: tuple[int, int, int, Side], place: tuple[int, int, float], category: str, view: str
) -> Seat:
    name, order, from_middle, side = box
    rank, number, aside = place
    x, y, z = _where(law, order, from_middle, side, rank, aside)
    prefix = f"{law.hall}:{law.section.id}:{name}"
    companion = law.companions.get((name, number))
    # A side box is the further from the middle the nearer it stands to the stage.
    offset = x / SEAT_WIDTH + (from_middle / 2 if law.section.facing == "side" else 0) * (-1 if x < 0 else 1)
    return Seat(
        id=f"{prefix}:{number}", section=law.section.id, row=name, number=number, side=side, category=category,
        view=view, home=law.section, kind=law.kind(name, number),
        rank=rank, companion=f"{prefix}:{companion}" if companion else None, step_free=law.without_steps(name),
        row_order=order, offset=round(offset, 2), x=x, y=y, z=z,
    )  # fmt: skip


def _where(
    law: RowLaw, order: int, from_middle: int, side: Side, rank: int, aside: float
) -> tuple[float, float, float]:
    """Metres from the middle of the stage's edge: boxes facing the stage side by side, the others along the walls."""
    plan = law.table.table("plan")
    first, pitch, height = plan.get("first", float), plan.get("pitch", float), plan.get("height", float)
    sign = -1 if side == "left" else 1
    back = (rank - 1) * RANK_DEPTH
    if law.section.facing == "front":
        return round(sign * (from_middle + 0.5) * pitch + aside * SEAT_WIDTH, 2), round(first + back, 2), height
    wall = plan.get("wall", float) + back
    return round(sign * wall, 2), round(first + (order - 1) * pitch + aside * SEAT_WIDTH, 2), height
