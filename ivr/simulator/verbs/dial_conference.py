"""Dial Conference: into a room (Twilio docs, TwiML Conference)."""

from __future__ import annotations

import asyncio

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, HungUp, StatusTo
from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import CONFERENCE_COACH, SAME_LABEL, Fault
from ivr.simulator.verbs.foyer import Foyer
from ivr.simulator.verbs.recording_status import RecordingStatus
from ivr.simulator.verbs.star import until_star

FLAGS = ("true", "false")
REFUSED = {"DialCallStatus": "failed"}


async def dial(call: Call, noun: Element, page: Page, attributes: Attributes) -> dict[str, str]:
    """Enter, stay until the room closes, the star key or the time limit, and tell how it was."""
    progress.answer(call)
    read = Attributes(noun, call.warn)
    room = call.carrier.conference_named(noun.text)
    participant = _participant(call, read)
    foyer = Foyer.read(read, page)
    limit, star = attributes.whole("timeLimit", 14_400, least=1), attributes.flag("hangupOnStar", False)
    attributes.method()
    if _is_refused(call, room, participant, read):
        return REFUSED
    _configure(call, room, read, page)
    room.enter(participant)
    _record(call, room)
    waiting = asyncio.ensure_future(foyer.wait(call, room))
    left = "participant_updated_via_api"
    try:
        await call.until(_until_over(call, room, foyer, limit, star=star))
        left = "participant_hung_up"
    except HungUp:
        left = "participant_hung_up"
        raise
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        room.leave(call, why=left)
        _finish_recording(call, room)
    if foyer.failed is not None:
        return REFUSED
    return {"DialCallStatus": "answered"}


def _participant(call: Call, read: Attributes) -> Participant:
    noun = read.element
    read.one_of("beep", (*FLAGS, "onEnter", "onExit"))
    read.one_of("trim", ("trim-silence", "do-not-trim"))
    return Participant(
        call,
        muted=read.flag("muted", False),
        start_on_enter=read.flag("startConferenceOnEnter", True),
        end_on_exit=read.flag("endConferenceOnExit", False),
        coaching=bool(noun.get("coach")),
        call_sid_to_coach=noun.get("coach"),
        label=noun.get("participantLabel"),
    )


def _is_refused(call: Call, room: Conference, participant: Participant, read: Attributes) -> bool:
    """Full, a label that is taken, or nobody there to be coached."""
    if participant.coaching and participant.call_sid_to_coach not in room.participants:
        call.faults.append(Fault(CONFERENCE_COACH, "nobody with that sid to coach", verb="Conference", at=call.now()))
        return True
    if participant.label and any(other.label == participant.label for other in room.participants.values()):
        call.faults.append(Fault(SAME_LABEL, f"{participant.label!r} is there already", verb="Conference"))
        return True
    most = read.within("maxParticipants", 250, 2, 250)
    room.most = min(room.most, most) if room.participants else most
    return len(room.participants) >= room.most


def _configure(call: Call, room: Conference, read: Attributes, page: Page) -> None:
    """The first participant says who is told of what, and whether the room is recorded."""
    if room.status_to is not None:
        return
    noun = read.element
    url = page.resolve(noun.get("statusCallback")) if noun.get("statusCallback") else ""
    events = tuple(noun.get("statusCallbackEvent").split())
    room.status_to = StatusTo(url, read.method("statusCallbackMethod"), events)
    if noun.get("record") in {"record-from-start", "true"}:
        room.recording_status = RecordingStatus.read(read, page)


def _record(call: Call, room: Conference) -> None:
    if room.recording_status is None or room.recording is not None or room.status != "in-progress":
        return
    room.recording = call.carrier.start_recording(call, "Conference")
    room.recording.conference_sid = room.sid
    room.recording_status.tell(call, room.recording, "in-progress")


def _finish_recording(call: Call, room: Conference) -> None:
    if room.status != "completed" or room.recording is None or room.recording.status == "completed":
        return
    assert room.recording_status is not None
    call.carrier.finish_recording(room.recording, call.now() - room.recording.started)
    room.recording_status.tell(call, room.recording, "completed")


async def _until_over(call: Call, room: Conference, foyer: Foyer, limit: int, *, star: bool) -> None:
    """Until the room is closed to this leg, the caller presses the star key, or the limit."""
    ends = {asyncio.ensure_future(_closed(call, room, foyer)), asyncio.ensure_future(asyncio.sleep(limit))}
    if star:
        ends.add(asyncio.ensure_future(until_star(call)))
    try:
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in done:
            end.result()
    finally:
        for end in ends:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)


async def _closed(call: Call, room: Conference, foyer: Foyer) -> None:
    """Until this leg is out of the room, or could not be brought in because its wait document failed."""
    while call.sid in room.participants and foyer.failed is None:
        await call.moved.wait()
