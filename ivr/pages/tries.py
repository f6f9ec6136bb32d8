"""Tries: failures counted in Redis per account and per caller, over calls, browsers and workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any


class Tries:
    """At most `most` failures in `window` for each thing that is counted; then it is locked until they are old."""

    def __init__(self, redis: Any, clock: Callable[[], datetime], what: str, window: timedelta) -> None:
        self._redis, self._clock, self._what, self._window = redis, clock, what, window

    def locked(self, limits: dict[str, int]) -> bool:
        """Has any of these things failed as often as it may?"""
        return any(self._failures(thing) >= most for thing, most in limits.items())

    def failed(self, *things: str) -> None:
        """Count one failure against each of these."""
        now = self._clock().timestamp()
        for thing in things:
            key = self._key(thing)
            self._redis.zadd(key, {token_hex(8): now})
            self._redis.expire(key, int(self._window.total_seconds()) + 60)

    def forget(self, *things: str) -> None:
        """Success, or somebody who may: the count begins again."""
        self._redis.delete(*map(self._key, things))

    def _failures(self, thing: str) -> int:
        key, oldest = self._key(thing), self._clock().timestamp() - self._window.total_seconds()
        self._redis.zremrangebyscore(key, "-inf", oldest)
        return int(self._redis.zcard(key))

    def _key(self, thing: str) -> str:
        return f"tries:{self._what}:{thing}"
