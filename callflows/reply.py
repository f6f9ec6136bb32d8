"""Reply: what the caller gets, as plain data that goes to JSON and back.

Reply
├─ says    Say, Say, …          prompts by key, with raw slots
└─ then    Listen               wait for keys or words
           Record               wait for a recording: an operator's, a name, a message
           Continue             say this, then come straight back in the next turn
           Transfer             into the agents' queue
           HangUp
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Say:
    """One prompt by its key; slots are raw values (ISO dates, whole cents, ids), never words.

    `language` is set only where a prompt must be said in another language than the reply («For English, press 9»).
    """

    prompt: str
    slots: dict[str, Any] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True)
class Listen:
    """Wait for keys and words.

    `context` is the question's name for the understanding (`ask_quantity`); `phrases` are the words this very
    question expects beyond it (titles, dates that were read out); `digits` is the most keys that make sense, None
    for «until # or a pause»; `seconds` is the silence after which nobody answered; `patience` says how long a pause
    inside an answer may be («short» yes or no, «long» dates, numbers, names).
    """

    context: str
    phrases: tuple[str, ...] = ()
    digits: int | None = 1
    seconds: int = 10
    patience: str = "short"
    speech: bool = True
    bargein: bool = True
    secret: bool = False


@dataclass(frozen=True)
class Record:
    """Wait for the caller to record something, at most `seconds` long, ended by # or by so many seconds of `pause`.

    `kind` is empty, or names what the house keeps («message», «name»): then it wants to be told of the recording even
    if the caller hangs up in the middle.
    """

    seconds: int = 60
    pause: int = 5
    kind: str = ""


@dataclass(frozen=True)
class Continue:
    """End the turn here; the telephone comes back at once for the next one."""


@dataclass(frozen=True)
class Transfer:
    """Into the agents' queue: why, and what they should know at a glance."""

    reason: str
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HangUp:
    """The call is over."""


Then = Listen | Record | Continue | Transfer | HangUp
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Listen, Record, Continue, Transfer, HangUp)}


@dataclass(frozen=True)
class Reply:
    """What is said, in which language and at what pace («normal» or «slow»), and what happens then."""

    says: tuple[Say, ...]
    then: Then
    language: str = "fr"
    pace: str = "normal"

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts, small enough to stand in Redis between two turns."""
        return {
            "says": [[say.prompt, say.slots, say.language] for say in self.says],
            "then": [type(self.then).__name__, dict(vars(self.then))],
            "language": self.language,
            "pace": self.pace,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reply:
        """Read what `to_json` wrote; fields that a newer or older version knows better are dropped."""
        name, fields = data["then"]
        kind = _KINDS[name]
        known = {key: _tupled(value) for key, value in fields.items() if key in kind.__dataclass_fields__}
        says = tuple(Say(*parts) for parts in data["says"])
        return cls(says, kind(**known), data.get("language", "fr"), data.get("pace", "normal"))


def _tupled(value: Any) -> Any:
    """JSON has lists only; our frozen dataclasses hold tuples."""
    return tuple(value) if isinstance(value, list) else value
