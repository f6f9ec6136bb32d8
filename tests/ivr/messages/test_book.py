"""The tables of messages and consents, on SQLite and on PostgreSQL: the history makes what the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from ivr.bench.private_postgres import NoPostgres, PrivatePostgres
from ivr.database import engine_for, upgrade
from ivr.incoming import Incoming
from ivr.journal import Journal
from ivr.records.consents import ConsentLog
from ivr.records.messages import DROPPED, LEFT, MessageBook
from ivr.records.tables import metadata

NAMES = ("messages", "consents")
FIRST, SECOND, NAME = "RE" + "1" * 32, "RE" + "2" * 32, "RE" + "3" * 32


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A database on a real PostgreSQL."""
    try:
        private = PrivatePostgres()
    except NoPostgres as why:
        pytest.skip(str(why))
    with private as server:
        url = server.new_database("messages")
        upgrade(url)
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: Any, new_database: Any) -> Iterator[Engine]:
    """An engine with empty tables."""
    engine = engine_for(new_database() if request.param == "sqlite" else request.getfixturevalue("postgres"))
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    yield engine
    engine.dispose()


@pytest.fixture
def book(engine: Engine, clock: Any) -> MessageBook:
    return MessageBook(engine, clock)


def noted(book: MessageBook, recording: str = FIRST, kind: str = "message", call: str = "CA1") -> bool:
    return book.note(recording, kind=kind, call=call, caller="+33612345678", customer="", language="fr")


def test_the_history_makes_exactly_these_tables(engine: Engine) -> None:
    def ours(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or name in NAMES

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        theirs = metadata.__class__()
        for name in NAMES:
            metadata.tables[name].to_metadata(theirs)

        assert compare_metadata(context, theirs) == []


def test_a_recording_is_noted_once_and_a_decision_stands(book: MessageBook) -> None:
    assert noted(book)
    assert not noted(book)
    book.settle(FIRST, DROPPED)
    book.settle(FIRST, LEFT)

    assert book.get(FIRST).state == DROPPED  # type: ignore[union-attr]
    assert book.left() == ()


def test_recording_anew_drops_the_draft_before_and_nothing_that_was_left(book: MessageBook) -> None:
    noted(book)
    book.settle(FIRST, LEFT)
    noted(book, SECOND)
    third = "RE" + "4" * 32
    noted(book, third)
    book.drop_drafts("CA1", "message", but=third)

    assert [book.get(name).state for name in (FIRST, SECOND, third)] == [LEFT, DROPPED, "draft"]  # type: ignore[union-attr]


@pytest.mark.parametrize("ended", [True, False])
def test_a_draft_is_left_when_its_call_is_over_or_very_old(
    book: MessageBook, engine: Engine, clock: Any, redis: Any, tell: Any, ended: bool
) -> None:
    journal = Journal(engine, clock, redis)
    tell(journal.begun(Incoming("CA1", "+33612345678")))
    noted(book)
    noted(book, NAME, "name")
    journal.flush()
    assert book.settle_the_abandoned() == 0

    if ended:
        tell(journal.ended("CA1"))
        journal.flush()
    else:
        clock.forward(hours=3)

    assert book.settle_the_abandoned() == 2
    assert [message.id for message in book.left()] == [FIRST]
    assert book.names_of(["CA1"])["CA1"].id == NAME


def test_a_name_without_a_message_is_not_kept(book: MessageBook, clock: Any) -> None:
    noted(book, NAME, "name")
    clock.forward(hours=3)
    book.settle_the_abandoned()

    assert [message.id for message in book.to_erase(clock() - timedelta(days=30), 9)] == [NAME]


def test_one_agent_has_a_message_and_gives_it_back(book: MessageBook) -> None:
    noted(book)
    assert not book.mark(FIRST, "Pamina", "take")  # the caller has not left it yet
    book.settle(FIRST, LEFT)

    deeds = [
        ("Pamina", "take"), ("Papagena", "take"), ("Papagena", "done"), ("Papagena", "called"), ("Pamina", "called"),
        ("Pamina", "give_back"), ("Papagena", "done"), ("Papagena", "take"), ("Pamina", "undo"),
    ]  # fmt: skip

    assert [book.mark(FIRST, who, deed) for who, deed in deeds] == [
        True, False, False, False, True, True, True, False, True,
    ]  # fmt: skip
    assert book.waiting() == 1


def test_two_workers_never_write_the_same_recording_down(book: MessageBook, clock: Any) -> None:
    noted(book)
    book.fetched(FIRST, 2.0)
    until = clock() + timedelta(minutes=15)

    assert [book.claim_writing(FIRST, 0, until) for _ in range(2)] == [True, False]
    assert book.to_write(["fr"], 9) == ()


def test_what_is_erased_leaves_nothing_of_the_caller(book: MessageBook, clock: Any) -> None:
    noted(book)
    book.settle(FIRST, LEFT)
    book.fetched(FIRST, 2.0)
    book.wrote(FIRST, "written", words="rappelez-moi", confidence=0.9, engine="vosk")
    clock.forward(days=31)
    (message,) = book.to_erase(clock() - timedelta(days=30), 9)
    book.erased_here(message.id)

    stone = book.get(FIRST)
    assert stone is not None
    assert (stone.words, stone.caller, stone.customer, stone.confidence, stone.sound) == ("", "", "", None, "erased")
    assert book.forget_before(clock()) == 0  # the carrier's copy is still to be erased
    book.erased_there(FIRST)
    assert book.forget_before(clock()) == 1


def test_answers_to_a_consent_are_added_and_the_last_one_counts(engine: Engine, clock: Any) -> None:
    log = ConsentLog(engine, clock)
    log.add("c1", "recording", "yes", wording="fr-1", days=30, call="CA1")
    clock.forward(minutes=1)
    log.add("c1", "recording", "withdrawn", by="Pamina")
    log.add("c2", "recording", "no")

    assert log.last("c1", "recording").answer == "withdrawn"  # type: ignore[union-attr]
    assert log.last("c3", "recording") is None
    assert log.withdrawn_since("recording", clock()) == ("c1",)
