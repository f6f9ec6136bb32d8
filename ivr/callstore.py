"""CallStore: the JSON of every call in Redis between two turns, saved only after the turn it answers."""

from __future__ import annotations

import json
from typing import Any

from redis import Redis

from ivr.redis_links import Wire

A_DAY = 24 * 60 * 60

# The turn number is the lock: whoever saves after turn 3 finds turn 3 standing there, or someone else was first.
_SAVE = """
local standing = redis.call('HGET', KEYS[1], 'turn')
if (standing or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'turn', ARGV[2], 'state', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""


class CallStore:
    """Loads and saves calls. A call is plain JSON with at least `call` (its id) and `turn` (its number)."""

    def __init__(self, link: Redis, *, seconds: int = A_DAY) -> None:
        self._link, self._ask = link, Wire(link)
        self._seconds = seconds

    def load(self, call_id: str) -> dict[str, Any] | None:
        """The call as it was saved last, or None if it is new or was forgotten."""
        text = self._ask("HGET", _key(call_id), "state")
        return None if text is None else json.loads(text)

    def save(self, data: dict[str, Any], after: int | None) -> bool:
        """Keep the call if it still stands at turn `after` (None: if it is new); False if someone else was first."""
        standing = "" if after is None else str(after)
        text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
        return bool(self._ask("EVAL", _SAVE, 1, _key(data["call"]), standing, data["turn"], text, self._seconds))

    def forget(self, call_id: str) -> None:
        """The call is over; nothing of it stays. Harmless when repeated."""
        self._ask("DEL", _key(call_id))

    def calls(self) -> list[dict[str, Any]]:
        """Every call that is known, for housekeeping; in no order."""
        found = (self.load(str(key).removeprefix("call:")) for key in self._link.scan_iter("call:*", count=500))
        return [data for data in found if data is not None]


def _key(call_id: str) -> str:
    return f"call:{call_id}"
