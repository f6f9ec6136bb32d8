"""Basket: what was held for a caller at the desk, so that seats somebody else took are named and not just gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from booking import Hold

SIX_HOURS = 6 * 60 * 60


@dataclass(frozen=True)
class Lost:
    """Seats that were held until their time was over and somebody else took one of them."""

    hold: str
    evening: str
    seats: tuple[str, ...]
    section: str
    total: int
    """Cents."""


class Baskets:
    """Remembers in Redis what each caller's page has shown as held."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis

    def lost(self, call_id: str, holds: Iterable[Hold]) -> tuple[Lost, ...]:
        """What was held here and is no more, though nobody let it go; what is held now is remembered."""
        key, known = _key(call_id), {hold.id: hold for hold in holds}
        told = {hold: Lost(**json.loads(facts)) for hold, facts in self._redis.hgetall(key).items()}
        held_again = {hold.performance.id for hold in known.values()}
        new = {hold.id: json.dumps(asdict(_facts(hold))) for hold in known.values() if hold.id not in told}
        over = [lost.hold for lost in told.values() if lost.hold not in known and lost.evening in held_again]
        if new:
            self._redis.hset(key, mapping=new)
            self._redis.expire(key, SIX_HOURS)
        if over:
            self._redis.hdel(key, *over)
        return tuple(lost for lost in told.values() if lost.hold not in known and lost.hold not in over)

    def let_go(self, call_id: str, *hold_ids: str) -> None:
        """These were sold or released: nothing is lost."""
        if hold_ids:
            self._redis.hdel(_key(call_id), *hold_ids)

    def did(self, call_id: str, outcome: str) -> None:
        """What came of the call so far, for its wrap-up; a sale outweighs all else."""
        if outcome and self.outcome(call_id) != "sold":
            self._redis.set(_outcome(call_id), outcome, ex=SIX_HOURS)

    def outcome(self, call_id: str) -> str:
        """What came of the call so far, or empty."""
        return self._redis.get(_outcome(call_id)) or ""

    def forget(self, call_id: str) -> None:
        """The caller has been served."""
        self._redis.delete(_key(call_id), _outcome(call_id))


def _facts(hold: Hold) -> Lost:
    seats = tuple(seat.id for seat in hold.seats)
    return Lost(hold.id, hold.performance.id, seats, hold.seats[0].section, hold.total)


def _outcome(call_id: str) -> str:
    return f"desk:outcome:{call_id}"


def _key(call_id: str) -> str:
    return f"desk:basket:{call_id}"
