"""How long two who were connected talk: until either goes, the star key, or the limit (Twilio docs, TwiML Dial)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from ivr.simulator.call import Call
from ivr.simulator.verbs.star import until_star


async def until_over(call: Call, gone: Coroutine[Any, Any, object], limit: float, *, star: bool) -> None:
    """Until the other party is `gone`, the caller leaves by the star key (with `star`), or after `limit` seconds."""
    ends = {asyncio.ensure_future(gone), asyncio.ensure_future(asyncio.sleep(limit))}
    if star:
        ends.add(asyncio.ensure_future(until_star(call)))
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
