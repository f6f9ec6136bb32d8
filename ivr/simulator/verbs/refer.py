"""Refer: hand a SIP call over to another SIP address (Twilio docs, TwiML Refer)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.body import Silent
from ivr.simulator.call import Call, HungUp
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import REFER_NEEDS_SIP, SCHEMA, Fault
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.outcome import Ended, Goto

TOLD = {
    "answer": {"ReferCallStatus": "in-progress", "ReferSipResponseCode": "202", "NotifySipResponseCode": "200"},
    "busy": {"ReferCallStatus": "busy", "ReferSipResponseCode": "202", "NotifySipResponseCode": "486"},
    "failed": {"ReferCallStatus": "failed", "ReferSipResponseCode": "202", "NotifySipResponseCode": "404"},
    "gone": {"ReferCallStatus": "canceled", "ReferSipResponseCode": "202", "NotifySipResponseCode": "180"},
    "refused": {"ReferCallStatus": "failed", "ReferSipResponseCode": "405"},
}
"""What became of the new call -> parameters for the action, as the documentation's own examples give them."""


async def refer(call: Call, element: Element, page: Page) -> Goto | None:
    """The caller's own telephone system calls the address; without an action this end is over once it talks."""
    attributes = Attributes(element, call.warn)
    target = element.inside("Sip")[0].text if element.inside("Sip") else ""
    if not target.lower().startswith(("sip:", "sips:")):
        attributes.warn(SCHEMA, "a sip: address is needed")
    action, method = page.resolve(element.get("action")) if element.get("action") else "", attributes.method()
    try:
        outcome = await _referred(call, target)
    except HungUp:
        if action:
            await ask_last(call, Goto(action, method, TOLD["gone"]))
        raise
    if action:
        return Goto(action, method, TOLD[outcome])
    if outcome == "answer":
        raise Ended("completed")
    return None


async def _referred(call: Call, target: str) -> str:
    """Ring the address as the caller's system would; nobody known there takes the call at once."""
    is_sip = any(address.lower().startswith(("sip:", "sips:")) for address in (call.from_, call.to))
    if not is_sip:
        call.faults.append(Fault(REFER_NEEDS_SIP, "this leg is no SIP call", verb="Refer", at=call.now()))
        return "refused"
    numbers = call.carrier.numbers
    body = numbers.get(target) or numbers.get(target.partition("?")[0]) or Silent()
    return await call.until(body.ring(call))
