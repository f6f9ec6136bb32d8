"""What has become of each seat of a performance: for plans, not for selling."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from booking.moments import micros
from booking.store import Transactions, claims


def seat_states(engine: Engine, performance: str, now: datetime) -> Mapping[str, str]:
    """Seat id -> "held", "sold" or "blocked" for every seat of a performance that is not free at `now` (aware UTC)."""
    with Transactions(engine).read() as tx:
        standing = claims.standing(tx, performance)
    return {
        seat: state
        for state, until, seats in standing
        if state != "held" or until is None or until > micros(now)
        for seat in seats
    }
