"""Whose spoken answers are kept for improving the hearing: nobody's, unless the house and the caller both want it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from booking import BookingError
from ivr.consents import CONSENT
from ivr.house import House
from ivr.redis_links import RedisAway
from ivr.speech.keeping import Keeper, keeper_in


def keeper_of(house: House) -> Keeper:
    """The keeper that asks each time whether the caller has agreed."""
    return keeper_in(house.settings, house.clock, partial(who_consented, house))


def who_consented(house: House, call_id: str) -> str:
    """Which customer has agreed, now; "" for a hidden number, and for whatever cannot be looked up."""
    try:
        state = house.calls.load(call_id) or {}
        phone = state.get("caller", {}).get("phone", "")
        known = house.booking.customers_among(phones=(phone,)) if phone else ()
    except (BookingError, SQLAlchemyError, RedisAway):
        return ""
    return next((customer.id for customer in known if customer.consent.get(CONSENT) is True), "")


def forget_withdrawn(house: House) -> int:
    """Erase what was kept while a caller took her consent back, or where she was not heard; how many files."""
    since = house.clock() - timedelta(days=max(1, house.settings.keep_heard_days))
    keeper = keeper_of(house)
    gone = [who for who in house.consents.log.withdrawn_since(CONSENT, since) if not house.consents.stands(who)]
    return sum(keeper.forget_caller(customer) for customer in gone)
