"""Hangup: the end of the call."""

from __future__ import annotations

from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.outcome import Ended


async def hangup(call: Call, element: Element, page: Page) -> None:
    """End the call; a call that begins so was answered first."""
    raise Ended("completed")
