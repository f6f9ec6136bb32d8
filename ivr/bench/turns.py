"""`souffleur bench turns`: whole buying calls against a bare Flask view, on one gunicorn worker in one run."""

from __future__ import annotations

import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from socket import socket
from statistics import median
from typing import Any

import click

from booking import BookingService, Production, demo_opening, read_season
from ivr.bench.floor import CPU, serve
from ivr.bench.prepared import Prepared, ask, bare, buying, place
from ivr.database import engine_for
from ivr.embedded import surroundings
from ivr.settings import Settings
from ivr.simulator import ACCOUNT_SID, AUTH_TOKEN

GOAL = 0.5
Round = dict[str, Any]


@dataclass
class Measured:
    """Seconds of each request, and of the whole; how much of them the worker and the client were at work."""

    each: list[float] = field(default_factory=list)
    whole: float = 0.0
    worker: float = 0.0
    client: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return len(self.each) / self.whole

    @property
    def worker_ms(self) -> float:
        """Milliseconds of the worker's processor time for each request, all of its threads together."""
        return 1000 * self.worker / len(self.each)

    def to_json(self) -> dict[str, float]:
        """Requests per second, milliseconds, and the client's share of one processor."""
        ordered = sorted(self.each)
        return {
            "requests": len(ordered), "per_second": round(self.per_second, 1), "cpu_ms": round(self.worker_ms, 3),
            "p50_ms": round(1000 * median(ordered), 3), "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 3),
            "client_busy": round(self.client / self.whole, 2),
        }  # fmt: skip


@click.command()
@click.option("--calls", default=120, show_default=True, help="Whole calls to place; each buys two seats.")
@click.option("--callers", default=4, show_default=True, help="How many call at the same time.")
@click.option("--rounds", default=3, show_default=True, help="Calls and floor by turns, so often; the median counts.")
def command(calls: int, callers: int, rounds: int) -> None:
    """Turns per second of one worker answering whole buying calls, as a ratio to a bare view of the same server.

    A call is everything the carrier sends: incoming, every answer by key, ended; signed, journalled, sold in SQLite.
    Beside it `cpu_ms`, what a request costs the worker's processor, and their ratio: it hardly depends on who else is
    at work on this machine, and says how much of a turn is ours.
    """
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (settings, scripts):
        results = [one_round(settings, scripts, calls, callers) for _ in range(rounds)]
    results.sort(key=lambda result: result["ratio"])
    middle = results[len(results) // 2]
    told = {"environment": environment(), "goal": GOAL, **middle, **all_of(results)}
    click.echo(json.dumps(told, indent=2))
    sys.exit(0 if middle["ratio"] >= GOAL else 1)


def one_round(settings: Settings, scripts: Iterator[list[str]], calls: int, callers: int) -> Round:
    """As many bare requests as turns, right after them; by the same client, on as many connections."""
    turns = together(settings, callers, [buying(settings, new_call(), next(scripts)) for _ in range(calls)])
    each = len(turns.each) // calls
    floor = together(settings, callers, [bare(settings, new_call(), each) for _ in range(calls)])
    return {
        "ratio": round(turns.per_second / floor.per_second, 3),
        "cpu_ratio": round(floor.worker_ms / turns.worker_ms, 3),
        "turns": turns.to_json(), "floor": floor.to_json(),
    }  # fmt: skip


def all_of(results: list[Round]) -> dict[str, list[float]]:
    """The ratios of every round, so that a reader sees how far they lie apart."""
    return {f"all_{name}s": [result[name] for result in results] for name in ("ratio", "cpu_ratio")}


def new_call() -> str:
    """A call's name that nobody had before."""
    return f"CA{secrets.token_hex(16)}"


def together(settings: Settings, callers: int, calls: list[list[Prepared]]) -> Measured:
    """Prepared calls, by several callers at once, each on a connection of its own."""
    measured, waiting = Measured(), list(calls)

    def caller() -> None:
        with suppress(IndexError):
            while True:
                measured.each += place(settings, waiting.pop())

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    before, client, started = worker_seconds(settings), time.process_time(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.whole, measured.client = time.perf_counter() - started, time.process_time() - client
    measured.worker = worker_seconds(settings) - before
    if waiting or len(measured.each) != sum(map(len, calls)):
        raise SystemExit("A call was not answered as it should be; see above.")
    return measured


def worker_seconds(settings: Settings) -> float:
    """The processor time of the server's only worker so far."""
    return float(ask(settings, CPU))


@contextmanager
def server(folder: Path) -> Iterator[tuple[Settings, Iterator[list[str]]]]:
    """One gunicorn worker on the demo season, and the keys of ever new calls."""
    given = Settings(data=folder, account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, port=free_port(), log_level="WARNING")
    with surroundings(given) as settings:
        scripts = on_sale(settings)
        process = subprocess.Popen([sys.executable, "-c", f"from {serve.__module__} import serve; serve()"],
                                   env={**os.environ, **variables(settings)})  # fmt: skip
        try:
            wait_for(settings)
            for number in range(8):
                place(settings, buying(settings, f"CA{number}", next(scripts)))
            yield settings, scripts
        finally:
            process.terminate()
            process.wait()


def variables(settings: Settings) -> dict[str, str]:
    """What the server process is told."""
    return {
        "SOUFFLEUR_DATA": str(settings.data), "REDIS_URL": settings.redis_url, "PORT": str(settings.port),
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "LOG_LEVEL": settings.log_level, "PUBLIC_URL": "", "DATABASE_URL": "",
        "WEB_CONCURRENCY": "1", "SOUFFLEUR_HOST": settings.host,
    }  # fmt: skip


def on_sale(settings: Settings) -> Iterator[list[str]]:
    """Load the demo season; the keys that buy two of the best seats, evening after evening."""
    engine = engine_for(settings.database)
    booking = BookingService(engine, lambda: datetime.now(UTC))
    booking.load_season(read_season(opening=demo_opening(datetime.now(UTC).date())))
    keys = [pressed for production in booking.programme() for pressed in _keys(booking, production)]
    engine.dispose()
    return cycle(keys)


def _keys(booking: BookingService, production: Production) -> Iterator[list[str]]:
    """Menu, brochure code, day and month, two, the best, yes, at the box office."""
    clerk = booking.clerk("phone", "bench")
    days = [evening.local.date() for evening in production.performances]
    for evening in production.performances:
        day = evening.local.date()
        is_for_all = evening.kind != "avant_premiere_jeunes"
        if is_for_all and days.count(day) == 1 and clerk.on_sale(evening.id).state == "open":
            yield ["1", production.code, f"{day:%d%m}", "2", "8", "1", "2"]


def free_port() -> int:
    """A port nobody uses."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(settings: Settings) -> None:
    """Until the server is warm and answers, two minutes at most."""
    give_up = time.monotonic() + 120
    while True:
        try:
            ask(settings, CPU)
            return
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def environment() -> dict[str, object]:
    """Where this was measured."""
    return {
        "python": platform.python_version(), "machine": platform.machine(), "system": platform.platform(),
        "cores": os.cpu_count(), "load": os.getloadavg()[0],
    }  # fmt: skip
