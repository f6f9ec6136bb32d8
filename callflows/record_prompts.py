"""Flow for operators: PIN, prompt number, record, listen, keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from callflows.answers import Choice, Digits, Option, Recording
from callflows.language import Call, Flow


@dataclass
class Session:
    """Who records which prompt, and the draft just made."""

    who: str = ""
    key: str = ""
    draft: str = ""
    problem: str = ""
    failures: int = 0


flow = Flow("record_prompts", first="pin", data=Session)

_PINS = 3


@flow.ask(
    "record.pin", Digits(speech=False, secret=True), to={"in": "number", "wrong": "wrong_pin", "locked": "locked"}
)
def pin(call: Call, code: str) -> str:
    """The operator's number and PIN on the keys; wrong number and wrong PIN sound alike."""
    operator = call.tools.studio.sign_in_by_pin(code, call.caller.get("phone", "")) if call.tools.studio else None
    if operator:
        call.data.who = operator
        call.seal()
        return "in"
    call.data.failures += 1
    return "wrong" if call.data.failures < _PINS else "locked"


flow.tell("wrong_pin", "record.wrong_pin", to="pin")
flow.end("locked", "record.locked")


@flow.ask("record.number", Digits(speech=False), to={"known": "read_out", "unknown": "no_such_prompt"})
def number(call: Call, digits: str) -> str:
    """Every prompt has a number; the studio's page shows them."""
    key = call.tools.studio.prompt_by_number(int(digits)) if call.tools.studio else None
    call.data.key = key or ""
    return "known" if key else "unknown"


flow.tell("no_such_prompt", "record.no_such_prompt", to="number")


def _text(call: Call) -> dict[str, Any]:
    return {"text": call.tools.studio.wording(call.data.key, call.language) if call.tools.studio else call.data.key}


flow.tell("read_out", "record.read_out", to="take", tells=_text)


@flow.ask("record.take", Recording(), to={"kept": "review", "bad": "bad_take"})
def take(call: Call, recording: str) -> str:
    """Speak after the tone, end with #; the take is trimmed and levelled at once."""
    if call.tools.studio is None:
        return "bad"
    try:
        call.data.draft = call.tools.studio.keep_recording(call.data.key, call.language, recording, call.data.who)
    except ValueError as problem:
        call.data.problem = str(problem)
        return "bad"
    return "kept"


flow.tell("bad_take", "record.bad_take", to="take", tells=lambda call: {"problem": call.data.problem})


def _review(call: Call) -> Sequence[Option]:
    return tuple(
        Option(what, key) for key, what in zip("12345", ("keep", "again", "listen", "another", "done"), strict=True)
    )


@flow.ask(
    "record.review",
    Choice(offer=_review, speech=False),
    tells=lambda call: {"take": call.data.draft},
    to={"keep": "publish", "again": "take", "listen": "review", "another": "number", "done": "goodbye"},
)
def review(call: Call, what: Any) -> str:
    """The take is played: keep it, record again, listen once more, or another prompt."""
    return str(what)


@flow.do(to={"published": "published"})
def publish(call: Call) -> str:
    """The next call plays it."""
    if call.tools.studio:
        call.tools.studio.publish(call.data.key, call.language, call.data.who)
    return "published"


flow.tell("published", "record.published", to="number")
flow.end("goodbye", "main.goodbye")
