"""Record: what the caller says, until silence, a key, the greatest length or hang-up (Twilio docs, TwiML Record)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, HungUp, Listening
from ivr.simulator.caller_deeds import Deed, Key, SoundBegan, SoundEnded
from ivr.simulator.document import Element, Page
from ivr.simulator.recordings import Recording
from ivr.simulator.verbs import transcription
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.outcome import Goto
from ivr.simulator.verbs.recording_status import RecordingStatus

ANY_KEY = "1234567890*#"
LONGEST, LONGEST_TRANSCRIBED = 3600, 120


@dataclass(frozen=True)
class Record:
    """The verb with its defaults; seconds. A silence of 0 never ends it."""

    silence: int
    longest: int
    finish: str
    trims: bool
    transcribes: bool
    status: RecordingStatus

    @classmethod
    def read(cls, attributes: Attributes, page: Page) -> Record:
        """From the element; nonsense is warned of and replaced by the default."""
        transcribes = attributes.flag("transcribe", False)
        attributes.flag("playBeep", True)
        return cls(
            silence=attributes.whole("timeout", 5),
            longest=attributes.whole("maxLength", LONGEST_TRANSCRIBED if transcribes else LONGEST, least=1),
            finish=attributes.keys("finishOnKey", ANY_KEY),
            trims=attributes.one_of("trim", ("trim-silence", "do-not-trim")) == "trim-silence",
            transcribes=transcribes,
            status=RecordingStatus.read(attributes, page),
        )


@dataclass
class _Sound:
    """When the caller was heard, for the length without the silence around it, and what was said."""

    began: float | None = None
    ended: float | None = None
    words: list[str] = field(default_factory=list)


async def record(call: Call, element: Element, page: Page) -> Goto:
    """Record, then always ask the action, also after silence and hang-up."""
    attributes = Attributes(element, call.warn)
    wanted = Record.read(attributes, page)
    action, method = page.resolve(element.get("action")), attributes.method()
    recording = call.carrier.start_recording(call, "RecordVerb")
    recording.track = "inbound"
    wanted.status.tell(call, recording, "in-progress")
    heard = _Sound(began=call.now() if call.sounding else None)
    ended_by: str | None = None
    try:
        ended_by = await _until_over(call, wanted, heard)
    except HungUp:
        params = _finished(call, wanted, recording, heard) | {"Digits": "hangup"}
        await ask_last(call, Goto(action, method, params))
        raise
    finally:
        if ended_by is None and recording.status == "in-progress":  # sent elsewhere: the action is not asked
            _finished(call, wanted, recording, heard)
    params = _finished(call, wanted, recording, heard)
    if wanted.transcribes and element.get("transcribeCallback"):
        transcription.begin(call, page.resolve(element.get("transcribeCallback")), recording, " ".join(heard.words))
    return Goto(action, method, params | ({"Digits": ended_by} if ended_by else {}))


async def _until_over(call: Call, wanted: Record, heard: _Sound) -> str:
    """The key that ended it, or nothing."""
    longest = call.now() + wanted.longest
    quiet_since = call.now()
    with call.ear() as ear:
        call.listening = Listening("Record", keys=True, speech=True, finish=wanted.finish, prompted=True)
        call.change()
        try:
            while True:
                quiet = quiet_since + wanted.silence if wanted.silence and not call.sounding else longest
                left = min(quiet, longest) - call.now()
                if left <= 1e-9:
                    return ""
                deed = await _next(call, ear, left)
                if isinstance(deed, Key) and deed.key in wanted.finish:
                    return deed.key
                if isinstance(deed, SoundBegan) and heard.began is None:
                    heard.began = call.now()
                if isinstance(deed, SoundEnded):
                    quiet_since = heard.ended = call.now()
                    heard.words += [deed.words] if deed.words else []
        finally:
            call.listening = None


async def _next(call: Call, ear: asyncio.Queue[Deed], seconds: float) -> Deed | None:
    try:
        return await call.until(asyncio.wait_for(ear.get(), seconds))
    except TimeoutError:
        return None


def _finished(call: Call, wanted: Record, recording: Recording, heard: _Sound) -> dict[str, str]:
    """Close the recording, tell its status address, and give the parameters for the action.

    The action is told the whole length, before silence was trimmed; the status address the final one
    (Twilio docs, TwiML Record, `RecordingDuration`).
    """
    whole = final = call.now() - recording.started
    if wanted.trims:
        last = call.now() if call.sounding or heard.ended is None else heard.ended
        final = last - heard.began if heard.began is not None else 0.0
    call.carrier.finish_recording(recording, final)
    wanted.status.tell(call, recording, "completed")
    seconds = str(int(whole + 1e-9))
    return {"RecordingUrl": recording.url, "RecordingSid": recording.sid, "RecordingDuration": seconds}
