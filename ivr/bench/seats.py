"""How long the best seats take: a half-sold hall, parties of 1 to 9, with and without wishes, beside the bare bits."""

from __future__ import annotations

import json
import os
import platform
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from statistics import median, quantiles
from time import perf_counter_ns

import click

from booking import Hall, Wish, hall_ids, read_hall
from booking.seating.arrangement import Refusal
from booking.seating.best_seats import best_seats

HALF = 0.5
GOAL_PLAIN, GOAL_WISH = 50.0, 500.0
SIZES = range(1, 10)
MOVES = ("closer", "further_back", "further_left", "cheaper")


@dataclass(frozen=True)
class Evening:
    """A half-sold hall: how it was sold, and what is free as bits."""

    sold: str
    free: int


@click.command()
@click.option("--evenings", default=20, show_default=True, help="Half-sold halls of each of two kinds.")
@click.option("--seed", default=1, show_default=True, help="Draws the evenings; the same seed, the same evenings.")
def command(evenings: int, seed: int) -> None:
    """Microseconds for the best seats of a half-sold hall, and their ratio to the bare search over bit masks.

    Goals: under 50 µs without wishes, under 500 µs with any. `floor` is the search reduced to its bits: a party side by
    side, nobody left alone, best placement first; no wish, no price, no answer to speak of.
    """
    halls = {hall_id: _measure(read_hall(hall_id), evenings, random.Random(seed)) for hall_id in hall_ids()}
    print(json.dumps({"environment": _environment(), "goals_us": _goals(), "halls": halls}, indent=2))


def _goals() -> dict[str, float]:
    return {"without_wishes": GOAL_PLAIN, "with_any_wish": GOAL_WISH}


def _environment() -> dict[str, object]:
    return {
        "python": platform.python_version(), "machine": platform.machine(), "system": platform.platform(),
        "cores": os.cpu_count(), "load": os.getloadavg()[0],
    }  # fmt: skip


def _measure(hall: Hall, evenings: int, lots: random.Random) -> dict[str, object]:
    prices = {category.id: 20_000 - 1_500 * order for order, category in enumerate(hall.categories)}
    sold = [Evening(*pair) for _ in range(evenings) for pair in (_at_random(hall, lots), _as_houses_sell(hall, lots))]
    return {"seats": len(hall.seats), "parties": [_party(hall, size, sold, prices) for size in SIZES]}


def _party(hall: Hall, size: int, evenings: list[Evening], prices: dict[str, int]) -> dict[str, object]:
    """All figures for one size of party, taken in turns, so that a busy moment spoils none of them alone."""
    floor = Floor(hall, size)
    wishes = _wishes(hall, size, prices)
    bare: list[float] = []
    plain: list[float] = []
    wished: dict[str, list[float]] = {name: [] for name in wishes}
    answers: dict[str, int] = {}
    best_seats(hall, hall.everything, Wish(size), prices)
    for evening in evenings:
        for turn in range(10):
            bare.append(_timed(partial(floor.search, evening.free)))
            plain.append(_timed(partial(best_seats, hall, evening.free, Wish(size), prices, seed=turn)))
        for name, wish in wishes.items():
            answer = best_seats(hall, evening.free, wish, prices, seed=1)
            kind = answer.reason if isinstance(answer, Refusal) else answer.kind
            answers[kind] = answers.get(kind, 0) + 1
            search = partial(best_seats, hall, evening.free, wish, prices, seed=1)
            wished[name] += [_timed(search) for _ in range(3)]
    return {
        "size": size, "floor": _figures(bare), "without_wishes": _figures(plain),
        "ratio_to_floor": round(median(plain) / median(bare), 2),
        "with_wishes": _figures(list(chain.from_iterable(wished.values()))),
        "slowest_wish": max(({"wish": name} | _figures(times) for name, times in wished.items()), key=_by_median),
        "answers": answers,
    }  # fmt: skip


def _by_median(figures: dict[str, object]) -> float:
    return float(str(figures["median_us"]))


