"""Flow: a message to the house: the name, the message, hear it again, keep or drop it. Whatever was said stays kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from callflows import consent
from callflows.answers import Choice, Option, Recording, YesNo
from callflows.language import RETURN, Call, Flow
from callflows.options import words_for

NAME_SECONDS, MESSAGE_SECONDS = 15, 120
SILENCES = 2
"""So often nothing was said after the tone: the caller has nothing to say."""


@dataclass
class Letter:
    """What was recorded so far; the names are the carrier's."""

    name: str = ""
    message: str = ""
    sound: str = ""
    silences: int = 0


flow = Flow("leave_message", first="beginning", data=Letter)


@flow.do(to={"may": "ready", "enough": "enough", "never": "no_messages"})
def beginning(call: Call) -> str:
    """A few messages a day are enough for one caller; a house may take none at all."""
    messages = call.tools.messages
    call.data.__init__()
    if messages is None or messages.days <= 0:
        return "never"
    return "may" if messages.may_leave(call.state.call, call.caller.get("phone", "")) else "enough"


flow.tell("no_messages", "leave.no_messages", to=RETURN)
flow.tell("enough", "leave.enough", to=RETURN)


@flow.ask(
    "leave.ready",
    YesNo(),
    tells=lambda call: {"days": call.tools.messages.days if call.tools.messages else 0},
    to={"yes": "whose", "no": "not_now"},
)
def ready(call: Call, answer: str) -> str:
    """Who will hear it and how long it is kept, before anything is recorded."""
    return "yes" if answer == "yes" else "no"


flow.tell("not_now", "leave.not_now", to=RETURN)


@flow.do(to={"known": "reachable", "unknown": "name"})
def whose(call: Call) -> str:
    """Whoever the house knows by name is not asked for it."""
    messages = call.tools.messages
    return "known" if messages and messages.knows_name(call.caller.get("phone", "")) else "unknown"


@flow.ask(
    "leave.name",
    Recording(seconds=NAME_SECONDS, pause=3, kind="name"),
    silent="said_nothing",
    to={"said": "reachable", "said_nothing": "reachable"},
)
def name(call: Call, recording: str) -> str:
    """Your name, please; whoever would rather not say it is not pressed."""
    call.data.name = _noted(call, recording, "name")
    return "said"


@flow.do(to={"number": "message", "hidden": "say_your_number"})
def reachable(call: Call) -> str:
    """Whoever hides her number must say how she can be called back."""
    return "number" if call.caller.get("phone") else "hidden"


flow.tell("say_your_number", "leave.say_your_number", to="message")


@flow.ask(
    "leave.message",
    Recording(seconds=MESSAGE_SECONDS, pause=6, kind="message"),
    silent="said_nothing",
    to={"said": "review", "not_ours": "once_more", "said_nothing": "nothing_said"},
)
def message(call: Call, recording: str) -> str:
    """Two minutes, ended by # or by a pause. From here on it is kept, even if the caller hangs up."""
    noted = _noted(call, recording, "message")
    call.data.message = noted or call.data.message
    return "said" if noted else "not_ours"


@flow.do(to={"again": "once_more", "enough": "not_now", "former": "review"})
def nothing_said(call: Call) -> str:
    """Silence after the tone: once more, then something else; what was recorded before stands."""
    if call.data.message:
        return "former"
    call.data.silences += 1
    return "again" if call.data.silences < SILENCES else "enough"


flow.tell("once_more", "leave.once_more", to="message")


def _noted(call: Call, recording: str, kind: str) -> str:
    messages = call.tools.messages
    if messages is None:
        return ""
    phone, customer = call.caller.get("phone", ""), call.caller.get("customer", "")
    return messages.note(recording, kind, call.state.call, phone, customer, call.language)


def _choices(call: Call) -> Sequence[Option]:
    return (
        Option("keep", "1", words_for("message.keep", call.language), confirm="yes"),
        Option("hear", "2", words_for("message.hear", call.language)),
        Option("anew", "3", words_for("message.anew", call.language)),
        Option("drop", "4", words_for("message.drop", call.language), confirm="no"),
    )


@flow.ask(
    "leave.review",
    Choice(offer=_choices, context="confirm"),
    silent="keep",
    to={"keep": "keep", "hear": "hear", "anew": "once_more", "drop": "drop"},
)
def review(call: Call, what: Any) -> str:
    """Keep it, hear it, say it anew or drop it; whoever says nothing more keeps it."""
    return str(what)


@flow.do(to={"kept": "kept"})
def keep(call: Call) -> str:
    """It lies on the desk from now on."""
    if call.tools.messages:
        call.tools.messages.keep(call.data.message)
    call.seal()
    return "kept"


flow.tell("kept", "leave.kept", to="parting")


@flow.do(to={"there": "played", "not_yet": "cannot_play"})
def hear(call: Call) -> str:
    """The carrier has a recording ready a moment after it was made, and sometimes a moment later."""
    call.data.sound = call.tools.messages.playable(call.data.message) if call.tools.messages else ""
    return "there" if call.data.sound else "not_yet"


flow.tell("played", "leave.played", to="review", tells=lambda call: {"message": call.data.sound})
flow.tell("cannot_play", "leave.cannot_play", to="review")


@flow.do(to={"gone": "dropped"})
def drop(call: Call) -> str:
    """It is erased, here and at the carrier."""
    if call.tools.messages:
        call.tools.messages.drop(call.data.message)
    call.seal()
    return "gone"


flow.tell("dropped", "leave.dropped", to="after")


@flow.do(to={"due": "consent.asking", "done": "after"})
def parting(call: Call) -> str:
    """The one moment to ask for the other consent."""
    return "due" if consent.is_due(call) else "done"


def _then(call: Call) -> Sequence[Option]:
    return (
        Option("more", "1", words_for("message.more", call.language), confirm="yes"),
        Option("done", "2", words_for("sold.done", call.language), hidden=True, confirm="no"),
    )


@flow.ask("leave.after", Choice(offer=_then, context="any"), silent="done", to={"more": RETURN, "done": "goodbye"})
def after(call: Call, what: Any) -> str:
    """Back to where the caller was, or goodbye."""
    return str(what)


flow.end("goodbye", "main.goodbye")
