"""Flow: a person, please; with everything already said, and the seats kept meanwhile."""

from __future__ import annotations

from booking import BookingError
from callflows.language import Call, Flow, transfer

flow = Flow("to_agent", first="handing_over")


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


@flow.do(to={"calmly": "agent", "with_seats": "agent_and_seats", "at_once": "at_once"})
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
    return "with_seats" if holds else "calmly"


flow.end("agent", "agent.connecting", then=transfer("agent"))
flow.end("agent_and_seats", "agent.connecting_with_seats", then=transfer("agent"))
flow.end("at_once", "agent.at_once", then=transfer("distress"))
