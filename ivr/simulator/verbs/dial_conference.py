"""Dial Conference: into a room (Twilio docs, TwiML Conference)."""

from __future__ import annotations

import asyncio

from ivr.simulator import asking, performance, progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.outcome import Ended

IN_THE_FOYER = frozenset({"Play", "Say", "Pause", "Redirect", "Hangup"})


async def dial(call: Call, noun: Element, page: Page, attributes: Attributes) -> dict[str, str]:
    """Enter, stay until the room closes or one's time is over, and tell how long."""
    progress.answer(call)
    read = Attributes(noun, call.warn)
    room = call.carrier.conference_named(noun.text)
    began = call.now()
    participant = Participant(
        call,
        muted=read.flag("muted", False),
        start_on_enter=read.flag("startConferenceOnEnter", True),
        end_on_exit=read.flag("endConferenceOnExit", False),
        coaching=bool(noun.get("coach")),
        call_sid_to_coach=noun.get("coach"),
        label=noun.get("participantLabel"),
    )
    if len(room.participants) >= read.whole("maxParticipants", 250, least=2, most=250):
        return {"DialCallStatus": "failed"}
    _enter(room, participant, noun, page)
    waiting = asyncio.ensure_future(_foyer(call, room, noun, page))
    try:
        await call.until(asyncio.wait_for(_closed(call, room), attributes.whole("timeLimit", 14_400, least=1)))
    except TimeoutError:
        pass
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        room.leave(call)
        _tell(call, room, noun, page, "leave")
        if room.status == "completed":
            _tell(call, room, noun, page, "end")
    return {"DialCallStatus": "completed", "DialCallDuration": str(int(call.now() - began))}


def _enter(room: Conference, participant: Participant, noun: Element, page: Page) -> None:
    before = room.status
    room.enter(participant)
    _tell(participant.call, room, noun, page, "join")
    if before == "init" and room.status == "in-progress":
        _tell(participant.call, room, noun, page, "start")


async def _closed(call: Call, room: Conference) -> None:
    """Until the room is closed, or this leg was taken out of it."""
    while call.sid in room.participants:
        await call.moved.wait()


async def _foyer(call: Call, room: Conference, noun: Element, page: Page) -> None:
    """The wait document, until the conference begins."""
    wait_url = noun.attributes.get("waitUrl", "")
    while wait_url and room.status == "init":
        url = page.resolve(wait_url)
        found = await asking.page(call, url, noun.get("waitMethod", "POST").upper(), {})
        try:
            await performance.perform(call, found, allowed=IN_THE_FOYER)
        except Ended:
            call.hang_up()
            return
        await asyncio.sleep(1)


def _tell(call: Call, room: Conference, noun: Element, page: Page, event: str) -> None:
    if not noun.get("statusCallback") or event not in noun.get("statusCallbackEvent", "start end").split():
        return
    params = {
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "StatusCallbackEvent": f"participant-{event}" if event in {"join", "leave"} else f"conference-{event}",
    }
    url, method = page.resolve(noun.get("statusCallback")), noun.get("statusCallbackMethod", "POST").upper()
    call.carrier.spawn(progress.beside(call, url, method, params, kind="conference"))
