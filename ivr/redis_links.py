"""Links to Redis: one way to make a client, with time limits that leave a caller waiting no longer than a breath."""

from __future__ import annotations

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

Link = redis.Redis
"""A client for any thread."""
RedisAway = redis.RedisError
"""What every use of a link may raise when Redis cannot be reached or has no room."""


def link(url: str) -> Link:
    """A client for any thread; a broken connection is tried once more at once, then `RedisAway`."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=1.0,
        socket_timeout=2.0,
        retry=Retry(NoBackoff(), 1),
        max_connections=64,
    )
