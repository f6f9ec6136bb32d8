"""Stop: end a stream that Start began (Twilio docs, TwiML Stop)."""

from __future__ import annotations

from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page


async def stop(call: Call, element: Element, page: Page) -> None:
    """End the stream of that name, or every one beside the call when no name is said."""
    for noun in element.inside("Stream"):
        for stream in list(call.streams.values()):
            if noun.get("name") in {"", stream.name}:
                stream.finish()
