"""Processes of all channels at once, some killed with -9 and the database too; afterwards the history is checked.

Every sale that was acknowledged is in the books once; every sale that was asked for and not answered is there once or
not at all; no seat was sold twice; ledger and tables tell one story.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from booking import Wish

pytestmark = pytest.mark.proof
LONG = os.environ.get("SOUFFLEUR_PROOF") == "long"
SELLER = Path(__file__).with_name("seller.py")
CHANNELS = ("mail", "box_office", "agent", "phone", "web")
PARTIES = 120 if LONG else 14
ROOT = Path(__file__).parents[2]


class Sellers:
    """Worker processes whose lines are read as they come."""

    def __init__(self, url: str, performance: str) -> None:
        self.url, self.performance = url, performance
        self.lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.readers: list[threading.Thread] = []

    def start(self, channel: str, name: str) -> None:
        """One more worker."""
        command = [sys.executable, str(SELLER), self.url, channel, name, self.performance, str(PARTIES)]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=surroundings)
        self.running[name] = process
        reader = threading.Thread(target=self._read, args=(name, process), daemon=True)
        self.readers.append(reader)
        reader.start()

    def _read(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith("\n"):  # a worker killed in the middle of a line has not said it
                self.lines.put(json.loads(line))
        process.stdout.close()
        self.lines.put({"ended": name, "code": process.wait()})

    def history(self, happens: dict[int, Callable[[], None]]) -> list[dict[str, Any]]:
        """All lines until everybody has ended; after so many sales, something happens."""
        told: list[dict[str, Any]] = []
        ended = sales = 0
        while ended < len(self.readers):
            line = self.lines.get(timeout=120)
            told.append(line)
            ended += "ended" in line
            sales += "sold" in line
            if "sold" in line and sales in happens:
                happens.pop(sales)()
        for process in self.running.values():
            process.wait()
        assert not happens, f"only {sales} sales: not everything happened that was to happen"
        return told


def check(house: Any, engine: Any, told: list[dict[str, Any]]) -> None:
    """The history against the books."""
    assert not [line for line in told if "wrong" in line]
    acknowledged = {line["party"]: line for line in told if "sold" in line}
    assert len({line["sold"] for line in acknowledged.values()}) == len(acknowledged)
    with engine.connect() as connection:
        seats: dict[str, list[str]] = {}
        rows = connection.execute(text("SELECT reference, seat FROM booking_claims WHERE state = 'sold' ORDER BY seat"))
        for reference, seat in rows:
            seats.setdefault(reference, []).append(seat)
        holders = connection.execute(text("SELECT holder, count(*) FROM booking_orders GROUP BY holder")).all()
    assert all(count == 1 for _, count in holders)
    for line in acknowledged.values():
        assert seats[line["sold"]] == sorted(line["seats"])
    asked = {line["party"] for line in told if line.get("deed") == "sell"}
    assert {holder for holder, _ in holders} <= asked
    assert set(acknowledged) <= {holder for holder, _ in holders}
    assert house.service.audit().wrong == ()


def play(house: Any, engine: Any, kill_database: Callable[[], None] | None) -> list[dict[str, Any]]:
    """Five channels; two workers are killed and followed by others, and the database once."""
    url = engine.url.render_as_string(hide_password=False)
    evening = house.evening(nth=22)
    sellers = Sellers(url, evening.id)

    def kill(name: str, channel: str) -> Callable[[], None]:
        def deed() -> None:
            sellers.running[name].kill()
            sellers.start(channel, f"{name}-heir")

        return deed

    for channel in CHANNELS:
        sellers.start(channel, channel)
    happens = {4: kill("phone", "phone"), 16: kill("web", "web")}
    if kill_database is not None:
        happens[8] = kill_database
    return sellers.history(happens)


def test_killed_workers_lose_no_sale_and_sell_no_seat_twice(house, engine):
    check(house, engine, play(house, engine, None))


@pytest.mark.postgres
def test_a_killed_database_loses_no_acknowledged_sale(postgres_engine, make_house, postgres):
    def kill() -> None:
        postgres.kill()
        postgres.start()

    house = make_house(postgres_engine)
    told = play(house, postgres_engine, kill)
    postgres_engine.dispose()

    check(make_house(postgres_engine), postgres_engine, told)


def test_control_a_history_with_a_lost_sale_is_noticed(house, engine):
    """One sale, acknowledged; then its seats vanish, as a store without durable commits would lose them."""
    clerk = house.clerk(holder="party")
    order = clerk.confirm(clerk.hold_best(house.evening().id, Wish(2), request="h").id, request="c")
    told = [{"deed": "sell", "party": "party"},
            {"sold": order.reference, "party": "party", "seats": [line.seat for line in order.lines]}]
    check(house, engine, told)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM booking_claims"))

    with pytest.raises((AssertionError, KeyError)):
        check(house, engine, told)
