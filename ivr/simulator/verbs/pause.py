"""Pause: silence for whole seconds (Twilio docs, TwiML Pause)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page


async def pause(call: Call, element: Element, page: Page) -> None:
    """Nothing, for `length` seconds; 1 when not said."""
    await call.wait(Attributes(element, call.warn).whole("length", 1, least=1))
