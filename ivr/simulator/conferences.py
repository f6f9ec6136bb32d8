"""Conference: a room of legs, with the rules of who opens and who closes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.simulator.call import Call
    from ivr.simulator.carrier import Carrier


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


@dataclass(eq=False)
class Conference:
    """A room: `init` until somebody who may start it is there with another, `in-progress`, `completed`."""

    carrier: Carrier
    sid: str
    name: str
    status: str = "init"
    participants: dict[str, Participant] = field(default_factory=dict)

    def enter(self, participant: Participant) -> None:
        """Somebody comes in."""
        self.participants[participant.call.sid] = participant
        participant.call.room = self
        starters = any(other.start_on_enter for other in self.participants.values())
        if self.status == "init" and starters and len(self.participants) > 1:
            self.status = "in-progress"
        for other in self.participants.values():
            other.call.change()

    def leave(self, call: Call) -> None:
        """Somebody goes; the room ends with the one who ends it, or with the last."""
        gone = self.participants.pop(call.sid, None)
        call.room = None
        if gone is None:
            return
        if gone.end_on_exit or not self.participants:
            self.finish()

    def finish(self) -> None:
        """Everybody still inside goes on with what follows in their own document."""
        self.status = "completed"
        for participant in list(self.participants.values()):
            participant.call.change()
        self.participants.clear()

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
