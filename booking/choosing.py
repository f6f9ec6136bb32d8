"""From a wish to exact seats: the rules of sale first, then what is free for this channel, then the best of it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking import channels
from booking.errors import (
    BadWish,
    BookingError,
    ChannelClosed,
    LimitExceeded,
    NotEligible,
    NothingMatches,
    NotOnSale,
    NotTogether,
    PriceOutOfReach,
    QuotaExhausted,
    SeatsTaken,
    SoldOut,
    UnknownSeat,
    UnknownTariff,
)
from booking.halls.hall import Hall
from booking.halls.seat import Seat
from booking.house import House, Who
from booking.model import Performance
from booking.moments import micros
from booking.seasons.season import Tariff
from booking.seating.arrangement import Refusal
from booking.seating.best_seats import best_seats
from booking.store import Transaction, claims
from booking.store import programme as programme_rows
from booking.wishes import Wish


@dataclass(frozen=True, slots=True)
class Searched:
    """A wish on its way: which try it is, and whether to look at the rows themselves."""

    performance: str
    wish: Wish
    tariff: str | None
    attempt: int = 0
    anew: bool = False
    rush: int = 0
    """In a rush, step aside from the very best block by up to so many, so that not everybody reaches for the same."""
    eligible: tuple[str, ...] = ()
    """What the party is, of all that tariffs ask for (under28, senior …)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Seats with their prices (cents)."""

    seats: tuple[Seat, ...]
    prices: tuple[int, ...]
    together: bool
    arrangement: str
    reasons: tuple[str, ...]
    tariff: str

    @property
    def claimed(self) -> list[tuple[str, str, int]]:
        """(id, category, cents) of each seat."""
        return [(seat.id, seat.category, price) for seat, price in zip(self.seats, self.prices, strict=True)]


def choose(house: House, who: Who, tx: Transaction, performance: Performance, wanted: Searched, taken: int) -> Found:
    """The best seats this clerk may sell for the wish, given what is taken; or the error that says why none."""
    wish, hall, moment = wanted.wish, house.hall(performance), house.clock()
    must_make_sense(wish, hall)
    channels.must_be_on_sale(performance, who.window, moment)
    tariff = tariff_for(house, performance, who.window, wanted.tariff)
    _must_be_allowed(tariff, performance, wanted.eligible, moment)
    asked = _asked_categories(wish, hall)
    channels.must_sell(hall, performance, who.window, moment, asked)
    channels.must_be_within(channels.limit_of(hall, performance, asked, tariff.most_per_order), wish.quantity)
    shares, now = house.shares(tx, performance), micros(moment)
    open_now = channels.sellable_categories(hall, performance, who.window, moment)
    free = hall.everything & ~taken & _sellable(hall, open_now, who, shares, now)
    prices = house.prices(performance, tariff, open_now)
    found = _best(hall, free, wanted, prices, tariff.id, who)
    _must_keep_limits(hall, performance, found, tariff)
    if channels.has_quota(shares, who.channel, now):
        _must_keep_quota(tx, performance.id, who, wish.quantity, now)
    return found


def _sellable(hall: Hall, open_now: frozenset[str], who: Who, shares: tuple[channels.Share, ...], now: int) -> int:
    bits = category_bits(hall, open_now)
    if shares:
        bits &= ~channels.closed_to(shares, who.channel, now)
    return bits & channels.own_seats(shares, who.channel, now) if who.distributor else bits


def sellable(house: House, who: Who, tx: Transaction, performance: Performance) -> int:
    """The bits of the seats this channel may sell now, free or not."""
    hall, moment = house.hall(performance), house.clock()
    open_now = channels.sellable_categories(hall, performance, who.window, moment)
    return _sellable(hall, open_now, who, house.shares(tx, performance), micros(moment))


_BITS: dict[tuple[str, frozenset[str]], int] = {}


def category_bits(hall: Hall, categories: frozenset[str]) -> int:
    """The bits of all seats of these categories, worked out once."""
    key = (hall.id, categories)
    if key not in _BITS:
        _BITS[key] = hall.mask(seat.id for seat in hall.seats if seat.category in categories)
    return _BITS[key]


def must_make_sense(wish: Wish, hall: Hall) -> None:
    """BadWish, LimitExceeded or UnknownSeat for what cannot be searched for in any hall, or not in this one."""
    for fault in wish.faults():
        if fault.field == "quantity" and isinstance(wish.quantity, int) and wish.quantity > 9:
            raise LimitExceeded(9, wish.quantity)
        raise BadWish(fault.field, str(fault.value)[:100])
    for seat in wish.named:
        if seat not in hall.by_id:
            raise UnknownSeat("named", seat, seat)
    known = {category.id for category in hall.categories}
    for category in _categories(wish):
        if category not in known:
            raise BadWish("category", str(category))


def tariff_for(house: House, performance: Performance, channel: str, name: str | None) -> Tariff:
    """The tariff asked for, or the performance's usual one; ChannelClosed if only others may use it."""
    name = name or performance.tariffs[0]
    tariff = house.known_programme().tariff(name)
    if name not in performance.tariffs:
        raise UnknownTariff("tariff", name, name)
    if not tariff.open_to(channel):
        raise ChannelClosed(channel, f"tariff {name}", tariff.channels)
    return tariff


