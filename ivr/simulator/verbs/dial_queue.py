"""Dial Queue: an agent takes the first caller out of a queue (Twilio docs, TwiML Queue)."""

from __future__ import annotations

import asyncio

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.bridges import Bridge
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.queues import Member
from ivr.simulator.verbs.enqueue import Taken
from ivr.simulator.verbs.outcome import Goto


async def dial(call: Call, noun: Element, page: Page, attributes: Attributes) -> dict[str, str]:
    """Wait for the first caller at most `timeout` seconds, be bridged, and tell how it was."""
    progress.answer(call)
    queue = call.carrier.queue_named(noun.text, create=False)
    if queue is None:
        return {"DialCallStatus": "failed"}
    try:
        member = await call.until(asyncio.wait_for(queue.take(), attributes.within("timeout", 30, 5, 600)))
    except TimeoutError:
        return {"DialCallStatus": "no-answer"}
    return await _bridged(call, member, noun, page, attributes)


async def _bridged(call: Call, member: Member, noun: Element, page: Page, attributes: Attributes) -> dict[str, str]:
    bridge = Bridge(call, member.call)
    announce = None
    if noun.get("url"):
        announce = Goto(
            page.resolve(noun.get("url")), noun.get("method", "POST").upper(), {"DequeingCallSid": call.sid}
        )
    if not member.taken.done():
        member.taken.set_result(Taken(bridge, announce))
    try:
        await call.until(bridge.ready.wait())
        limit = attributes.whole("timeLimit", 14_400, least=1)
        await call.until(asyncio.wait({asyncio.ensure_future(bridge.over.wait())}, timeout=limit))
    finally:
        bridge.part()
    return {
        "DialCallStatus": "completed" if bridge.was_joined else "no-answer",
        "DialCallSid": member.call.sid,
        "DialCallDuration": str(bridge.seconds()),
        "DialBridged": str(bridge.was_joined).lower(),
    }
