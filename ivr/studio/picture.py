"""A dialogue as a picture: boxes in layers, ways forward as lines; ways back and out are written inside the boxes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LETTER, LINE, PADDING = 7.6, 19, 12
"""Points that a letter of the fixed-width face is wide and a line is high."""
GAP_ACROSS, GAP_DOWN = 26, 62
WIDEST_LAYER = 6
"""More boxes beside each other than this go into a second row of the same layer."""


@dataclass(frozen=True)
class Box:
    """One step: its corner, size and lines; `ways` lead back or out."""

    step: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """One way forward, as a curve with its outcome beside it."""

    path: str
    outcome: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """All there is to draw."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]


def picture_of(rows: Sequence[Any], flow: str, first: str) -> Picture:
    """Lay out the rows of a flow's table (`step`, `kind`, `leads_to`)."""
    leads = {row.step: [(outcome, _short(target, flow)) for outcome, target in row.leads_to] for row in rows}
    depth = _depths(leads, first)
    kinds = {row.step: row.kind for row in rows}
    boxes: dict[str, Box] = {}
    y = 0.0
    for layer in _layers(leads, depth):
        placed = _place(layer, leads, kinds, depth, y)
        boxes |= {box.step: box for box in placed}
        y = max(box.y + box.height for box in placed) + GAP_DOWN
    width = max(box.x + box.width for box in boxes.values())
    centred = {step: _centred(box, boxes, width) for step, box in boxes.items()}
    ways = [_way(centred, step, outcome, target, nth) for step, nth, outcome, target in _forward(leads, depth)]
    return Picture(width, y - GAP_DOWN, tuple(centred.values()), tuple(ways))


def _short(target: str, flow: str) -> str:
    return target.removeprefix(f"{flow}.")


def _depths(leads: dict[str, list[tuple[str, str]]], first: str) -> dict[str, int]:
    """How many answers away from the first step each one is; steps only other flows enter stand below all."""
    depth, asked = {first: 0}, deque([first])
    while asked:
        step = asked.popleft()
        for _, target in leads.get(step, []):
            if target in leads and target not in depth:
                depth[target] = depth[step] + 1
                asked.append(target)
    lowest = max(depth.values()) + 1
    return {step: depth.get(step, lowest) for step in leads}


def _layers(leads: dict[str, list[tuple[str, str]]], depth: dict[str, int]) -> list[list[str]]:
    """Steps by depth, each below those that lead to it, no row wider than one can read."""
    rows: list[list[str]] = []
    place: dict[str, float] = {}
    for level in range(max(depth.values()) + 1):
        steps = [step for step in leads if depth[step] == level]
        steps.sort(key=lambda step: _above(step, leads, place))
        place |= {step: index / max(1, len(steps) - 1) for index, step in enumerate(steps)}
        rows += [steps[start : start + WIDEST_LAYER] for start in range(0, len(steps), WIDEST_LAYER)]
    return rows


def _above(step: str, leads: dict[str, list[tuple[str, str]]], place: dict[str, float]) -> float:
    parents = [place[one] for one, ways in leads.items() if one in place and any(to == step for _, to in ways)]
    return sum(parents) / len(parents) if parents else 0.5


def _place(
    layer: list[str], leads: dict[str, list[tuple[str, str]]], kinds: dict[str, str], depth: dict[str, int], y: float
) -> list[Box]:
    x, boxes = 0.0, []
    for step in layer:
        ways = tuple(
            f"{outcome} {'↩' if target in leads else '→'} {target}".strip()
            for outcome, target in leads[step]
            if depth.get(target, -1) <= depth[step]
        )
        width = max(len(text) for text in (step, *ways)) * LETTER + 2 * PADDING
        boxes.append(Box(step, kinds[step], x, y, width, (len(ways) + 1) * LINE + 2 * PADDING, ways))
        x += width + GAP_ACROSS
    return boxes


def _centred(box: Box, boxes: dict[str, Box], width: float) -> Box:
    row = [other for other in boxes.values() if other.y == box.y]
    shift = (width - max(other.x + other.width for other in row)) / 2
    return Box(box.step, box.kind, box.x + shift, box.y, box.width, box.height, box.ways)


def _forward(leads: dict[str, list[tuple[str, str]]], depth: dict[str, int]) -> list[tuple[str, int, str, str]]:
    return [
        (step, nth, outcome, target)
        for step, ways in leads.items()
        for nth, (outcome, target) in enumerate(way for way in ways if depth.get(way[1], -1) > depth[step])
    ]


def _way(boxes: dict[str, Box], step: str, outcome: str, target: str, nth: int) -> Way:
    above, below = boxes[step], boxes[target]
    x1, y1 = above.x + above.width / 2, above.y + above.height
    x2, y2 = below.x + below.width / 2, below.y
    bend = max(28.0, (y2 - y1) / 2)
    path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    return Way(path, outcome, x2, y2 - 8 - 13 * (nth % 2))