def _must_be_allowed(tariff: Tariff, performance: Performance, eligible: tuple[str, ...], now: datetime) -> None:
    """NotEligible for a tariff for others, UnknownTariff for one of other evenings, NotOnSale outside its minutes."""
    if tariff.kinds and performance.kind not in tariff.kinds:
        raise UnknownTariff("tariff", tariff.id, tariff.id)
    must_be_for(tariff, eligible)
    if tariff.minutes_before is not None:
        opens_at = performance.starts_at - timedelta(minutes=tariff.minutes_before)
        if now < opens_at:
            raise NotOnSale(performance.id, "not_yet", opens_at, performance.starts_at, tariff.channels)


def must_be_for(tariff: Tariff, eligible: tuple[str, ...]) -> None:
    """NotEligible, with whom it is for, unless the party is one of them."""
    if tariff.who and not set(tariff.who) & set(eligible):
        raise NotEligible(tariff.id, tariff.who)


def _categories(wish: Wish) -> tuple[str, ...]:
    return ((wish.category,) if wish.category else ()) + tuple(wish.categories)


def _asked_categories(wish: Wish, hall: Hall) -> tuple[str, ...]:
    return _categories(wish) or tuple({hall.by_id[seat].category for seat in wish.named})


def _must_keep_limits(hall: Hall, performance: Performance, found: Found, tariff: Tariff) -> None:
    categories = {seat.category for seat in found.seats}
    limit = channels.limit_of(hall, performance, categories, tariff.most_per_order)
    channels.must_be_within(limit, len(found.seats))


def _must_keep_quota(tx: Transaction, performance: str, who: Who, quantity: int, now: int) -> None:
    """Seats first, then the share's row: always in this order. What is held and lapsed does not count."""
    quota = programme_rows.lock_quota(tx, performance, who.channel)
    if quota is None:
        return
    left = quota - claims.count_of_channel(tx, performance, who.channel, now, but="")
    if quantity > left:
        raise QuotaExhausted(who.channel, max(0, left))


def _best(hall: Hall, free: int, wanted: Searched, prices: Mapping[str, int], tariff: str, who: Who) -> Found:
    # Among equals the seed decides, so that a crowd of callers does not fight for one block; each try draws again.
    seed = zlib.crc32(f"{who.holder} {wanted.attempt}".encode())
    answer = best_seats(hall, free, wanted.wish, prices, seed=seed)
    if isinstance(answer, Refusal):
        raise _refused(answer, wanted.wish)
    for _ in range(seed % (wanted.rush + 1)):
        free &= ~hall.mask(seat.id for seat in answer.seats)
        further = best_seats(hall, free, wanted.wish, prices, seed=seed)
        if isinstance(further, Refusal) or further.kind != answer.kind:
            break
        answer = further
    each = tuple(prices[seat.category] for seat in answer.seats)
    return Found(answer.seats, each, answer.together, answer.kind, answer.reasons, tariff)


def _refused(refusal: Refusal, wish: Wish) -> BookingError:
    """The search's refusal as the error that carries its facts."""
    if refusal.reason == "unknown_seat":
        return UnknownSeat("named", refusal.seats[0], refusal.seats[0])
    if refusal.reason == "bad_wish":
        return BadWish(refusal.faults[0].field, str(refusal.faults[0].value)[:100])
    category = refusal.category or wish.category
    facts = (refusal.left, refusal.wanted, category, refusal.instead, refusal.drop)
    if refusal.reason == "not_together":
        return NotTogether(*facts, longest=refusal.longest)
    if refusal.reason == "price":
        return PriceOutOfReach(*facts, cheapest=refusal.cheapest or 0, asked=refusal.asked or 0)
    if refusal.reason in ("taken", "reserved"):
        return SeatsTaken(*facts, seats=refusal.seats)
    return NothingMatches(*facts) if refusal.reason == "nothing_matches" else SoldOut(*facts)
