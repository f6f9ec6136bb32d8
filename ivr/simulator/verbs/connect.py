"""Connect Stream: the call is the application's, both ways, until it closes the socket (Twilio docs, TwiML Stream)."""

from __future__ import annotations

from ivr.simulator import streams
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import SCHEMA
from ivr.simulator.verbs.outcome import Goto


async def connect(call: Call, element: Element, page: Page) -> Goto | None:
    """Stream both ways; go on when the application closes the socket."""
    attributes = Attributes(element, call.warn)
    nouns = element.inside("Stream")
    if not nouns:
        attributes.warn(SCHEMA, "only Stream can be connected here")
    for noun in nouns[:1]:
        stream = streams.begin(call, noun, page, both_ways=True)
        if stream is not None:
            try:
                await call.until(stream.closed.wait())
            finally:
                stream.finish()
    if not element.get("action"):
        return None
    return Goto(page.resolve(element.get("action")), attributes.method())
