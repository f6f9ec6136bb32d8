"""Reject: refuse a call without answering it (Twilio docs, TwiML Reject)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.outcome import Ended


async def reject(call: Call, element: Element, page: Page) -> None:
    """Busy tone or «not in service»; on a call already answered it only hangs up."""
    if call.answered_at is not None:
        raise Ended("completed")
    reason = Attributes(element, call.warn).one_of("reason", ("rejected", "busy"))
    call.treatment = "busy" if reason == "busy" else "not-in-service"
    raise Ended("busy" if reason == "busy" else "no-answer")
