"""Conference: a room of legs, who opens and who closes it, and who is told (Twilio docs, TwiML Conference)."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING

from ivr.simulator import progress

if TYPE_CHECKING:
    from ivr.simulator.call import Call, StatusTo
    from ivr.simulator.carrier import Carrier
    from ivr.simulator.recordings import Recording
    from ivr.simulator.verbs.recording_status import RecordingStatus

KINDS = {
    "start": "conference-start",
    "end": "conference-end",
    "join": "participant-join",
    "leave": "participant-leave",
    "mute": "participant-mute",
    "unmute": "participant-unmute",
    "hold": "participant-hold",
    "unhold": "participant-unhold",
    "modify": "participant-modify",
    "announcement-end": "announcement-end",
    "announcement-fail": "announcement-fail",
}
"""What happened -> StatusCallbackEvent."""

ASKED_FOR = {
    "unmute": "mute",
    "unhold": "hold",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
"""Events that are asked for under another's name."""


@dataclass
class Participant:
    """One leg in the room."""

    call: Call
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    call_sid_to_coach: str = ""
    start_on_enter: bool = True
    end_on_exit: bool = False
    label: str = ""
    hold_url: str = ""
    since: float = 0.0

    def told(self) -> dict[str, str]:
        """What every event about this participant carries."""
        flags = {
            "Muted": self.muted,
            "Hold": self.hold,
            "Coaching": self.coaching,
            "EndConferenceOnExit": self.end_on_exit,
            "StartConferenceOnEnter": self.start_on_enter,
        }
        label = {"ParticipantLabel": self.label} if self.label else {}
        return {"CallSid": self.call.sid} | {name: str(flag).lower() for name, flag in flags.items()} | label


@dataclass(eq=False)
class Conference:
    """A room: `init` until somebody who may start it is there with another, `in-progress`, `completed`."""

    carrier: Carrier
    sid: str
    name: str
    status: str = "init"
    participants: dict[str, Participant] = field(default_factory=dict)
    status_to: StatusTo | None = None
    """Where events are told: as the first participant said."""
    most: int = 250
    recording: Recording | None = None
    recording_status: RecordingStatus | None = None
    ended_by: str = ""
    reason: str = ""
    since: float = 0.0
    until: float | None = None
    _sequence: int = 0

    def __post_init__(self) -> None:
        self.since = self.carrier.loop.time()

    def enter(self, participant: Participant) -> None:
        """Somebody comes in; the room may begin with them."""
        participant.since = self.carrier.loop.time()
        self.participants[participant.call.sid] = participant
        participant.call.room = self
        self.tell("join", participant)
        starters = any(other.start_on_enter for other in self.participants.values())
        if self.status == "init" and starters and len(self.participants) > 1:
            self.status = "in-progress"
            self.tell("start", None, asked_by=participant.call)
        self._changed()

    def leave(self, call: Call, *, why: str = "participant_hung_up") -> None:
        """Somebody goes; the room ends with the one who ends it, or with the last."""
        gone = self.participants.pop(call.sid, None)
        call.room = None
        if gone is None:
            return
        self.tell("leave", gone, {"ReasonParticipantLeft": why, "ParticipantCallStatus": _status_of(call)})
        if gone.end_on_exit:
            self.finish("participant-with-end-conference-on-exit-left", call)
        elif not self.participants:
            self.finish("last-participant-left", call)

    def finish(self, reason: str = "conference-ended-via-api", by: Call | None = None) -> None:
        """Everybody still inside goes on with what follows in their own document."""
        if self.status == "completed":
            return
        self.status, self.reason, self.until = "completed", reason, self.carrier.loop.time()
        self.ended_by = by.sid if by is not None else ""
        why = "moderator_ended_conference" if by is not None else "conference_ended_via_api"
        last = by
        for participant in list(self.participants.values()):
            last = last or participant.call
            self.participants.pop(participant.call.sid)
            participant.call.room = None
            told = {"ReasonParticipantLeft": why, "ParticipantCallStatus": _status_of(participant.call)}
            self.tell("leave", participant, told)
            participant.call.change()
        if last is not None:
            more = {"ReasonConferenceEnded": reason, "Reason": reason.replace("-", " ")}
            more |= {"CallSidEndingConference": self.ended_by} if self.ended_by else {}
            self.tell("end", None, more, asked_by=last)

    def change(self, participant: Participant, event: str) -> None:
        """Something about one who is inside changed."""
        self.tell(event, participant)
        participant.call.change()

    def tell(
        self, event: str, about: Participant | None, more: dict[str, str] | None = None, *, asked_by: Call | None = None
    ) -> None:
        """Tell the room's status address, if it asked for such events."""
        to, call = self.status_to, about.call if about is not None else asked_by
        if to is None or not to.url or call is None or ASKED_FOR.get(event, event) not in to.events:
            return
        self._sequence += 1
        params = {
            "AccountSid": self.carrier.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": KINDS[event],
            "SequenceNumber": str(self._sequence),
            "Timestamp": formatdate(self.carrier.wall_time()).replace("-0000", "+0000"),
            **(about.told() if about is not None else {}),
            **(more or {}),
        }
        self.carrier.spawn(progress.beside(call, to.url, to.method, params, kind="conference", alone=True))

    def others(self, call: Call) -> list[Call]:
        """Those who hear this leg: unmuted legs speak to all but themselves; a coach only to the coached."""
        mine = self.participants.get(call.sid)
        if mine is None or mine.muted or mine.hold:
            return []
        return [
            other.call
            for other in self.participants.values()
            if other.call is not call
            and not other.hold
            and (not mine.coaching or other.call.sid == mine.call_sid_to_coach)
        ]

    def _changed(self) -> None:
        for participant in self.participants.values():
            participant.call.change()


def _status_of(call: Call) -> str:
    return "completed" if call.is_over or call.status == "completed" else "in-progress"
