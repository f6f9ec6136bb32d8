"""How each question of the dialogues fares, counted from the journal: asked, answered how, not understood, given up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, String, cast, func, select

from ivr.records.calls import turns


@dataclass(frozen=True)
class Fared:
    """One question: how often it was answered by keys and by voice, met with silence, not understood, given up."""

    keys: int = 0
    words: int = 0
    silence: int = 0
    unclear: int = 0
    to_a_person: int = 0

    @property
    def asked(self) -> int:
        """How often it was put, as far as the caller stayed to answer."""
        return self.keys + self.words + self.silence


def questions_since(engine: Engine, since: datetime) -> dict[str, Fared]:
    """Every question that was asked since then, by «flow.step»."""
    unclear = cast(turns.c.says, String).like('%.unclear%"%').label("unclear")
    person = (turns.c.then == "Transfer").label("person")
    query = (
        select(turns.c.step, turns.c.heard_by, unclear, person, func.count().label("times"))
        .where(turns.c.at >= since, turns.c.step != "")
        .group_by(turns.c.step, turns.c.heard_by, "unclear", "person")
    )
    fared: dict[str, Fared] = defaultdict(Fared)
    with engine.connect() as connection:
        for step, heard_by, was_unclear, to_a_person, times in connection.execute(query):
            fared[step] = _added(fared[step], heard_by, bool(was_unclear), bool(to_a_person), times)
    return dict(fared)


def _added(sum_: Fared, heard_by: str, unclear: bool, to_a_person: bool, times: int) -> Fared:
    how = "keys" if heard_by == "secret" else heard_by if heard_by in ("keys", "silence") else "words"
    return replace(
        sum_,
        **{how: getattr(sum_, how) + times},
        unclear=sum_.unclear + times * unclear,
        to_a_person=sum_.to_a_person + times * to_a_person,
    )
