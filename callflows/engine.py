"""begin and advance: every call goes through here, turn by turn.

A turn: what was heard is held against the question *as it was put* (`hearing`); keys and words become slots; the flow
is walked from step to step, past every question whose slot is known, until one must be put or the call ends (`turn`).
A form whose slots were changed by a sentence is walked again from its first step: that is how «non, trois places»
reaches back.
"""

from __future__ import annotations

from typing import Any

from callflows.heard import Heard
from callflows.hearing import hear
from callflows.state import CallState
from callflows.tools import Tools
from callflows.turn import Turn

HOME = "main_menu.welcome"


def begin(
    call_id: str, caller: dict[str, Any], tools: Tools, *, first: str = HOME, interrupted: bool = False
) -> CallState:
    """The first turn of a call: the welcome, or after a loss of memory «we were interrupted»."""
    state = CallState(call_id, language=caller.get("language") or "fr", caller=caller, where=[first])
    turn = Turn(state, Heard(), tools)
    if interrupted:
        turn.say("general.interrupted")
    turn.walk()
    return turn.finish()


def advance(state: CallState, heard: Heard, tools: Tools) -> CallState:
    """The state after the caller did what was heard; the state handed in stays as it was."""
    turn = Turn(state.next_turn(), heard, tools)
    hear(turn)
    turn.walk()
    turn.end_circles(state)
    return turn.finish()
