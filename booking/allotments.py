"""Channels' own shares of a performance, with release dates; distributors with their keys."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from booking.deeds import Told, once
from booking.errors import BadWish, ChannelClosed, UnknownSeat
from booking.house import House, Who, fingerprint
from booking.model import CHANNELS, Channel
from booking.moments import micros
from booking.store import Transaction, customers, programme
from booking.store.ledger import Entry

HOUSE = Who("house", "house")
"""On whose behalf the house's own deeds are written down."""


@dataclass(frozen=True)
class Allotment:
    """Seats that only this channel sells, and/or the most seats it may sell, until the release date."""

    performance: str
    channel: Channel
    until: datetime
    seats: tuple[str, ...] = ()
    quota: int | None = None


def allot(house: House, share: Allotment, request: str) -> None:
    """Give a channel its share, in the place of the one before."""
    hall = house.hall(house.performance(share.performance))
    for seat in share.seats:
        if seat not in hall.by_id:
            raise UnknownSeat("seats", str(seat), str(seat))
    if share.quota is not None and share.quota < 0:
        raise BadWish("quota", str(share.quota))
    mark = fingerprint("allot", HOUSE, share=repr(share))

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        programme.touch(tx, share.performance)
        row = {"performance": share.performance, "channel": share.channel, "seats": " ".join(sorted(share.seats)),
               "quota": share.quota, "release_at": micros(share.until)}  # fmt: skip
        programme.set_allotment(tx, row)
        return row, [_line("allot", request, mark, now, share.performance)]

    once(house, request, mark, deed)
    house.programme()


def withdraw(house: House, performance_id: str, channel: Channel, request: str) -> None:
    """Take a channel's share back before its release date."""
    mark = fingerprint("unallot", HOUSE, performance=performance_id, of=channel)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        programme.touch(tx, performance_id)
        programme.drop_allotment(tx, performance_id, channel)
        return {}, [_line("unallot", request, mark, now, performance_id)]

    once(house, request, mark, deed)
    house.programme()


def cancel_performance(house: House, performance_id: str, request: str) -> None:
    """Nobody holds or buys a seat of it from now on; refunds follow, order by order."""
    house.performance(performance_id)
    mark = fingerprint("cancel_performance", HOUSE, performance=performance_id)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        programme.touch(tx, performance_id, cancelled=True)
        return {}, [_line("call_off", request, mark, now, performance_id)]

    once(house, request, mark, deed)
    house.programme()


def admit(house: House, channel: Channel, name: str, key: str) -> None:
    """A distributor becomes a channel with a key of its own; only a hash of the key is kept."""
    if channel in CHANNELS or not channel or len(key) < 16:
        raise BadWish("channel" if len(key) >= 16 else "key", channel)
    with house.books.write() as tx:
        customers.set_distributor(tx, channel, name, _hashed(key))


def who_is(house: House, channel: Channel, holder: str, key: str | None) -> Who:
    """Who sells over a channel: the five of the house need no key; a distributor's must fit, or ChannelClosed."""
    if channel in CHANNELS:
        return Who(channel, holder)
    with house.books.read() as tx:
        kept = customers.distributor_key(tx, channel)
    if kept is None or key is None or not hmac.compare_digest(kept, _hashed(key)):
        raise ChannelClosed(str(channel)[:24], "key", CHANNELS)
    return Who(channel, holder, distributor=True)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _line(deed: str, request: str, mark: str, now: int, performance: str) -> Entry:
    return Entry(request, mark, deed, now, HOUSE.channel, HOUSE.holder, performance=performance)
