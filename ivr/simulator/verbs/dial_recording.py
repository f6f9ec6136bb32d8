"""The recording of a Dial, whoever is dialled, from the ringing or the answer on (Twilio docs, TwiML Dial)."""

from __future__ import annotations

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Page
from ivr.simulator.recordings import Recording
from ivr.simulator.verbs.recording_status import RecordingStatus

KINDS = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
    "true",
    "false",
)


class DialRecording:
    """At most one recording per Dial; nothing happens when none was asked for."""

    def __init__(self, call: Call, attributes: Attributes, page: Page) -> None:
        self._call = call
        self._kind = attributes.one_of("record", KINDS).replace("true", "record-from-answer")
        self._status = RecordingStatus.read(attributes, page)
        self._recording: Recording | None = None

    def rings(self) -> None:
        """Somebody is being rung."""
        if self._kind.startswith("record-from-ringing"):
            self._begin()

    def talks(self) -> None:
        """Two can talk."""
        if self._kind.startswith("record-from-answer"):
            self._begin()

    def _begin(self) -> None:
        channels = 2 if self._kind.endswith("-dual") else 1
        self._recording = self._call.carrier.start_recording(self._call, "DialVerb", channels=channels)
        self._status.tell(self._call, self._recording, "in-progress")

    def finished(self) -> dict[str, str]:
        """It is over: what the action is told of the recording, if there was one."""
        recording = self._recording
        if recording is None:
            return {}
        if recording.status == "in-progress":
            self._call.carrier.finish_recording(recording, self._call.now() - recording.started)
            self._status.tell(self._call, recording, "completed")
        return {
            "RecordingUrl": recording.url,
            "RecordingSid": recording.sid,
            "RecordingDuration": str(recording.duration),
        }
