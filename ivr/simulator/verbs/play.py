"""Play: a sound from an address, or keys as tones (Twilio docs, TwiML Play)."""

from __future__ import annotations

import asyncio

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, Piece
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import PLAY_CONTENT_TYPE, RETRIEVAL, SCHEMA

ENDLESS = 1000
WAIT_SECONDS = 0.5
KEYS = set("0123456789*#ABCDabcdwW")


async def play(call: Call, element: Element, page: Page) -> None:
    """Play the sound `loop` times; a sound that cannot be had is warned of and passed over."""
    attributes = Attributes(element, call.warn)
    loop = attributes.whole("loop", 1) or ENDLESS
    digits = element.get("digits")
    if digits:
        if set(digits) - KEYS:
            attributes.wrong("digits", f"digits={digits!r} holds what no telephone has")
        await send_keys(call, "".join(digit for digit in digits if digit in KEYS))
        return
    if not element.text:
        attributes.warn(SCHEMA, "no address to play")
        return
    url = page.resolve(element.text)
    trouble = await call.carrier.sound_trouble(url)
    if trouble:
        call.warn(PLAY_CONTENT_TYPE if "no sound" in trouble else RETRIEVAL, trouble, "Play", url)
        return
    for _ in range(loop):
        await call.until(call.hear(Piece(0, url=url)))


async def send_keys(call: Call, digits: str) -> None:
    """Send tones to whoever is at the end; w waits half a second."""
    for digit in digits:
        if digit in "wW":
            await call.until(asyncio.sleep(WAIT_SECONDS if digit == "w" else 2 * WAIT_SECONDS))
        else:
            call.heard.append(Piece(call.now(), text=f"[{digit}]", until=call.now(), tone=True))
            await call.until(asyncio.sleep(call.carrier.durations.tone))
