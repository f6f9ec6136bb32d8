"""The opening day: two thousand parties after one performance, from eight processes, until it is sold out."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from booking import BookingService, HouseBusy, SoldOut, Wish, read_hall
from ivr.bench.holds import NOON, _at, run_processes
from ivr.database import engine_for

EVENING = "cosi-fan-tutte"
PARTIES = 2000
SIZES = (1, 2, 2, 2, 2, 2, 2, 3, 4, 4, 6, 9)


@dataclass(frozen=True)
class OpeningDay:
    """What became of it."""

    database: str
    workers: int
    parties: int
    parties_served: int
    seats_sold: int
    seats_sold_twice: int
    seats_left: int
    smallest_refused: int
    """The smallest party that was refused: no more seats than that may be left."""
    busy: int
    per_second: float
    hold_p50: float
    hold_p99: float
    """Milliseconds."""
    audit_is_clean: bool


def party_job(url: str, worker: int, workers: int, barrier: Any, results: Any) -> None:
    """Every `workers`-th party: hold, confirm, next."""
    service = BookingService(engine_for(url), lambda: NOON)
    evening = _evening(service)
    service.clerk("web", "look").categories(evening)
    lot = random.Random(worker)
    barrier.wait(120)
    told: dict[str, Any] = {"times": [], "refused": [], "busy": 0, "served": 0, "began": time.time()}
    for number in range(worker, PARTIES, workers):
        quantity = lot.choice(SIZES)
        clerk = service.clerk("web", f"party-{number}")
        began = time.time()
        try:
            hold = clerk.hold_best(evening, Wish(quantity), request=f"{number}-h")
            told["times"].append((time.time() - began) * 1000)
            clerk.confirm(hold.id, request=f"{number}-c")
            told["served"] += 1
        except SoldOut:
            told["refused"].append(quantity)
        except HouseBusy:
            told["busy"] += 1
    results.put({**told, "ended": time.time()})


def _evening(service: BookingService) -> str:
    play = next(each for each in service.programme() if each.id == EVENING)
    return play.performances[5].id


def opening_day(url: str, database: str, workers: int) -> OpeningDay:
    """Play it on a house with nothing sold, and look through the books afterwards."""
    told = run_processes(party_job, url, workers, workers)
    times = sorted(time for each in told for time in each["times"])
    lasted = max(each["ended"] for each in told) - min(each["began"] for each in told)
    engine = engine_for(url)
    service = BookingService(engine, lambda: NOON)
    evening = _evening(service)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT count(*), count(DISTINCT seat) FROM booking_claims WHERE performance = :p AND state = 'sold'"),
            {"p": evening},
        ).one()
    sold, distinct = int(rows[0]), int(rows[1])
    free = sum(each.free for each in service.clerk("web", "after").categories(evening))
    kept_back = sum(1 for seat in read_hall("GAR").seats if seat.kind != "seat" and seat.category != "6")
    refused = [size for each in told for size in each["refused"]]
    return OpeningDay(
        database, workers, PARTIES, sum(each["served"] for each in told), sold, sold - distinct,
        free - kept_back, min(refused, default=0), sum(each["busy"] for each in told),
        round(len(times) / lasted, 1), _at(times, 0.5), _at(times, 0.99), service.audit().is_clean,
    )  # fmt: skip

