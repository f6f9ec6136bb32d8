"""Gives every seat its bit, so that neighbours have neighbouring bits and the row behind is a fixed step away.

All rows of a hall have the same width in bits (`stride`), seats one behind the other stand at the same column, and a
blank row follows the last one of each section. Between two runs stay two bits that are never set: a block of set bits
never crosses an aisle or a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from math import floor

from booking.halls.seat import Seat

APART = 2
Run = tuple[Seat, ...]


def bits_of(runs: Iterable[Run]) -> tuple[Mapping[str, int], int]:
    """The bit of each seat by its id, and the stride of the hall."""
    sections = [list(group) for _, group in groupby(runs, key=lambda run: run[0].section)]
    columns = {section[0][0].section: _columns_of(section) for section in sections if not section[0][0].in_box}
    stride = max((1 + max(found.values()) + APART for found in columns.values()), default=1)
    places: dict[str, int] = {}
    bit = APART
    for section in sections:
        if section[0][0].in_box:
            bit = _one_after_another(section, bit, places)
        else:
            bit = _row_behind_row(section, bit, places, columns[section[0][0].section], stride)
    return places, stride


def _one_after_another(runs: list[Run], bit: int, places: dict[str, int]) -> int:
    for run in runs:
        for seat in run:
            places[seat.id] = bit
            bit += 1
        bit += APART
    return bit


def _row_behind_row(
    runs: list[Run], bit: int, places: dict[str, int], columns: Mapping[str, int], stride: int
) -> int:
    for run in runs:
        for seat in run:
            places[seat.id] = bit + (seat.row_order - 1) * stride + columns[seat.id]
    rows = max(run[0].row_order for run in runs)
    return bit + (rows + 1) * stride


def _columns_of(section: list[Run]) -> Mapping[str, int]:
    """The column of each seat of a section, from 0 at the left."""
    columns: dict[str, int] = {}
    for _, row in groupby(section, key=lambda run: run[0].row_order):
        columns.update(_columns(list(row)))
    first = min(columns.values())
    return {seat_id: column - first for seat_id, column in columns.items()}


def _columns(row: list[Run]) -> Mapping[str, int]:
    """Columns from the middle of the row outwards, wider by `APART` at each aisle."""
    left = [run for run in row if run[-1].offset < 0]
    right = [run for run in row if run[0].offset > 0]
    middle = [run for run in row if run not in left and run not in right]
    inner = APART if middle else APART // 2
    shifts = [(run, 0) for run in middle]
    shifts += [(run, inner + APART * index) for index, run in enumerate(right)]
    shifts += [(run, -inner - APART * index) for index, run in enumerate(reversed(left))]
    return {seat.id: floor(seat.offset) + shift for run, shift in shifts for seat in run}
