"""CallStore: the JSON of every call in Redis between two turns, saved only after the turn it answers.

What the journal should know of a turn is kept in the same step: both are there, or neither.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from redis import Redis

from ivr.backlog import KEY, MOST_WAITING
from ivr.redis_links import Wire

A_DAY = 24 * 60 * 60

_TELL = f"redis.call('XADD', KEYS[2], 'MAXLEN', '~', {MOST_WAITING}, '*', 'line', ARGV[i])"
# The turn number is the lock: whoever saves after turn 3 finds turn 3 standing there, or someone else was first.
_SAVE = f"""
local standing = redis.call('HGET', KEYS[1], 'turn')
if (standing or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'turn', ARGV[2], 'state', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
for i = 5, #ARGV do {_TELL} end
return 1
"""
_FORGET = f"""
local standing = redis.call('HGET', KEYS[1], 'turn')
if (standing or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
for i = 2, #ARGV do {_TELL} end
return 1
"""


_written = json.JSONEncoder(separators=(",", ":")).encode


class CallStore:
    """Loads and saves calls. A call is plain JSON with at least `call` (its id) and `turn` (its number)."""

    def __init__(self, link: Redis, *, seconds: int = A_DAY) -> None:
        self._link, self._ask = link, Wire(link)
        self._seconds = seconds

    def load(self, call_id: str) -> dict[str, Any] | None:
        """The call as it was saved last, or None if it is new or was forgotten."""
        text = self._ask("HGET", _key(call_id), "state")
        return None if text is None else json.loads(text)

    def save(self, data: dict[str, Any], after: int | None, told: Sequence[str] = ()) -> bool:
        """Keep the call if it still stands at turn `after` (None: if it is new); False if someone else was first.

        `told` are the lines of the journal about it, kept with it.
        """
        standing, key = "" if after is None else str(after), _key(data["call"])
        text = _written(data)
        return bool(self._ask("EVAL", _SAVE, 2, key, KEY, standing, data["turn"], text, self._seconds, *told))

    def forget(self, call_id: str, after: int | None, told: Sequence[str] = ()) -> bool:
        """The call is over; nothing of it stays but what is `told`. False if it does not stand at `after` any more."""
        standing = "" if after is None else str(after)
        return bool(self._ask("EVAL", _FORGET, 2, _key(call_id), KEY, standing, *told))

    def calls(self) -> list[dict[str, Any]]:
        """Every call that is known, for housekeeping; in no order."""
        found = (self.load(str(key).removeprefix("call:")) for key in self._link.scan_iter("call:*", count=500))
        return [data for data in found if data is not None]


def _key(call_id: str) -> str:
    return f"call:{call_id}"
