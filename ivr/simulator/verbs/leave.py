"""Leave: out of the queue (Twilio docs, TwiML Leave)."""

from __future__ import annotations

from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.outcome import Leaves


async def leave(call: Call, element: Element, page: Page) -> None:
    """Take the waiting caller out of the queue; outside a queue it does nothing."""
    if call.queue is not None:
        raise Leaves
