"""Flow: a person, please; with everything already said, and the seats kept meanwhile; or a message if none is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from booking import BookingError
from callflows.answers import Choice, Option
from callflows.language import RETURN, Call, Flow, transfer
from callflows.options import words_for


@dataclass
class Wanting:
    """What became of the wish for a person in this call."""

    offered: bool = False
    """Was a message offered instead? Nobody is asked that twice."""
    wrote: bool = False
    """Is the message dealt with, so that the call goes on where the wish came up?"""


flow = Flow("to_agent", first="handing_over", data=Wanting)


@flow.do(to={"ready": "handing_over"})
def group(call: Call) -> str:
    """Ten seats and more are sold by the people of the groups desk."""
    call.state.why = "group"
    return "ready"


@flow.do(to={"ready": "handing_over"})
def accessible(call: Call) -> str:
    """Whoever needs a wheelchair place that we cannot find gets a person who knows the house."""
    call.state.why = "accessibility"
    return "ready"


@flow.do(
    to={
        "calmly": "agent",
        "with_seats": "agent_and_seats",
        "at_once": "at_once",
        "away": "nobody_there",
        "busy": "long_wait",
    }
)
def handing_over(call: Call) -> str:
    """Keep the seats that are held; a caller in distress is put through without a word too many."""
    holds = call.booking.holds()
    for hold in holds:
        try:
            call.booking.extend(hold.id, request=f"{call.request_id}:{hold.id}")
        except BookingError:
            continue  # a hold at its longest life stays as long as it may; the agent sees until when
    call.state.why = call.state.why or "agent"
    if call.state.why == "distress":
        return "at_once"
    if (desk := _desk(call)) in ("away", "busy"):
        call.data.offered = True  # «conseiller», said to the offer, is an answer to it
        return desk
    return "with_seats" if holds else "calmly"


def _desk(call: Call) -> str:
    """How the desk is, where that is news to the caller and a message could help her."""
    messages, desk = call.tools.messages, call.tools.desk
    if call.data.offered or _is_writing(call) or messages is None or messages.days <= 0 or desk is None:
        return ""
    return desk()


flow.tell("nobody_there", "agent.nobody_there", to="wait_or_message")
flow.tell("long_wait", "agent.long_wait", to="wait_or_message")


def _waiting(call: Call) -> Sequence[Option]:
    return (
        Option("message", "1", words_for("waiting.message", call.language), confirm="yes"),
        Option("wait", "2", words_for("waiting.wait", call.language), confirm="no"),
    )


@flow.ask(
    "agent.wait_or_message",
    Choice(offer=_waiting, context="any"),
    silent="wait",
    to={"message": "message", "wait": "handing_over"},
)
def wait_or_message(call: Call, what: Any) -> str:
    """Nobody is there, or it takes long: a message, or the queue all the same."""
    return str(what)


@flow.do(to={"write": "leave_message.beginning", "back": RETURN})
def message(call: Call) -> str:
    """From here, or out of the queue, to the message; and then back to where the wish came up."""
    call.data.offered, call.state.why = True, ""
    if _is_writing(call):
        return "back"
    call.data.wrote = not call.data.wrote
    return "write" if call.data.wrote else "back"


def _is_writing(call: Call) -> bool:
    return any(place.startswith("leave_message.") for place in call.state.where)


flow.end("agent", "agent.connecting", then=transfer("agent"))
flow.end("agent_and_seats", "agent.connecting_with_seats", then=transfer("agent"))
flow.end("at_once", "agent.at_once", then=transfer("distress"))
