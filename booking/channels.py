"""Which channel may sell what and when: windows, shares, limits. Pure: everything it needs is handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booking.errors import ChannelClosed, LimitExceeded, NotOnSale
from booking.halls.hall import Hall
from booking.model import Channel, OnSale, Performance


@dataclass(frozen=True)
class Share:
    """A channel's part of a performance until `release_at`: seats (bits) nobody else sells, or a most it may sell."""

    channel: Channel
    seats: int
    quota: int | None
    release_at: int


def on_sale(performance: Performance, channel: Channel, now: datetime) -> OnSale:
    """Whether a channel sells a performance now; if not, since or until when, and who does."""
    others = tuple(sorted(name for name in performance.opens if _is_open(performance, name, now)))
    opens_at = performance.opens.get(channel)
    closes_at = performance.closes.get(channel, performance.starts_at)
    if performance.cancelled:
        return OnSale("cancelled")
    if now >= performance.starts_at:
        return OnSale("over", opens_at, performance.starts_at)
    if opens_at is None:
        return OnSale("other_channel", None, None, others)
    if now >= closes_at:
        return OnSale("over", opens_at, closes_at, others)
    if now < opens_at:
        return OnSale("not_yet", opens_at, closes_at, others)
    return OnSale("open", opens_at, closes_at, others)


def _is_open(performance: Performance, channel: Channel, now: datetime) -> bool:
    if performance.cancelled:
        return False
    return performance.opens[channel] <= now < performance.closes.get(channel, performance.starts_at)


def must_be_on_sale(performance: Performance, channel: Channel, now: datetime) -> None:
    """NotOnSale with its facts unless the channel sells the performance now."""
    state = on_sale(performance, channel, now)
    if state.state != "open":
        raise NotOnSale(performance.id, state.state, state.opens_at, state.closes_at, state.channels)


def sellable_categories(hall: Hall, performance: Performance, channel: Channel, now: datetime) -> frozenset[str]:
    """The categories this channel may sell now; some are sold by the box office on the day only."""
    on_the_day = now.astimezone(performance.local.tzinfo).date() == performance.date
    return frozenset(
        category.id
        for category in hall.categories
        if category.open_to(channel) and (on_the_day or not category.on_the_day)
    )


def must_sell(hall: Hall, performance: Performance, channel: Channel, now: datetime, categories: Iterable[str]) -> None:
    """ChannelClosed if a category that was asked for is not sold by this channel now."""
    open_now = sellable_categories(hall, performance, channel, now)
    for category_id in categories:
        if category_id not in open_now:
            category = hall.category(category_id)
            raise ChannelClosed(channel, f"category {category_id}", tuple(category.channels))


def limit_of(hall: Hall, performance: Performance, categories: Iterable[str], tariff_limit: int | None = None) -> int:
    """How many seats of these categories one holder may have at once."""
    limits = [performance.limit, *([tariff_limit] if tariff_limit else [])]
    limits += [most for each in categories if (most := hall.category(each).most_per_order) is not None]
    return min(limits)


def must_be_within(limit: int, wanted: int) -> None:
    """LimitExceeded with the limit."""
    if wanted > limit:
        raise LimitExceeded(limit, wanted)


def closed_to(shares: Iterable[Share], channel: Channel, now: int) -> int:
    """The bits of the seats that other channels have for themselves until their release dates."""
    bits = 0
    for share in shares:
        if share.channel != channel and now < share.release_at:
            bits |= share.seats
    return bits


def own_seats(shares: Iterable[Share], channel: Channel, now: int) -> int:
    """The bits of the seats a channel has for itself until its release date."""
    bits = 0
    for share in shares:
        if share.channel == channel and now < share.release_at:
            bits |= share.seats
    return bits


def has_quota(shares: Iterable[Share], channel: Channel, now: int) -> bool:
    """Whether this channel may only sell so many seats for the time being."""
    return any(share.channel == channel and share.quota is not None and now < share.release_at for share in shares)
