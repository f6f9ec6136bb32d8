"""Dial Queue: an agent takes the first caller out of a queue (Twilio docs, TwiML Queue)."""

from __future__ import annotations

import asyncio

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.bridges import Bridge
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.queues import Member
from ivr.simulator.verbs.dial_recording import DialRecording
from ivr.simulator.verbs.enqueue import Taken
from ivr.simulator.verbs.outcome import Goto
from ivr.simulator.verbs.talking import until_over


async def dial(
    call: Call, noun: Element, page: Page, attributes: Attributes, recording: DialRecording
) -> dict[str, str]:
    """Wait for the first caller at most `timeout` seconds, be bridged, and tell how it was."""
    progress.answer(call)
    queue = call.carrier.queue_named(noun.text, create=False)
    if queue is None:
        return {"DialCallStatus": "failed", "QueueResult": "error"}
    recording.rings()
    try:
        member = await call.until(asyncio.wait_for(queue.take(), attributes.within("timeout", 30, 5, 600)))
    except TimeoutError:
        return {"DialCallStatus": "no-answer"} | recording.finished()
    told = {"QueueSid": queue.sid, "QueueTime": str(int(member.waited + 1e-9)), "DequeingCallSid": call.sid}
    return await _bridged(call, member, noun, page, attributes, recording) | told


async def _bridged(
    call: Call, member: Member, noun: Element, page: Page, attributes: Attributes, recording: DialRecording
) -> dict[str, str]:
    bridge = Bridge(call, member.call)
    announce = None
    if noun.get("url"):
        method = Attributes(noun, call.warn).method()
        announce = Goto(page.resolve(noun.get("url")), method, {"DequeingCallSid": call.sid})
    if not member.taken.done():
        member.taken.set_result(Taken(bridge, announce))
    try:
        await call.until(bridge.ready.wait())
        recording.talks()
        limit, star = attributes.whole("timeLimit", 14_400, least=1), attributes.flag("hangupOnStar", False)
        await call.until(until_over(call, bridge.over.wait(), limit, star=star))
    finally:
        bridge.part()
        recorded = recording.finished()
    return {
        "DialCallStatus": "completed" if bridge.was_joined else "no-answer",
        "DialCallSid": member.call.sid,
        "DialCallDuration": str(bridge.seconds()),
        "DialBridged": str(bridge.was_joined).lower(),
        **recorded,
    }
