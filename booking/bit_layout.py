"""Gives every seat its bit, so that neighbours have neighbouring bits and the row behind is a fixed step away.

Within a section of rows, all rows have the same width in bits (`stride`), and seats one behind the other stand at the
same column. Between two runs stay two bits that are never set: a block of set bits never crosses an aisle or a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from math import floor

from booking.seat import Seat

APART = 2
Run = tuple[Seat, ...]


def bits_of(runs: Iterable[Run]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """The bit of each seat by its id, and the stride of each section of rows."""
    places: dict[str, int] = {}
    strides: dict[str, int] = {}
    bit = APART
    for section, group in groupby(runs, key=lambda run: run[0].section):
        members = list(group)
        if members[0][0].in_box:
            bit = _one_after_another(members, bit, places)
        else:
            bit, strides[section] = _row_behind_row(members, bit, places)
    return places, strides


def _one_after_another(runs: list[Run], bit: int, places: dict[str, int]) -> int:
    for run in runs:
        for seat in run:
            places[seat.id] = bit
            bit += 1
        bit += APART
    return bit


def _row_behind_row(runs: list[Run], bit: int, places: dict[str, int]) -> tuple[int, int]:
    columns: dict[str, int] = {}
    for _, row in groupby(runs, key=lambda run: run[0].row_order):
        columns.update(_columns(list(row)))
    first = min(columns.values())
    stride = max(columns.values()) - first + 1 + APART
    for run in runs:
        for seat in run:
            places[seat.id] = bit + (seat.row_order - 1) * stride + columns[seat.id] - first
    rows = max(run[0].row_order for run in runs)
    return bit + rows * stride, stride


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
