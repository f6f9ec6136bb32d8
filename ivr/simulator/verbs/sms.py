"""Sms: a text message from within a call (Twilio docs, TwiML Sms)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.outcome import Goto


async def sms(call: Call, element: Element, page: Page) -> Goto | None:
    """Send it to the caller, unless another number is said; then ask the action, if there is one."""
    attributes = Attributes(element, call.warn)
    sent = call.carrier.send_message(element.get("from") or call.to, element.get("to") or call.from_, element.text)
    if not element.get("action"):
        return None
    params = {"MessageSid": sent.sid, "SmsSid": sent.sid, "MessageStatus": "sent", "SmsStatus": "sent"}
    return Goto(page.resolve(element.get("action")), attributes.method(), params)
