"""What a seat costs: the scale of its performance, the modulation of the evening, the tariff of the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from booking.errors import UnknownTariff

if TYPE_CHECKING:
    from booking.halls.seat import Seat
    from booking.seasons.season import Performance, Season, Tariff

EURO = 100


def modulated(price: int, percent: int, unmodulated_up_to: int) -> int:
    """A price (cents) on an evening that is `percent` dearer or cheaper, rounded half up to the euro; low ones stay."""
    if price <= unmodulated_up_to:
        return price
    return (price * (100 + percent) + 50 * EURO) // (100 * EURO) * EURO


def tariff_price(price: int, category: str, tariff: Tariff) -> int:
    """The price (cents) of a seat under a tariff: its flat price, or its share of the full one rounded to ten cents.

    Never more than the full price.
    """
    if tariff.flat is not None:
        return min(price, tariff.flat.get(category, tariff.flat.get("*", price)))
    return min(price, (price * tariff.percent + 500) // 1000 * 10)


def prices_of(performance: Performance, season: Season, tariff: str | None = None) -> Mapping[str, int]:
    """Cents by category for a performance under one of its tariffs (its usual one if none is named).

    UnknownTariff if the performance does not have it.
    """
    name = tariff or performance.tariffs[0]
    if name not in performance.tariffs:
        raise UnknownTariff("tariff", name, name)
    chosen = season.tariffs[name]
    return {category: tariff_price(price, category, chosen) for category, price in performance.prices.items()}


def price_of(seat: Seat, performance: Performance, season: Season, tariff: str | None = None) -> int:
    """Cents for one seat of a performance under one of its tariffs."""
    return prices_of(performance, season, tariff)[seat.category]


def total_of(seats: Iterable[Seat], prices: Mapping[str, int]) -> int:
    """Cents for some seats together, given the prices by category."""
    return sum(prices[seat.category] for seat in seats)


def tariffs_open(
    performance: Performance, season: Season, channel: str, now: datetime, who: str | None = None
) -> tuple[Tariff, ...]:
    """The tariffs a channel may use for a performance now, for everybody or for somebody (`under28`, `senior` …)."""
    found = (season.tariffs[name] for name in performance.tariffs)
    return tuple(
        tariff
        for tariff in found
        if tariff.open_to(channel) and _is_time(tariff, performance, now) and _is_for(tariff, who)
    )


def _is_for(tariff: Tariff, who: str | None) -> bool:
    return who is None or not tariff.who or who in tariff.who


def _is_time(tariff: Tariff, performance: Performance, now: datetime) -> bool:
    if tariff.minutes_before is None:
        return True
    return timedelta() <= performance.starts_at - now <= timedelta(minutes=tariff.minutes_before)
