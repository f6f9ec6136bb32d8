"""The star key, with which a caller leaves whoever was dialled (Twilio docs, TwiML Dial, `hangupOnStar`)."""

from __future__ import annotations

from ivr.simulator.call import Call
from ivr.simulator.caller_deeds import Key


async def until_star(call: Call) -> None:
    """Until the caller presses the star key."""
    with call.ear() as ear:
        while True:
            deed = await ear.get()
            if isinstance(deed, Key) and deed.key == "*":
                return
