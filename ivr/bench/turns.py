"""`souffleur bench turns`: whole buying calls against a bare Flask view, on one gunicorn worker in one run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from socket import socket
from statistics import median
from typing import Any
from urllib.parse import urlencode

import click

from booking import BookingService, Production, demo_opening, read_season
from ivr.bench.floor import BARE, serve
from ivr.database import engine_for
from ivr.embedded import surroundings
from ivr.settings import Settings
from ivr.simulator import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator.edge import Request
from ivr.simulator.signature import signature

GOAL = 0.5
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


class WrongAnswer(Exception):
    """The server did not answer as the call expected: the measurement would mean nothing."""


@dataclass
class Measured:
    """Seconds of each request, and of the whole."""

    each: list[float] = field(default_factory=list)
    whole: float = 0.0

    def to_json(self) -> dict[str, float]:
        """Requests per second, and milliseconds."""
        ordered = sorted(self.each)
        return {
            "requests": len(ordered), "per_second": round(len(ordered) / self.whole, 1),
            "p50_ms": round(1000 * median(ordered), 3), "p99_ms": round(1000 * ordered[int(len(ordered) * 0.99)], 3),
        }  # fmt: skip


@click.command()
@click.option("--calls", default=120, show_default=True, help="Whole calls to place; each buys two seats.")
@click.option("--callers", default=4, show_default=True, help="How many call at the same time.")
@click.option("--rounds", default=3, show_default=True, help="Calls and floor by turns, so often; the median counts.")
def command(calls: int, callers: int, rounds: int) -> None:
    """Turns per second of one worker answering whole buying calls, as a ratio to a bare view of the same server.

    A call is everything the carrier sends: incoming, every answer by key, ended; signed, journalled, sold in SQLite.
    """
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (settings, scripts):
        results = [one_round(settings, scripts, calls, callers) for _ in range(rounds)]
    results.sort(key=lambda result: result["ratio"])
    middle = results[len(results) // 2]
    told = {"environment": environment(), "goal": GOAL, **middle, "all_ratios": ratios(results)}
    click.echo(json.dumps(told, indent=2))
    sys.exit(0 if middle["ratio"] >= GOAL else 1)


def one_round(settings: Settings, scripts: Iterator[list[str]], calls: int, callers: int) -> dict[str, Any]:
    """As many bare requests as turns, right after them."""
    turns = together(callers, calls, lambda call: buy(settings, call, next(scripts)))
    floor = together(callers, calls, lambda call: bare(settings, call, len(turns.each) // calls))
    ratio = (len(turns.each) / turns.whole) / (len(floor.each) / floor.whole)
    return {"ratio": round(ratio, 3), "turns": turns.to_json(), "floor": floor.to_json()}


def ratios(results: list[dict[str, Any]]) -> list[float]:
    """All of them, so that a reader sees how far they lie apart."""
    return [result["ratio"] for result in results]


def together(callers: int, calls: int, call: Callable[[str], list[float]]) -> Measured:
    """So many calls, by several callers at once, each on a connection of its own."""
    measured, waiting, lock = Measured(), list(range(calls)), threading.Lock()

    def caller() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                number = waiting.pop()
            seconds = call(f"CA{os.getpid():08x}{number:08x}{time.monotonic_ns():016x}"[:34])
            with lock:
                measured.each += seconds

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.whole = time.perf_counter() - started
    return measured


def buy(settings: Settings, call: str, keys: list[str]) -> list[float]:
    """One whole call; the seconds of each of its requests."""
    line = HTTPConnection(settings.host, settings.port)
    form = {"CallSid": call, "From": "+33612345678", "To": settings.house_number, "CallStatus": "in-progress"}
    seconds = [post(line, settings, "/voice/incoming", form, "turn=0&")]
    for turn, pressed in enumerate(keys):
        path = f"/voice/turn?turn={turn}&language=fr&takes=0"
        seconds.append(post(line, settings, path, {**form, "Digits": pressed}, f"turn={turn + 1}&"))
    seconds.append(post(line, settings, "/voice/ended", {**form, "CallStatus": "completed"}, ""))
    line.close()
    return seconds


def bare(settings: Settings, call: str, requests: int) -> list[float]:
    """The same number of requests, of the same size, to the bare view."""
    line = HTTPConnection(settings.host, settings.port)
    form = {"CallSid": call, "From": "+33612345678", "To": settings.house_number, "CallStatus": "in-progress"}
    seconds = [post(line, settings, BARE, {**form, "Digits": "1"}, "<Gather") for _ in range(requests)]
    line.close()
    return seconds


def post(line: HTTPConnection, settings: Settings, path: str, form: dict[str, str], expected: str) -> float:
    """One signed request; the signing is not counted, the answer is checked."""
    signed = signature(Request("POST", settings.base_url + path, form), settings.auth_token)
    body, headers = urlencode(form), {**HEADERS, "X-Twilio-Signature": signed}
    started = time.perf_counter()
    line.request("POST", path, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    seconds = time.perf_counter() - started
    if answer.status >= 300 or expected.replace("&", "&amp;") not in text:
        raise WrongAnswer(path, form, answer.status, text)
    return seconds


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
                buy(settings, f"CA{number}", next(scripts))
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
        if days.count(day) == 1 and clerk.on_sale(evening.id).state == "open":
            yield ["1", production.code, f"{day:%d%m}", "2", "8", "1", "2"]


def free_port() -> int:
    """A port nobody uses."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(settings: Settings) -> None:
    """Until the server answers, half a minute at most."""
    give_up = time.monotonic() + 30
    while True:
        try:
            bare(settings, "CA0", 1)
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
