"""Transcription of a recording: what was said in it, told later (Twilio docs, TwiML Record, `transcribeCallback`)."""

from __future__ import annotations

import asyncio

from ivr.simulator import progress
from ivr.simulator.call import Call
from ivr.simulator.recordings import Recording

OUT_OF_RANGE = 13617
SHORTEST, LONGEST = 2, 120
SECONDS_NEEDED = 5.0


def begin(call: Call, url: str, recording: Recording, words: str) -> None:
    """Transcribe in a while; recordings of at most two seconds, or of two minutes and more, are not."""
    if not SHORTEST < recording.duration < LONGEST:
        call.warn(OUT_OF_RANGE, f"a recording of {recording.duration} s is not transcribed", "Record")
        return
    sid = call.carrier.new_sid("TR")
    params = {
        "TranscriptionSid": sid,
        "TranscriptionText": words,
        "TranscriptionStatus": "completed",
        "TranscriptionUrl": f"{recording.url}/Transcriptions/{sid}",
        "RecordingSid": recording.sid,
        "RecordingUrl": recording.url,
    }
    call.carrier.spawn(_later(call, url, params))


async def _later(call: Call, url: str, params: dict[str, str]) -> None:
    await asyncio.sleep(SECONDS_NEEDED)
    await progress.beside(call, url, "POST", params, kind="transcription")
