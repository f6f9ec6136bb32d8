"""Commands that work at every question: repeat, back, help, slower, a person, start again, goodbye."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callflows import everywhere
from callflows.language import Ask
from callflows.turn import MENU, Turn


def agent(turn: Turn, ask: Ask) -> None:
    """A person, please."""
    turn.to_a_person("agent")


def repeat(turn: Turn, ask: Ask) -> None:
    """The walk puts the question again by itself."""


def help_(turn: Turn, ask: Ask) -> None:
    """What one may say or press here."""
    turn.say(turn.first_known(f"{ask.prompt}.help", "general.help"))


def slower(turn: Turn, ask: Ask) -> None:
    """The same again, slowly, and from now on. We cannot speak louder than the line: slowly helps as much."""
    turn.state.pace = "slow"


def wait(turn: Turn, ask: Ask) -> None:
    """The caller thinks; she is told that there is time."""
    turn.say("general.take_your_time")


def back(turn: Turn, ask: Ask) -> None:
    """Undo the last answer."""
    if not turn.state.undo():
        turn.say("general.at_the_start")


def restart(turn: Turn, ask: Ask) -> None:
    """All over again: nothing was said, nothing is held."""
    turn.call(ask).booking.release_all(request=turn.request_id("restart"))
    turn.state.said, turn.state.data, turn.state.history = {}, {}, []
    turn.state.where = [MENU]


def message(turn: Turn, ask: Ask) -> None:
    """«Je voudrais laisser un message»: while leaving one, it begins anew. Never where something secret is asked."""
    if ask.answer.secret:
        turn.failed(ask, "unclear")
    elif any(place.startswith("leave_message.") for place in turn.state.where):
        turn.state.where[-1] = "leave_message.beginning"
    else:
        turn.state.where = [*turn.state.where, "leave_message.beginning"]


def forget_me(turn: Turn, ask: Ask) -> None:
    """«Ne m'enregistrez plus»: what was kept is erased, and the question stands again."""
    turn.state.where = [*turn.state.where, "consent.withdraw"]


def goodbye(turn: Turn, ask: Ask) -> None:
    """The caller takes leave; what is only held is let go at the end of the call."""
    turn.state.where = ["main_menu.goodbye"]


COMMANDS: dict[str, Callable[[Turn, Ask], None]] = {
    "agent": agent,
    "repeat": repeat,
    "help": help_,
    "slower": slower,
    "louder": slower,
    "wait": wait,
    "back": back,
    "restart": restart,
    "cancel": restart,
    "message": message,
    "forget_me": forget_me,
    "goodbye": goodbye,
}
"""Every command by the name that the understanding gives it."""


def obey(turn: Turn, ask: Ask, command: str, facts: dict[str, Any] | None = None) -> None:
    """Do it, and keep what was said with it; whatever is no command of ours is a question not understood."""
    everywhere.pour(turn.state.said, facts or {})
    deed = COMMANDS.get(command)
    if deed is None:
        turn.failed(ask, "unclear")
        return
    if command != "repeat":
        turn.state.tries = 0
    deed(turn, ask)
