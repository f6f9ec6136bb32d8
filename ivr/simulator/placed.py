"""What a call that the REST API placed does once it is answered: keys, who answered, a recording of the whole."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import TYPE_CHECKING

from ivr.simulator import progress

if TYPE_CHECKING:
    from ivr.simulator.call import Call
    from ivr.simulator.recordings import Recording

KEY_WAITS = {"w": 0.5, "W": 1.0}


async def answered(call: Call) -> None:
    """Do what the request asked for (Twilio docs, «Call resource»: SendDigits, MachineDetection, Record)."""
    wanted = call.subresources.get("placed") or {}
    if "Record" in wanted:
        channels = 2 if wanted["Record"] == "dual" else 1
        begin_recording(call, "OutboundAPI", channels)
    for key in wanted.get("SendDigits", ""):
        await call.until(asyncio.sleep(KEY_WAITS.get(key, call.carrier.durations.tone)))
    if "MachineDetection" in wanted:
        call.subresources["answered_by"] = getattr(call.body, "answered_by", "human")


def begin_recording(call: Call, source: str, channels: int = 1) -> Recording:
    """Record the whole leg, until it ends or the REST API stops it."""
    recording = call.carrier.start_recording(call, source, channels=channels)
    call.carrier.spawn(_until_the_end(call, recording))
    return recording


async def _until_the_end(call: Call, recording: Recording) -> None:
    await call.over.wait()
    finish(call, recording)


def finish(call: Call, recording: Recording) -> None:
    """The recording is whole; harmless when it was already."""
    if recording.status in {"completed", "absent"}:
        return
    call.carrier.finish_recording(recording, recording.seconds(call.now()))
    to = call.subresources.get("recording_status")
    if to is None or not to.url:
        return
    params = {
        "AccountSid": call.carrier.account_sid,
        "CallSid": call.sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": recording.url,
        "RecordingStatus": recording.status,
        "RecordingDuration": str(recording.duration),
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": formatdate(call.carrier.wall_time(recording.started)).replace("-0000", "+0000"),
        "RecordingSource": recording.source,
        "RecordingTrack": recording.track,
    }
    call.carrier.spawn(progress.beside(call, to.url, to.method, params, kind="recording", alone=True))
