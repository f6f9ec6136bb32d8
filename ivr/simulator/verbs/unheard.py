"""Nouns that the official package lets stand alone, where they do nothing."""

from __future__ import annotations

from ivr.simulator.call import Call
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import SCHEMA


async def unheard(call: Call, element: Element, page: Page) -> None:
    """Warn of a noun outside its verb, and go on."""
    call.warn(SCHEMA, "a noun that stands alone", element.name, page.url)
