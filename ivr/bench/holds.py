"""`souffleur bench holds`: holds and sales per second beside the bare SQL of one claim, in the same run."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, event, text

from booking import BookingService, HouseBusy, SoldOut, Wish, read_season
from ivr.bench.private_postgres import NoPostgres, PrivatePostgres
from ivr.database import engine_for, upgrade

PRETIX_PER_SECOND = 15.0
"""A cart of two seats in pretix 2026.8, eight clients on two cores, PostgreSQL (measured once; see the README)."""
NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
WARM_UP = 20


@dataclass(frozen=True)
class Measured:
    """One measurement: how many a second, and how long one took (milliseconds)."""

    what: str
    database: str
    workers: int
    per_second: float
    p50: float
    p99: float
    done: int
    refused: int = 0
    busy: int = 0


Job = Callable[[str, int, Any, Any, Any], None]


def run_processes(job: Job, url: str, workers: int, argument: float) -> list[dict[str, Any]]:
    """Start worker processes, let them go at once; what each of them tells."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(workers), context.Queue()
    processes = [
        context.Process(target=job, args=(url, number, argument, barrier, results), daemon=True)
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    told = [results.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return told


def run_workers(job: Job, url: str, workers: int, seconds: float) -> tuple[float, list[float], int, int]:
    """(seconds, milliseconds of each deed, refused, busy) of all workers together."""
    told = run_processes(job, url, workers, seconds)
    lasted = max(each["ended"] for each in told) - min(each["began"] for each in told)
    times = [time for each in told for time in each["times"]]
    return lasted, times, sum(each["refused"] for each in told), sum(each["busy"] for each in told)


def _timed(one: Callable[[int], str], seconds: float, barrier: Any, results: Any) -> None:
    """Do something over and over for so long; tell how long each took."""
    for number in range(WARM_UP):
        one(-1 - number)
    barrier.wait(60)
    told: dict[str, Any] = {"times": [], "refused": 0, "busy": 0, "began": time.time()}
    number = 0
    while (now := time.time()) - told["began"] < seconds:
        outcome = one(number)
        number += 1
        if outcome == "done":
            told["times"].append((time.time() - now) * 1000)
        else:
            told[outcome] += 1
    results.put({**told, "ended": time.time()})


def floor_job(url: str, worker: int, seconds: float, barrier: Any, results: Any) -> None:
    """The bare SQL of one claim: two rows, checked, one transaction, through the same driver."""
    engine = engine_for(url)
    if engine.dialect.name == "sqlite":  # as durable as a hold, which must survive a power cut
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=FULL").close())
    statement = text(
        "INSERT INTO bare_claims (performance, seat, holder, held_until) VALUES (:p, :s0, :h, :u), (:p, :s1, :h, :u) "
        "ON CONFLICT (performance, seat) DO NOTHING"
    )

    def one(number: int) -> str:
        with engine.begin() as connection:
            rows = {"p": f"performance-{number % 300}", "s0": f"{worker}:{number}:1", "s1": f"{worker}:{number}:2",
                    "h": f"CA{worker}", "u": 1}  # fmt: skip
            if connection.execute(statement, rows).rowcount != 2:
                raise RuntimeError("somebody was quicker, who cannot be")
        return "done"

    _timed(one, seconds, barrier, results)


def hold_job(url: str, worker: int, seconds: float, barrier: Any, results: Any) -> None:
    """Holds of two seats, each worker over performances of its own: nobody in the way."""
    _hold_job(url, worker, seconds, barrier, results, spread=True, confirm=False)


def contended_job(url: str, worker: int, seconds: float, barrier: Any, results: Any) -> None:
    """Holds of two seats, all workers after the same performance."""
    _hold_job(url, worker, seconds, barrier, results, spread=False, confirm=False)


def sale_job(url: str, worker: int, seconds: float, barrier: Any, results: Any) -> None:
    """Hold and confirm."""
    _hold_job(url, worker, seconds, barrier, results, spread=True, confirm=True)


def _hold_job(
    url: str, worker: int, seconds: float, barrier: Any, results: Any, *, spread: bool, confirm: bool
) -> None:
    service = BookingService(engine_for(url), lambda: NOON)
    evenings = [each.id for each in service.clerk("web", "look").performances(on_sale=True) if each.kind == "normal"]
    mine = evenings[worker::8] if spread else evenings[:1]
    unique = f"{os.getpid()}-{time.time_ns()}"

    def one(number: int) -> str:
        # A caller now and then changes her mind: one in four holds replaces an older one of the same holder.
        clerk = service.clerk("web", f"{unique}-{number - number % 4 // 3}")
        try:
            hold = clerk.hold_best(mine[number % len(mine)], Wish(2), request=f"{unique}-{number}")
            if confirm:
                clerk.confirm(hold.id, request=f"{unique}-{number}-c")
        except HouseBusy:
            return "busy"
        except SoldOut:
            return "refused"
        return "done"

    _timed(one, seconds, barrier, results)


JOBS: dict[str, Job] = {
    "floor": floor_job,
    "hold": hold_job,
    "hold, contended": contended_job,
    "hold and confirm": sale_job,
}


def measure(what: str, url: str, database: str, workers: int, seconds: float) -> Measured:
    """One measurement on a house with nothing sold."""
    _empty(engine_for(url))
    lasted, times, refused, busy = run_workers(JOBS[what], url, workers, seconds)
    times.sort()
    p50, p99 = _at(times, 0.5), _at(times, 0.99)
    return Measured(what, database, workers, round(len(times) / lasted, 1), p50, p99, len(times), refused, busy)


def _at(times: list[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))], 2) if times else 0.0


