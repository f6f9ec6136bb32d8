"""A season as read from its file: productions, performances, prices, and when each channel sells what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

DEMO_SEASON = Path(__file__).parent / "seasons" / "demo.toml"


@dataclass(frozen=True, slots=True)
class PriceScale:
    """What each category of a hall costs, in whole cents, before modulation."""

    id: str
    hall: str
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SalesWindow:
    """When a channel sells a production: from a moment (UTC) on, until so long before each performance begins."""

    channel: str
    opens_at: datetime
    closes_before: timedelta

    def closes_at(self, starts_at: datetime) -> datetime:
        """The moment at which this channel stops selling a performance that begins at `starts_at`."""
        return starts_at - self.closes_before


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price other than the full one: a share of it or flat prices, for some performances, over some channels.

    `percent` of the full price (100 = full), or `flat` cents by category (key "*" for every category).
    `kinds` are the kinds of performance that have it, all when empty; `offer` restricts it to performances that name it.
    """

    id: str
    names: Mapping[str, str]
    percent: int = 100
    flat: Mapping[str, int] | None = None
    kinds: tuple[str, ...] = ()
    offer: bool = False
    channels: tuple[str, ...] = ()
    most_per_order: int | None = None


@dataclass(frozen=True, slots=True)
class Performance:
    """One evening or afternoon as planned. `starts_at` is UTC, `local` the same moment on the clock of the hall.

    `kind` is normal, premiere, reveillon, gala or avant_premiere_jeunes; `percent` the modulation (+10, 0, -10);
    `prices` whole cents by category, modulation included; `tariffs` the ids of the tariffs it has, "full" first.
    """

    id: str
    production: str
    hall: str
    starts_at: datetime
    local: datetime
    kind: str
    scale: str
    percent: int
    prices: Mapping[str, int]
    tariffs: tuple[str, ...] = ("full",)
    most_per_order: int | None = None


@dataclass(frozen=True, slots=True)
class Production:
    """A work on the stage, with all its performances in order of time."""

    id: str
    code: str
    title: str
    alt_titles: tuple[str, ...]
    hall: str
    genre: str
    style: str
    composer: str
    choreographer: str | None
    language: str | None
    surtitles: tuple[str, ...]
    minutes: int
    intervals: int
    contemporary: bool
    core_repertoire: bool
    new_production: bool
    windows: tuple[SalesWindow, ...]
    performances: tuple[Performance, ...]

    def window(self, channel: str) -> SalesWindow | None:
        """When a channel sells this production; None if it never does."""
        return next((window for window in self.windows if window.channel == channel), None)


@dataclass(frozen=True, slots=True)
class Season:
    """A whole season, checked. `opening` is the day of its first performance."""

    id: str
    names: Mapping[str, str]
    opening: date
    holidays: tuple[date, ...]
    closed_days: tuple[date, ...]
    scales: Mapping[str, PriceScale]
    tariffs: Mapping[str, Tariff]
    productions: tuple[Production, ...]

    @property
    def performances(self) -> tuple[Performance, ...]:
        """Every performance of the season, production by production."""
        return tuple(performance for production in self.productions for performance in production.performances)


def read_season(path: Path = DEMO_SEASON, opening: date | None = None) -> Season:
    """The season in a file, checked; with `opening`, shifted so that its first performance falls on or just after that day.

    Performances move by whole weeks and keep their weekday; sales windows move by whole days.
    """
    raise NotImplementedError  # the reader follows


def demo_opening(today: date) -> date:
    """The `opening` with which the demo season has, today, something on sale, opening today, web only and not yet open."""
    raise NotImplementedError  # the reader follows
