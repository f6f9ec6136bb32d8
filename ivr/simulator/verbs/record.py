"""Record: what the caller says, until silence, a key, the greatest length or hang-up (Twilio docs, TwiML Record)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import formatdate

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, HungUp, Listening
from ivr.simulator.caller_deeds import Deed, Key, SoundBegan, SoundEnded
from ivr.simulator.document import Element, Page
from ivr.simulator.recordings import Recording
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.outcome import Goto

ANY_KEY = "1234567890*#"


@dataclass
class _Sound:
    """When the caller was heard, for the length without the silence around it."""

    began: float | None = None
    ended: float | None = None


async def record(call: Call, element: Element, page: Page) -> Goto:
    """Record, then always ask the action, also after silence and hang-up."""
    attributes = Attributes(element, call.warn)
    recording = call.carrier.start_recording(call, "RecordVerb")
    heard = _Sound(began=call.now() if call.sounding else None)
    action, method = page.resolve(element.get("action")), attributes.method()
    try:
        ended_by = await _until_over(call, attributes, heard)
    except HungUp:
        params = _finished(call, element, page, attributes, recording, heard) | {"Digits": "hangup"}
        await ask_last(call, Goto(action, method, params))
        raise
    params = _finished(call, element, page, attributes, recording, heard)
    return Goto(action, method, params | ({"Digits": ended_by} if ended_by else {}))


async def _until_over(call: Call, attributes: Attributes, heard: _Sound) -> str:
    """The key that ended it, or nothing."""
    silence = attributes.whole("timeout", 5)
    longest = call.now() + attributes.whole("maxLength", 3600, least=1)
    finish = attributes.keys("finishOnKey", ANY_KEY)
    quiet_since = call.now()
    with call.ear() as ear:
        call.listening = Listening("Record", keys=True, speech=True, finish=finish, prompted=True)
        call.change()
        try:
            while True:
                quiet = quiet_since + silence if silence and not call.sounding else longest
                left = min(quiet, longest) - call.now()
                if left <= 1e-9:
                    return ""
                deed = await _next(call, ear, left)
                if isinstance(deed, Key) and deed.key in finish:
                    return deed.key
                if isinstance(deed, SoundBegan) and heard.began is None:
                    heard.began = call.now()
                if isinstance(deed, SoundEnded):
                    quiet_since = heard.ended = call.now()
        finally:
            call.listening = None


async def _next(call: Call, ear: asyncio.Queue[Deed], seconds: float) -> Deed | None:
    try:
        return await call.until(asyncio.wait_for(ear.get(), seconds))
    except TimeoutError:
        return None


def _finished(
    call: Call, element: Element, page: Page, attributes: Attributes, recording: Recording, heard: _Sound
) -> dict[str, str]:
    """Close the recording, tell its status address, and give the parameters for the action."""
    whole = call.now() - recording.started
    if attributes.one_of("trim", ("trim-silence", "do-not-trim")) == "trim-silence":
        last = call.now() if call.sounding or heard.ended is None else heard.ended
        whole = last - heard.began if heard.began is not None else 0.0
    call.carrier.finish_recording(recording, whole)
    told = element.get("recordingStatusCallback")
    if told:
        tell_status(call, page.resolve(told), attributes.method("recordingStatusCallbackMethod"), recording)
    return {"RecordingUrl": recording.url, "RecordingSid": recording.sid, "RecordingDuration": str(recording.duration)}


def tell_status(call: Call, url: str, method: str, recording: Recording) -> None:
    """Tell that the recording can be fetched."""
    params = {
        "RecordingSid": recording.sid,
        "RecordingUrl": recording.url,
        "RecordingStatus": recording.status,
        "RecordingDuration": str(recording.duration),
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": formatdate(call.carrier.wall_time(recording.started)).replace("-0000", "+0000"),
        "RecordingSource": recording.source,
        "RecordingTrack": "inbound",
    }
    call.carrier.spawn(progress.beside(call, url, method, params, kind="recording"))
