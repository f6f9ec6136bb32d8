"""CallState: all that a call is between two turns, as JSON."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from callflows.reply import HangUp, Reply

REMEMBERED_ANSWERS = 8
"""How far `back` reaches."""


@dataclass
class CallState:
    """Names only, never positions or code: a worker may crash and a deploy may pass between two turns.

    `where` is a stack of «flow.step»; `said` holds every slot understood; `data` each flow's own fields; `asked` the
    question as it was put; `history` what `back` returns to; `why` the reason for a person, once there is one.
    """

    call: str
    turn: int = 0
    language: str = "fr"
    pace: str = "normal"
    caller: dict[str, Any] = field(default_factory=dict)
    where: list[str] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: dict[str, Any] | None = None
    tries: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def answer(self) -> Reply:
        """The reply of this turn, to be rendered as often as it is asked for."""
        return Reply.from_json(self.reply)

    @property
    def asks_a_secret(self) -> bool:
        """Does this turn's question want keys that nobody may write down?"""
        return bool(self.reply) and bool(self.reply["then"][1].get("secret"))

    @property
    def is_over(self) -> bool:
        """Has the last word been said?"""
        return bool(self.reply) and isinstance(self.answer.then, HangUp)

    def next_turn(self) -> CallState:
        """A copy to work on; the old state stays what it was if this turn fails. The new turn has its own reply."""
        now = _copied(replace(self, turn=self.turn + 1, history=[], reply={}))
        now.history = list(self.history)  # moments gone by: `undo` copies what it returns to
        return now

    def remember(self) -> None:
        """Keep the moment before an answer, so that `back` can undo it."""
        moment = {"where": list(self.where), "said": dict(self.said), "data": _copied(self.data)}
        self.history = [*self.history, moment][-REMEMBERED_ANSWERS:]

    def undo(self) -> bool:
        """Return to the moment before the last answer; False when there is none."""
        if not self.history:
            return False
        moment = _copied(self.history.pop())
        self.where, self.said, self.data = moment["where"], moment["said"], moment["data"]
        return True

    def summary(self) -> dict[str, Any]:
        """What a person who takes over should see at a glance."""
        return {"said": self.said, "language": self.language, "where": self.where[:1], "caller": self.caller}

    def to_json(self) -> dict[str, Any]:
        """The whole call, small enough to stand in Redis."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CallState:
        """Read a saved call; fields that this version does not know are dropped, missing ones take their default."""
        return cls(**{key: value for key, value in data.items() if key in cls.__dataclass_fields__})


T = TypeVar("T")


def _copied(plain: T) -> T:
    """Plain data all the way down, copied; a tenth of the time of deepcopy, and every turn does it."""
    copy: T = pickle.loads(pickle.dumps(plain))
    return copy
