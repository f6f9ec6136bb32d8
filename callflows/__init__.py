"""What happens next: dialogues as data and small functions. Knows no telephone, no web, no database.

`begin` answers a new call and `advance` every turn after it; both give a CallState whose `answer` is the Reply.
ALL_FLOWS are the dialogues of the house, by name.
"""

from callflows import (
    buy_seats,
    consent,
    everywhere,
    leave_message,
    main_menu,
    name_seats,
    programme,
    record_prompts,
    to_agent,
)
from callflows.engine import advance, begin
from callflows.errors import FlowError, NotUnderstood
from callflows.heard import Heard
from callflows.language import Flow
from callflows.reply import Continue, HangUp, Listen, Record, Reply, Say, Transfer
from callflows.state import CallState
from callflows.tools import Consents, Messages, Studio, Tools

ALL_FLOWS: dict[str, Flow] = {
    flow.name: flow
    for flow in (
        main_menu.flow,
        programme.flow,
        buy_seats.flow,
        name_seats.flow,
        to_agent.flow,
        leave_message.flow,
        consent.flow,
        record_prompts.flow,
        everywhere.doubt,
    )
}
"""Every dialogue, by name."""

__all__ = [
    "ALL_FLOWS",
    "CallState",
    "Consents",
    "Continue",
    "Flow",
    "FlowError",
    "HangUp",
    "Heard",
    "Listen",
    "Messages",
    "NotUnderstood",
    "Record",
    "Reply",
    "Say",
    "Studio",
    "Tools",
    "Transfer",
    "advance",
    "begin",
]
