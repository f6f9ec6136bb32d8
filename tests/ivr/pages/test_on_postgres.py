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
from ivr.incoming import Incoming
from ivr.journal import Journal
from ivr.records.accounts import Accounts, NameTaken, StaffAudit
from ivr.records.messages import MessageBook
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


def test_many_calls_are_read_at_once_and_a_person_s_are_forgotten(
    engine: Engine, clock: Any, redis: Redis, tell: Any
) -> None:
    journal = Journal(engine, clock, redis)
    yesterday = clock()
    for call, caller, customer in (("CB1", "+331", "x"), ("CB2", "+332", ""), ("CB3", "+331", "x"), ("CB4", "", "")):
        tell(journal.begun(Incoming(call, caller), customer))
        clock.forward(hours=20)
        for turn in range(3):
            reply = Reply((Say("buy.offer", {}),), Listen("x"), "fr")
            tell(journal.answered(call=call, turn=turn, step="a", heard=Heard(keys="2"), reply=reply))
    journal.flush()

    last = journal.turns_of(["CB1", "CB2", "nobody"], last=2)
    counted = journal.counted({"x"}, {"+332"}, yesterday + timedelta(hours=30))

    assert {call: [turn.turn for turn in turns] for call, turns in last.items()} == {"CB1": [1, 2], "CB2": [1, 2]}
    assert set(journal.records(["CB1", "CB4", "nobody"])) == {"CB1", "CB4"} and journal.records([]) == {}
    assert counted == {"x": (2, 1), "+332": (1, 0)}
    journal.forget_caller("x", "+331")
    assert {record.caller + record.customer for record in journal.records(["CB1", "CB3", "CB4"]).values()} == {""}
    assert journal.call("CB2").caller == "+332"  # type: ignore[union-attr]


def test_a_person_s_recordings_are_found_by_number_and_by_profile(engine: Engine, clock: Any) -> None:
    book = MessageBook(engine, clock)
    for number, (caller, customer, kind) in enumerate((("+331", "", "name"), ("", "x", "name"), ("+332", "", "name"))):
        about = {"call": "CB1", "caller": caller, "customer": customer, "language": "fr"}
        book.note(f"RE{number}", kind=kind, **about)
        clock.forward(seconds=1)

    assert {found.id for found in book.of_person("x", "+331")} == {"RE0", "RE1"}
    assert [found.id for found in book.of_person("x", "")] == ["RE1"], "whoever hides her number is not everybody"
    assert book.names_of({"CB1", "CB9"})["CB1"].id == "RE2" and book.names_of(set()) == {}
