"""Refer: hand a SIP call over to another SIP address (Twilio docs, TwiML Refer)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import SCHEMA
from ivr.simulator.verbs.outcome import Ended, Goto


async def refer(call: Call, element: Element, page: Page) -> Goto | None:
    """The caller's own telephone system takes the call; without an action this end is over."""
    attributes = Attributes(element, call.warn)
    targets = element.inside("Sip")
    if not targets or not targets[0].text.lower().startswith(("sip:", "sips:")):
        attributes.warn(SCHEMA, "a sip: address is needed")
    accepted = bool(targets) and (call.from_.startswith("sip:") or call.to.startswith("sip:"))
    params = {
        "ReferCallStatus": "completed" if accepted else "failed",
        "ReferSipResponseCode": "202" if accepted else "405",
        "NotifySipResponseCode": "200" if accepted else "0",
        "ReferTo": targets[0].text if targets else "",
    }
    if element.get("action"):
        return Goto(page.resolve(element.get("action")), attributes.method(), params)
    if accepted:
        raise Ended("completed")
    return None
