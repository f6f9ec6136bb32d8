"""Refusals: booking's errors as sentences an agent can say to a caller, each with what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from booking import (
    AlreadySold,
    BadWish,
    BookingError,
    ChannelClosed,
    HoldLapsed,
    HoldTooOld,
    HouseBusy,
    LimitExceeded,
    NotEligible,
    NotExchangeable,
    NothingMatches,
    NotOnSale,
    NotTogether,
    NotYours,
    PriceOutOfReach,
    QuotaExhausted,
    RequestMismatch,
    SeatsTaken,
    SoldOut,
    TooLate,
    UnknownCustomer,
    UnknownHold,
    UnknownOrder,
    UnknownPerformance,
    UnknownSeat,
    UnknownTariff,
    read_hall,
)
from ivr.pages.looks import moment, money
from ivr.pages.words import Words, words

Told = Callable[[Words, Any], str]


def told(w: Words, error: BookingError) -> str:
    """What happened and what to do, with the facts the error carries."""
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence(w, error)
    return w("refused.other")


def _plain(key: str) -> Told:
    return lambda w, error: w(f"refused.{key}")


def _sold_out(w: Words, error: SoldOut) -> str:
    return " ".join((w("refused.sold_out", left=error.left, wanted=error.wanted), *_instead(w, error)))


def _not_together(w: Words, error: NotTogether) -> str:
    told = w("refused.not_together", longest=error.longest, wanted=error.wanted)
    return " ".join((told, *_instead(w, error)))


def _nothing_matches(w: Words, error: NothingMatches) -> str:
    drop = _listed(w.known(f"wish.{part}", part) for part in error.drop)
    told = w("refused.nothing_matches", drop=drop) if drop else w("refused.nothing_matches_at_all")
    return " ".join((told, *_instead(w, error)))


def _too_dear(w: Words, error: PriceOutOfReach) -> str:
    return w("refused.too_dear", cheapest=money(w, error.cheapest))


def _taken(w: Words, error: SeatsTaken) -> str:
    return w("refused.taken", seats=_listed(seat_name(w, seat) for seat in error.seats))


def _not_on_sale(w: Words, error: NotOnSale) -> str:
    facts = {"channels": channels_told(w, error.channels)}
    if error.state == "not_yet" and error.opens_at:
        return w("refused.not_yet", opens=moment(w, error.opens_at))
    if error.state == "other_channel" and not error.channels:
        return w("refused.no_channel")
    return w(f"refused.{error.state or 'over'}", **facts)


def _closed(w: Words, error: ChannelClosed) -> str:
    kind, _, name = error.what.partition(" ")
    what = w("refused.category", name=name) if kind == "category" else w.known(f"tariffs.{name}", error.what)
    return w("refused.channel", what=what, channels=channels_told(w, error.channels))


def _not_eligible(w: Words, error: NotEligible) -> str:
    return w("refused.not_eligible", who=_listed(w.known(f"who.{who}", who) for who in error.who))


def _too_late(w: Words, error: TooLate) -> str:
    return w("refused.too_late", until=_until(w, error.until))


def _until(w: Words, end: datetime | None) -> str:
    return moment(w, end) if end else w("refused.a_while_ago")


def _not_exchangeable(w: Words, error: NotExchangeable) -> str:
    return w.known(f"refused.exchange_{error.why}", w("refused.exchange"))


def _bad_wish(w: Words, error: BadWish) -> str:
    return w("refused.bad_wish", field=w.known(f"wish.{error.field}", error.field))


def _instead(w: Words, error: SoldOut) -> tuple[str, ...]:
    if not error.instead:
        return ()
    return (w("refused.instead", categories=_listed(category_name(w, each) for each in error.instead[:4])),)


def seat_name(w: Words, seat_id: str) -> str:
    """«Orchestre, rang 5, place 12» of a seat's id; the id itself when no hall has it."""
    return _seat_name(w.language, seat_id[:40])


@lru_cache(maxsize=20_000)
def _seat_name(language: str, seat_id: str) -> str:
    """A plan names a thousand seats, and halls do not change."""
    w = words(language)
    try:
        seat = read_hall(seat_id.partition(":")[0]).by_id[seat_id]
    except (BadWish, KeyError):
        return seat_id
    row = w("desk.box" if seat.in_box else "desk.row", row=seat.row)
    return f"{seat.section_name(w.language)}, {row}, {w('desk.seat', number=seat.number)}"


def category_name(w: Words, category: str) -> str:
    """«catégorie 2», «Optima»."""
    return "Optima" if category == "OPT" else w("refused.category", name=category)


def channels_told(w: Words, channels: Iterable[str]) -> str:
    """«au guichet, sur Internet»."""
    return _listed(w.known(f"channels.{channel}", channel) for channel in channels)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


_SENTENCES: tuple[tuple[type[BookingError], Told], ...] = (
    (NotTogether, _not_together),
    (NothingMatches, _nothing_matches),
    (SeatsTaken, _taken),
    (PriceOutOfReach, _too_dear),
    (SoldOut, _sold_out),
    (QuotaExhausted, lambda w, error: w("refused.quota", left=error.left)),
    (LimitExceeded, lambda w, error: w("refused.limit", limit=error.limit)),
    (NotOnSale, _not_on_sale),
    (ChannelClosed, _closed),
    (NotEligible, _not_eligible),
    (HoldLapsed, _plain("lapsed")),
    (HoldTooOld, lambda w, error: w("refused.too_old", until=_until(w, error.held_until))),
    (AlreadySold, lambda w, error: w("refused.already_sold", reference=error.reference)),
    (TooLate, _too_late),
    (NotExchangeable, _not_exchangeable),
    (NotYours, _plain("not_yours")),
    (RequestMismatch, _plain("aged")),
    (HouseBusy, _plain("busy")),
    (UnknownHold, _plain("lapsed")),
    (UnknownOrder, _plain("unknown_order")),
    (UnknownPerformance, _plain("unknown_evening")),
    (UnknownSeat, _plain("unknown_seat")),
    (UnknownTariff, _plain("unknown_tariff")),
    (UnknownCustomer, _plain("unknown_customer")),
    (BadWish, _bad_wish),
)
"""From the narrowest error to the widest."""
