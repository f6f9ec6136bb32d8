"""What every clerk of the house shares: the books, the clock, the programme and what is free."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from booking.availability import Availability
from booking.channels import Share
from booking.halls.hall import Hall, read_hall
from booking.model import Channel, Performance
from booking.moments import micros, span
from booking.programme import Programme, read_programme
from booking.seasons.pricing import tariff_price
from booking.seasons.season import Tariff
from booking.store import Transaction, Transactions
from booking.store import programme as programme_rows

_MOST_RUSH = 24.0
_LATELY = span(timedelta(seconds=1))

Clock = Callable[[], datetime]
"""Aware UTC; nothing in this package looks at any other clock."""


@dataclass(frozen=True)
class Rules:
    """How long things last; a house may have its own."""

    hold: timedelta = timedelta(minutes=10)
    longest_hold: timedelta = timedelta(minutes=30)
    """From the first moment of a hold; extending goes no further."""
    offer: timedelta = timedelta(hours=24)
    """How long a seat from the waiting list waits for an answer."""
    exchange_until: timedelta = timedelta(hours=48)
    """So long before the performance an exchange is still possible."""
    exchange_fee: int = 1000
    """Cents for each ticket."""
    tries: int = 12
    """How often a search is repeated when others were quicker, before HouseBusy."""


@dataclass(frozen=True)
class Who:
    """On whose behalf a deed is done, and over which channel."""

    channel: Channel
    holder: str
    distributor: bool = False
    """Distributors sell what was allotted to them, and nothing else."""

    @property
    def window(self) -> Channel:
        """The channel whose sales windows hold: a distributor opens and closes with the web."""
        return "web" if self.distributor else self.channel


@dataclass
class House:
    """One engine, one clock; safe to share between threads: what it remembers is replaced whole, never changed."""

    engine: Engine
    clock: Clock
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self.books = Transactions(self.engine)
        self.availability = Availability()
        self._programme: Programme | None = None
        self._looked_at = 0
        self._prices: dict[tuple[str, int, str, frozenset[str]], Mapping[str, int]] = {}
        self._rush: dict[str, float] = {}
        self._shares: dict[tuple[str, int], tuple[Share, ...]] = {}

    def now(self) -> int:
        """The present, in microseconds."""
        return micros(self.clock())

    def programme(self, *, anew: bool = False) -> Programme:
        """The programme as of now: one small question to the database when nothing has changed."""
        looked_at = self.now()
        with self.books.read() as tx:
            known = self._programme
            if known is None or anew or programme_rows.version(tx) != known.version:
                known = self._programme = read_programme(tx)
        self._looked_at = looked_at
        return known

    def programme_lately(self) -> Programme:
        """The programme as of a second ago at most: enough for talking about it, since deeds name its versions."""
        known = self._programme if 0 <= self.now() - self._looked_at < _LATELY else None
        return known or self.programme()

    def known_programme(self) -> Programme:
        """The programme as this process last saw it; deeds name its versions, so that a stale one does no harm."""
        return self._programme or self.programme()

    def performance(self, performance_id: str) -> Performance:
        """A performance as last seen; looked up anew before it is called unknown."""
        found = self.known_programme().performances.get(performance_id)
        return found or self.programme(anew=True).performance(performance_id)

    def hall(self, performance: Performance) -> Hall:
        """The hall a performance is in."""
        return read_hall(performance.hall)

    def prices(self, performance: Performance, tariff: Tariff, categories: frozenset[str]) -> Mapping[str, int]:
        """Cents by category that may be sold now, worked out once for each version of a performance."""
        key = (performance.id, performance.version, tariff.id, categories)
        if key not in self._prices:
            self._prices[key] = {
                category: tariff_price(price, category, tariff)
                for category, price in performance.prices.items()
                if category in categories
            }
        return self._prices[key]

    def rush(self, performance: str) -> int:
        """How many blocks further a search may step aside: 0 unless others were quicker lately."""
        return int(self._rush.get(performance, 0))

    def met(self, performance: str, others: bool) -> None:
        """Others were quicker, or nobody was: the rush for a performance grows fast and ebbs slowly."""
        rush = self._rush.get(performance, 0.0)
        if others or rush:
            self._rush[performance] = min(_MOST_RUSH, rush + 3) if others else max(0.0, rush - 0.05)

    def shares(self, tx: Transaction, performance: Performance) -> tuple[Share, ...]:
        """The channels' own shares of a performance; they change only with its version."""
        key = (performance.id, performance.version)
        if key not in self._shares:
            hall = self.hall(performance)
            found = programme_rows.allotment_rows(tx, performance.id)
            self._shares[key] = tuple(
                Share(channel, hall.mask(seats.split()), quota, until) for channel, seats, quota, until in found
            )
        return self._shares[key]


def new_id() -> str:
    """An id that nobody can guess: 12 signs."""
    return secrets.token_urlsafe(9)


def fingerprint(deed: str, who: Who, **facts: Any) -> str:
    """The content of a request in short, to tell a repetition from another wish under the same id."""
    content = json.dumps([deed, who.channel, who.holder, facts], sort_keys=True, default=str)
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
