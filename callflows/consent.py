"""Flow: may the house keep what it hears? Asked once, after the sale or a message; taken back in one sentence."""

from __future__ import annotations

from callflows.answers import YesNo
from callflows.language import RETURN, Call, Flow

flow = Flow("consent", first="asking")


def is_due(call: Call) -> bool:
    """Should this caller be asked, here where it costs her nothing?"""
    consents = call.tools.consents
    return consents is not None and consents.days > 0 and consents.is_due(call.caller.get("phone", ""))


def _answered(call: Call, answer: str) -> bool:
    consents = call.tools.consents
    phone = call.caller.get("phone", "")
    return consents is not None and consents.answered(phone, answer, call.state.call, call.language)


@flow.ask(
    "consent.keep",
    YesNo(seconds=6),
    tells=lambda call: {"days": call.tools.consents.days if call.tools.consents else 0},
    silent="silence",
    to={"yes": "agreed", "no": "declined", "silence": "unanswered"},
)
def asking(call: Call, answer: str) -> str:
    """May spoken answers be kept for some days, to understand better? Yes, no, or nothing: asked once."""
    return "yes" if answer == "yes" and _answered(call, "yes") else "no"


flow.tell("agreed", "consent.thanks", to=RETURN)


@flow.do(to={"noted": "not_kept"})
def declined(call: Call) -> str:
    """No is written down too, so that nobody asks again."""
    _answered(call, "no")
    return "noted"


@flow.do(to={"noted": RETURN})
def unanswered(call: Call) -> str:
    """Whoever says nothing has not agreed, and is not asked again."""
    _answered(call, "none")
    return "noted"


flow.tell("not_kept", "consent.not_kept", to=RETURN)


@flow.do(to={"taken_back": "erased", "nobody": "never_kept"})
def withdraw(call: Call) -> str:
    """«Ne m'enregistrez plus»: what was kept is erased at once, and nothing more is kept."""
    consents = call.tools.consents
    known = consents is not None and consents.withdraw(call.caller.get("phone", ""), call=call.state.call)
    return "taken_back" if known else "nobody"


flow.tell("erased", "consent.erased", to=RETURN)
flow.tell("never_kept", "consent.never_kept", to=RETURN)
