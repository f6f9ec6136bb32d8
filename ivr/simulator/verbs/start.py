"""Start: a stream or a recording beside the call (Twilio docs, TwiML Start)."""

from __future__ import annotations

from ivr.simulator import streams
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page


async def start(call: Call, element: Element, page: Page) -> None:
    """Begin, and go on with the next verb at once."""
    for noun in element.inside("Stream"):
        streams.begin(call, noun, page, both_ways=False)
    for _ in element.inside("Recording"):
        call.subresources.setdefault("recordings", []).append(
            call.carrier.start_recording(call, "StartCallRecordingTwiML")
        )
