"""The staff's own SQL on a real PostgreSQL: accounts, the log, prompt numbers, how questions fared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine

from callflows import Heard, Listen, Reply, Say
from ivr.bench.private_postgres import NoPostgres, PrivatePostgres
from ivr.database import engine_for, upgrade
from ivr.journal import Journal
from ivr.records.accounts import Accounts, NameTaken, StaffAudit
from ivr.records.notes import Notes
from ivr.records.prompt_numbers import PromptNumbers
from ivr.records.questions import Fared, questions_since

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A database of its own, brought up to date by the one history."""
    try:
        private = PrivatePostgres()
    except NoPostgres as why:
        pytest.skip(str(why))
    with private as server:
        url = server.new_database("staff")
        upgrade(url)
        engine = engine_for(url)
        yield engine
        engine.dispose()


def test_accounts_and_their_deeds(engine: Engine, clock: Any) -> None:
    accounts, audit = Accounts(engine, clock), StaffAudit(engine, clock)

    pamina = accounts.add("Pamina", "agent", phone="+33199000123")
    with pytest.raises(NameTaken):
        accounts.add("Pamina", "operator")
    changed = accounts.change("Pamina", role="operator")
    audit.note("Pamina", "took_caller", "CA1", code=None)

    assert (changed.id, changed.role, changed.generation) == (pamina.id, "operator", pamina.generation + 1)
    assert accounts.numbered(pamina.number) == changed
    assert [(deed.who, deed.at, deed.facts) for deed in audit.latest()] == [("Pamina", clock(), {"code": None})]


def test_prompt_numbers(engine: Engine) -> None:
    numbers = PromptNumbers(engine)

    assert numbers.of(["a", "b"]) == {"a": 101, "b": 102}
    assert numbers.of(["c", "b"]) == {"c": 103, "b": 102}
    assert numbers.key(103) == "c"


def test_notes_are_written_once_and_go_with_the_person(engine: Engine, clock: Any) -> None:
    notes = Notes(engine, clock)
    for _ in range(2):
        notes.add("Pamina", request="a", customer="c", call="CA1", reason="book", outcome="sold", words="é" * 2000)
    notes.add("Sarastro", request="b", call="CA2", words="sans fiche")

    (note,) = notes.about(customer="c", call="CA1")
    assert (note.who, note.outcome, len(note.words), note.at) == ("Pamina", "sold", 1000, clock())
    notes.forget("c")
    assert notes.about(customer="c") == () and len(notes.about(call="CA2")) == 1


def test_how_questions_fared(engine: Engine, clock: Any, redis: Redis, tell: Any) -> None:
    journal = Journal(engine, clock, redis)
    for turn, (heard, prompt) in enumerate(((Heard(keys="2"), "buy.offer"), (Heard(words="bzz"), "buy.x.unclear.2"))):
        reply = Reply((Say(prompt, {}),), Listen("x"), "fr")
        tell(journal.answered(call="CA1", turn=turn, step="buy_seats.how_many", heard=heard, reply=reply))
    journal.flush()

    assert questions_since(engine, clock() - timedelta(days=1)) == {
        "buy_seats.how_many": Fared(keys=1, words=1, unclear=1)
    }
    assert questions_since(engine, clock() + timedelta(days=1)) == {}
