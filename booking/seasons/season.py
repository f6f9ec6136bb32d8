"""A season as read from its file: productions, performances, prices, and when each channel sells what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta


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

    `percent` of the full price (100 = full), or `flat` cents by category (key "*" for every other category).
    `who` are those who may ask for it (under28, senior …), everybody when empty; `kinds` the kinds of performance that
    have it, all when empty; `offer` restricts it to performances that name it; `minutes_before` to the last minutes.
    """

    id: str
    names: Mapping[str, str]
    percent: int = 100
    flat: Mapping[str, int] | None = None
    who: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    offer: bool = False
    channels: tuple[str, ...] = ()
    most_per_order: int | None = None
    minutes_before: int | None = None

    def open_to(self, channel: str) -> bool:
        """Whether a channel may use this tariff."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class Performance:
    """One evening or afternoon as planned. `starts_at` is UTC, `local` the same moment on the clock of the hall.

    `kind` is normal, premiere, reveillon, gala or avant_premiere_jeunes; `percent` the modulation (+10, 0, -10);
    `prices` whole cents by category, modulation included; `tariffs` the ids of the tariffs it has, the usual one first;
    `windows` when each channel sells it (a channel that is missing never does); `most_per_order` seats for one holder.
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
    windows: tuple[SalesWindow, ...] = ()
    tariffs: tuple[str, ...] = ("full",)
    most_per_order: int = 9

    def window(self, channel: str) -> SalesWindow | None:
        """When a channel sells this performance; None if it never does."""
        return next((window for window in self.windows if window.channel == channel), None)


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
    """A whole season, checked. `opening` is the day of its first performance, subscriptions open before all else."""

    id: str
    names: Mapping[str, str]
    opening: date
    subscriptions_open: date
    holidays: tuple[date, ...]
    closed_days: tuple[date, ...]
    scales: Mapping[str, PriceScale]
    tariffs: Mapping[str, Tariff]
    productions: tuple[Production, ...]

    def production(self, production_id: str) -> Production:
        """The production with that id; KeyError if the season has none."""
        return {production.id: production for production in self.productions}[production_id]

    @property
    def performances(self) -> tuple[Performance, ...]:
        """Every performance of the season, production by production."""
        return tuple(performance for production in self.productions for performance in production.performances)