def _empty(engine: Engine) -> None:
    away = "DELETE FROM" if engine.dialect.name == "sqlite" else "TRUNCATE"
    with engine.begin() as connection:
        for table in ("booking_claims", "booking_ledger", "booking_orders", "bare_claims"):
            connection.execute(text(f"{away} {table}"))
    engine.dispose()


def prepare(url: str) -> None:
    """Tables, the demo season, and a bare table for the floor."""
    upgrade(url)
    engine = engine_for(url)
    BookingService(engine, lambda: NOON).load_season(read_season())
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bare_claims"))
        connection.execute(text(
            "CREATE TABLE bare_claims (performance VARCHAR(80), seat VARCHAR(24), holder VARCHAR(80), "
            "held_until BIGINT, PRIMARY KEY (performance, seat))"
        ))
    engine.dispose()


@contextmanager
def databases(wanted: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Addresses of fresh databases; a PostgreSQL that cannot be had is told in one line and left out."""
    with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
        found = {"sqlite": f"sqlite:///{Path(folder) / 'house.sqlite'}"} if "sqlite" in wanted else {}
        if "postgres" not in wanted:
            yield found
            return
        try:
            server = PrivatePostgres()
        except NoPostgres as why:
            click.echo(f"without PostgreSQL: {why}", err=True)
            yield found
            return
        with server:
            yield {**found, "postgres": server.url()}


@click.command()
@click.option("--seconds", default=2.0, show_default=True, help="How long each measurement lasts.")
@click.option("--workers", default="1,2,8", show_default=True, help="Numbers of worker processes.")
@click.option("--database", "wanted", multiple=True, type=click.Choice(["sqlite", "postgres"]),
              default=("sqlite", "postgres"), help="Which databases; both if not said.")
@click.option("--only", "only", multiple=True, type=click.Choice(list(JOBS)), help="Only these, and the floor.")
@click.option("--opening-day", is_flag=True, help="Instead: two thousand parties after one performance, 8 processes.")
def command(seconds: float, workers: str, wanted: tuple[str, ...], only: tuple[str, ...], opening_day: bool) -> None:
    """Holds of two seats and whole sales per second, as a ratio to the bare SQL of one claim; prints JSON.

    The goal for a hold is 0.5 of the floor, and fifty times pretix's cart of two seats with eight workers.
    """
    if opening_day:
        _opening_day(wanted)
        return
    chosen = ["floor", *(only or [name for name in JOBS if name != "floor"])]
    found: list[Measured] = []
    with databases(wanted) as urls:
        for database, url in urls.items():
            prepare(url)
            for number in [int(part) for part in workers.split(",")]:
                for what in chosen:
                    found.append(measure(what, url, database, number, seconds))
                    click.echo(f"{database:<9} {number} workers  {what:<18} {found[-1].per_second:>8.1f} /s  "
                               f"p50 {found[-1].p50} ms  p99 {found[-1].p99} ms", err=True)
    measured = [_with_ratio(each, found) for each in found]
    click.echo(json.dumps({"environment": environment(), "measured": measured}, indent=1))


def _opening_day(wanted: tuple[str, ...]) -> None:
    from ivr.bench.opening_day import opening_day as play

    with databases(wanted) as urls:
        found = []
        for database, url in urls.items():
            prepare(url)
            found.append(asdict(play(url, database, 8)))
    click.echo(json.dumps({"environment": environment(), "opening_day": found}, indent=1))


def _with_ratio(measured: Measured, every: list[Measured]) -> dict[str, Any]:
    floor = next((each.per_second for each in every if each.what == "floor" and each.database == measured.database
                  and each.workers == measured.workers), 0.0)
    facts: dict[str, Any] = asdict(measured)
    if measured.what != "floor" and floor:
        facts["of_floor"] = round(measured.per_second / floor, 2)
        facts["times_pretix"] = round(measured.per_second / PRETIX_PER_SECOND, 1)
    return facts


def environment() -> dict[str, Any]:
    """Where it ran."""
    return {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2)}
