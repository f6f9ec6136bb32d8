"""Who is told of a recording, and of which of its states (Twilio docs, TwiML Record, `recordingStatusCallback`)."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call
from ivr.simulator.document import Page
from ivr.simulator.recordings import Recording

EVENTS = ("in-progress", "completed", "absent")


@dataclass(frozen=True)
class RecordingStatus:
    """The address, its method, and the states that are told; an empty address tells nobody."""

    url: str = ""
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)

    @classmethod
    def read(cls, attributes: Attributes, page: Page) -> RecordingStatus:
        """From the element that records."""
        element = attributes.element
        events = tuple(element.get("recordingStatusCallbackEvent", "completed").replace(",", " ").split())
        if set(events) - set(EVENTS):
            attributes.wrong("recordingStatusCallbackEvent", f"one of {events} is no state of a recording")
            events = ("completed",)
        written = element.get("recordingStatusCallback")
        method = attributes.method("recordingStatusCallbackMethod")
        return cls(page.resolve(written) if written else "", method, events)

    def tell(self, call: Call, recording: Recording, state: str) -> None:
        """Tell that the recording is now in this state, if that is wanted."""
        if not self.url or state not in self.events:
            return
        params = {
            "RecordingSid": recording.sid,
            "RecordingUrl": recording.url,
            "RecordingStatus": state,
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": formatdate(call.carrier.wall_time(recording.started)).replace("-0000", "+0000"),
            "RecordingSource": recording.source,
            "RecordingTrack": recording.track,
        }
        if state != "in-progress":
            params["RecordingDuration"] = str(recording.duration)
        params["AccountSid"] = call.carrier.account_sid
        if recording.conference_sid:
            params["ConferenceSid"] = recording.conference_sid
        else:
            params["CallSid"] = recording.call_sid
        call.carrier.spawn(progress.beside(call, self.url, self.method, params, kind="recording", alone=True))
