"""What the REST API lets somebody in a conference hear: music while they are held, announcements."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ivr.simulator import asking, performance
from ivr.simulator.call import Call, HungUp, Sent
from ivr.simulator.errors import CONFERENCE_VERB, DocumentFailed, Fault
from ivr.simulator.verbs.outcome import Ended, NotAllowedHere

if TYPE_CHECKING:
    from ivr.simulator.conferences import Conference, Participant

ALLOWED = frozenset({"Play", "Say", "Pause", "Redirect"})


def hold(room: Conference, one: Participant, *, on: bool, sent: dict[str, str]) -> None:
    """Hold or take back; the hold document is performed over and over until then."""
    one.hold, one.hold_url = on, sent.get("HoldUrl", "")
    room.change(one, "hold" if on else "unhold")
    playing = one.call.subresources.pop("holding", None)
    if playing is not None:
        playing.cancel()
    if on and one.hold_url:
        method = sent.get("HoldMethod", "POST").upper()
        one.call.subresources["holding"] = one.call.carrier.spawn(_held(room, one, method))


async def _held(room: Conference, one: Participant, method: str) -> None:
    while one.hold and one.call.sid in room.participants:
        began = one.call.now()
        if not await _performed(one.call, one.hold_url, method):
            return
        if one.call.now() - began < 1e-6:
            await asyncio.sleep(1)


def announce(room: Conference, to: list[Participant], url: str, sent: dict[str, str]) -> None:
    """Let these hear a document once, beside the talk."""
    for one in to:
        one.call.carrier.spawn(_announced(room, one, url, sent.get("AnnounceMethod", "POST").upper()))


async def _announced(room: Conference, one: Participant, url: str, method: str) -> None:
    well = await _performed(one.call, url, method)
    room.tell("announcement-end" if well else "announcement-fail", one, {"AnnounceUrl": url})


async def _performed(call: Call, url: str, method: str) -> bool:
    """Perform a document that may only be listened to; was it one?"""
    try:
        found = await asking.page(call, url, method, {})
        await performance.perform(call, performance.noted(call, found), allowed=ALLOWED)
    except NotAllowedHere as error:
        call.faults.append(Fault(CONFERENCE_VERB, f"<{error.verb}> may not stand there", url, error.verb, call.now()))
        return False
    except DocumentFailed as failed:
        call.faults.append(Fault(failed.code, failed.reason, url, "Conference", call.now()))
        return False
    except (Ended, HungUp, Sent):
        return True  # whoever performs the call itself deals with it
    return True
