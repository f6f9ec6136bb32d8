"""A call as a conversation, read from the journal: who said what, when, by key or by voice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.journal import CallRecord, TurnRecord


@dataclass(frozen=True)
class Line:
    """One thing said: `who` is «caller» or «house»; `via` is keys, words, recording, silence or secret."""

    who: str
    text: str
    at: datetime
    via: str = ""
    confidence: float | None = None
    step: str = ""
    outcome: str = ""
    milliseconds: float = 0.0
    turn: int = 0


@dataclass(frozen=True)
class Conversation:
    """One call from the first word on; `record` is the journal's line about it, if there is one."""

    call_id: str
    record: CallRecord | None
    lines: tuple[Line, ...]
    said: dict[str, Any]
    language: str = ""


class Conversations:
    """Reads the journal for people; prompts are written out as they were spoken."""

    def __init__(self, journal: Any, voice: Any) -> None:
        self._journal, self._voice = journal, voice

    def of(self, call_id: str) -> Conversation:
        """The whole call; empty when the journal knows nothing of it yet."""
        return self.several((call_id,))[call_id]

    def several(self, call_ids: Collection[str], last: int | None = None) -> dict[str, Conversation]:
        """Each of these calls, or its `last` turns, in two questions for all of them."""
        if self._journal is None:
            return {call: Conversation(call, None, (), {}) for call in call_ids}
        turns, records = self._journal.turns_of(call_ids, last), self._journal.records(call_ids)
        return {call: self._told(call, records.get(call), turns.get(call, ())) for call in call_ids}

    def calls_before(self, of: Iterable[Conversation], since: datetime) -> dict[str, tuple[int, int]]:
        """By call: how often its customer (or its number, if she has no profile) had called, and since then with it."""
        known = ((each.call_id, each.record) for each in of if each.record)
        records = {call: record for call, record in known if record.customer or record.caller}
        if self._journal is None or not records:
            return {}
        customers = {record.customer for record in records.values() if record.customer}
        callers = {record.caller for record in records.values() if not record.customer}
        counted = self._journal.counted(customers, callers, since)
        found = {call: counted.get(record.customer or record.caller, (0, 0)) for call, record in records.items()}
        return {call: (max(0, ever - 1), lately) for call, (ever, lately) in found.items()}

    def forget(self, customer: str, phone: str) -> None:
        """Whose these calls were is no longer known."""
        if self._journal is not None:
            self._journal.flush()  # a line on its way would bring the name back
            self._journal.forget_caller(customer, phone)

    def latest(self, limit: int = 100) -> tuple[Any, ...]:
        """The newest calls."""
        return self._journal.calls(limit=limit) if self._journal else ()

    def calls_of(self, record: Any, limit: int = 100) -> tuple[Any, ...]:
        """Every call of the same customer, or of the same number when she has no profile; newest first."""
        if self._journal is None or not (record.customer or record.caller):
            return ()
        same = {"customer": record.customer} if record.customer else {"caller": record.caller}
        return tuple(self._journal.calls(limit=limit, **same))

    def calls_with(self, customer: str, phone: str, limit: int) -> tuple[CallRecord, ...]:
        """Every call of a customer, under her profile or from her number; newest first."""
        if self._journal is None:
            return ()
        found = self._journal.calls(customer=customer, limit=limit)
        return tuple(found or (self._journal.calls(caller=phone, limit=limit) if phone else ()))

    def _told(self, call_id: str, record: CallRecord | None, turns: tuple[TurnRecord, ...]) -> Conversation:
        lines = tuple(line for turn in turns for line in self._lines(turn))
        said, language = (dict(turns[-1].said), turns[-1].language) if turns else ({}, "")
        return Conversation(call_id, record, lines, said, language)

    def _lines(self, turn: Any) -> tuple[Line, ...]:
        about = {"at": turn.at, "step": turn.step, "outcome": turn.outcome, "turn": turn.turn}
        heard = Line("caller", turn.keys or turn.words, via=turn.heard_by, confidence=turn.confidence, **about)
        answered = Line("house", self._spoken(turn), milliseconds=turn.milliseconds, **about)
        nothing_asked = turn.turn == 0 and turn.heard_by == "silence"
        return (answered,) if nothing_asked else (heard, answered)

    def _spoken(self, turn: Any) -> str:
        if self._voice is None:
            return " · ".join(say.prompt for say in turn.says)
        said = (self._voice.text(say.prompt, say.slots, say.language or turn.language) for say in turn.says)
        return " ".join(filter(None, said))
