"""Redirect: another page instead of the rest of this one (Twilio docs, TwiML Redirect)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.outcome import Goto


async def redirect(call: Call, element: Element, page: Page) -> Goto:
    """Go to the address; relative to this page."""
    return Goto(page.resolve(element.text), Attributes(element, call.warn).method())
