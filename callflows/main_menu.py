"""Flow: welcome, language, «what would you like?»."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callflows.answers import Choice, Option
from callflows.evenings import WHEN
from callflows.language import Call, Flow
from callflows.repertoire import KINDS
from callflows.wish import WHERE

flow = Flow("main_menu", first="welcome")

A_WISH = ("intent", "production", "quantity", *KINDS, *WHEN, *WHERE)
"""Whoever says any of these has told us what she wants."""


MENU = {"info_show": "programme", "agent": "person", "message": "message", "language": "language", "record": "record"}
"""Wishes that lead elsewhere than to a purchase."""


def _menu(call: Call) -> Sequence[Option]:
    return (
        Option("book", "1"),
        Option("info_show", "2"),
        Option("agent", "3"),
        Option("message", "4", hidden=True),
        Option("language", "9"),
        Option("record", "8", hidden=True),
    )


flow.tell("welcome", "main.welcome", to="other_language")
flow.tell("other_language", "main.other_language", to="menu", foreign=True)


@flow.ask(
    "main.menu",
    Choice(offer=_menu, context="main_menu", patience="long"),
    slot="intent",
    fills=A_WISH,
    to={
        "book": "buy_seats.narrow",
        "programme": "programme.browse",
        "person": "to_agent.handing_over",
        "message": "leave_message.beginning",
        "language": "menu",
        "record": "record_prompts.pin",
        "goodbye": "goodbye",
    },
)
def menu(call: Call, intent: Any) -> str:
    """What would you like? Whoever begins with a title, a date or a number of seats wants to book."""
    call.forget("intent")
    if intent == "language":
        call.state.language = call.other_language
    return MENU.get(intent, "book")


flow.end("goodbye", "main.goodbye")
