"""Links to Redis: one way to make a client, with time limits that leave a caller waiting no longer than a breath."""

from __future__ import annotations

from typing import Any

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


class Wire:
    """The few commands of every turn, straight over a connection: half of what the client's own way costs.

    Safe for many threads. Like a link it tries once more at once on a broken connection, so a command must bear being
    given twice. A connection comes back among the idle ones only after a whole answer.
    """

    def __init__(self, link: Link) -> None:
        self._kind, self._about = link.connection_pool.connection_class, link.connection_pool.connection_kwargs
        self._idle: list[Any] = []

    def __call__(self, *command: str | int) -> Any:
        """The answer to one command; text comes as text."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._kind(**self._about)
        try:
            answer = _answer(connection, command)
        except (redis.ConnectionError, redis.TimeoutError):
            answer = _answer(connection, command)  # it connects anew by itself
        self._idle.append(connection)
        return answer


def _answer(connection: Any, command: tuple[str | int, ...]) -> Any:
    connection.send_command(*command)
    return connection.read_response()
