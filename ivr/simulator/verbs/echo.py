"""Echo: the caller hears their own voice until they hang up."""

from __future__ import annotations

import asyncio

from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page


async def echo(call: Call, element: Element, page: Page) -> None:
    """Send back what comes in."""
    call.bridged_to = call
    try:
        await call.until(asyncio.Event().wait())
    finally:
        call.bridged_to = None