def _wishes(hall: Hall, size: int, prices: dict[str, int]) -> dict[str, Wish]:
    """A wish of every kind there is."""
    wish, ground = Wish(size), hall.sections[0].id
    last = tuple(f"{hall.id}:{ground}:9:{number}" for number in (5, 7))
    middle = sorted(prices.values())[len(prices) // 2]
    moves = {f"move {move}": {"near": last, "move": move} for move in MOVES}
    parts: dict[str, dict[str, object]] = {
        "category": {"category": "2"}, "section and side": {"sections": (ground,), "side": "left"},
        "rows": {"rows": (8, 9, 10)}, "row_max": {"row_max": 10}, "parity": {"parity": "even"},
        "centre": {"position": "centre"}, "aisle": {"position": "aisle"}, "front": {"position": "front"},
        "max_price": {"max_price": middle}, "max_total": {"max_total": size * middle}, "view": {"view": "good"},
        "cheapest": {"price_level": "cheapest"}, "low": {"price_level": "low"}, "best": {"price_level": "best"},
        "step_free": {"step_free": True}, "wheelchair": {"wheelchair": 1}, "strapontin": {"strapontin": True},
        "avoid": {"avoid": last}, "insists": {"together": True, "category": "OPT"},
        "everything at once": {
            "categories": ("1", "2"), "side": "right", "position": "aisle", "view": "good", "max_price": prices["1"],
            "price_level": "cheapest", "avoid": last,
        },
    }  # fmt: skip
    return {name: replace(wish, **part) for name, part in {**parts, **moves}.items()}  # type: ignore[arg-type]


def _at_random(hall: Hall, lots: random.Random) -> tuple[str, int]:
    return "at random", hall.mask(seat.id for seat in hall.seats if lots.random() < HALF)


def _as_houses_sell(hall: Hall, lots: random.Random) -> tuple[str, int]:
    """Half of the seats sold to parties of all sizes, each given the best of what was left."""
    prices = {category.id: 10_000 for category in hall.categories}
    free, left = hall.everything, len(hall.seats) * HALF
    while free.bit_count() > left:
        answer = best_seats(hall, free, Wish(lots.choice((1, 2, 2, 2, 3, 4, 4, 6))), prices, seed=lots.randrange(1000))
        if isinstance(answer, Refusal):
            break
        # One in five gives the seats back later: houses have holes.
        free &= ~hall.mask(answer.seat_ids) if lots.random() < 0.8 else free
    return "as houses sell", free


class Floor:
    """The bare search: whole-house bits, placements in buckets, one answer; written for speed and nothing else."""

    def __init__(self, hall: Hall, size: int) -> None:
        keys: dict[tuple[int, float], int] = {}
        orders = {category.id: order for order, category in enumerate(hall.categories)}
        for run in hall.runs:
            seats = [hall.by_id[it] for it in run]
            for at in range(len(run) - size + 1):
                block = seats[at : at + size]
                if all(seat.ordinary for seat in block):
                    key = (max(orders[it.category] for it in block), abs(sum(it.offset for it in block)))
                    keys[key] = keys.get(key, 0) | 1 << hall.positions[run[at]]
        ranks = [keys[key] for key in sorted(keys)]
        self.shelves = [(_union(shelf), shelf) for shelf in (ranks[at : at + 20] for at in range(0, len(ranks), 20))]
        self.ordinary = hall.mask(seat.id for seat in hall.seats if seat.ordinary)
        self.size = size

    def search(self, free: int) -> int:
        """The first bit of the best block, or 0."""
        starts, size, done = (free := free & self.ordinary), self.size, 1
        while done < size:
            step = min(done, size - done)
            starts &= starts >> step
            done += step
        good = starts & ~((free << 1 & ~(free << 2)) | (free >> size & ~(free >> size + 1))) or starts
        for shelf, ranks in self.shelves:
            if good & shelf:
                for rank in ranks:
                    if hit := good & rank:
                        return hit & -hit
        return 0


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _timed(search: Callable[[], object]) -> float:
    begun = perf_counter_ns()
    search()
    return (perf_counter_ns() - begun) / 1000


def _figures(times: list[float]) -> dict[str, object]:
    return {"median_us": round(median(times), 1), "p99_us": round(quantiles(times, n=100)[98], 1)}
