"""Whose spoken answers are kept for improving the hearing: nobody's, unless the house and the caller both want it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from booking import BookingError
from ivr.redis_links import RedisAway
from ivr.speech.keeping import Keeper

if TYPE_CHECKING:
    from ivr.app import House

CONSENT = "recording"
"""The consent in a caller's profile that allows it."""


def keeper_of(house: House) -> Keeper:
    """Keeps in `heard` in the data folder for KEEP_HEARD_DAYS; with 0, keeps nothing and erases what there was."""
    settings = house.settings
    return Keeper(settings.data / "heard", settings.keep_heard_days, partial(has_consented, house), house.clock)


def has_consented(house: House, call_id: str) -> bool:
    """Has this call's caller agreed, now? A hidden number, and whatever cannot be looked up, has not."""
    try:
        state = house.calls.load(call_id) or {}
        phone = state.get("caller", {}).get("phone", "")
        return bool(phone) and house.booking.customer(phone).consent.get(CONSENT) is True
    except (BookingError, SQLAlchemyError, RedisAway):
        return False
