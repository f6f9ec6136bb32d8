"""The journal: every call and every turn, once, without ever breaking or delaying a call."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine

from callflows import Heard, Listen, Reply, Say
from ivr.backlog import KEY
from ivr.callstore import CallStore
from ivr.database import engine_for
from ivr.incoming import Incoming
from ivr.journal import Journal

Tell = Callable[..., None]
REPLY = Reply((Say("buy.how_many", {"most": 9}), Say("main.other_language", {}, "en")), Listen("ask_quantity"), "fr")


@pytest.fixture
def journal(engine: Engine, clock: Any, redis: Redis) -> Journal:
    return Journal(engine, clock, redis)


@pytest.fixture
def write(journal: Journal, tell: Tell) -> Tell:
    """Tell one turn."""

    def written(turn: int = 1, heard: Heard = Heard(keys="2"), call: str = "CA1", **more: Any) -> None:  # noqa: B008
        tell(journal.answered(call=call, turn=turn, step="buy_seats.how_many", heard=heard, reply=REPLY, **more))

    return written


def test_a_call_and_its_turns_are_read_back_as_they_were(journal: Journal, clock: Any, tell: Tell, write: Tell) -> None:
    tell(journal.begun(Incoming("CA1", "+33612345678", "+33199000111"), "customer-7"))
    write(outcome="buy_seats.where", milliseconds=4.2, said={"quantity": 2})
    tell(journal.ended("CA1"))
    journal.flush()

    call, (turn,) = journal.call("CA1"), journal.turns("CA1")
    assert (call.customer, call.caller) == ("customer-7", "+33612345678")
    assert (call.status, call.ended_at) == ("completed", clock())
    assert (turn.step, turn.heard_by, turn.keys, turn.outcome) == ("buy_seats.how_many", "keys", "2", "buy_seats.where")
    assert (turn.says, turn.then, turn.said, turn.milliseconds) == (REPLY.says, "Listen", {"quantity": 2}, 4.2)


def test_what_is_told_twice_is_written_once(journal: Journal, tell: Tell, write: Tell) -> None:
    for keys in ("2", "3"):
        tell(journal.begun(Incoming("CA1")))
        write(heard=Heard(keys=keys))
        tell(journal.ended("CA1", "completed" if keys == "2" else "failed"))
        journal.flush()

    assert [turn.keys for turn in journal.turns("CA1")] == ["2"]
    assert [call.status for call in journal.calls()] == ["completed"]


def test_what_is_told_twice_at_the_same_moment_is_written_once(journal: Journal, tell: Tell, write: Tell) -> None:
    for _ in range(5):
        tell(journal.begun(Incoming("CA1")))
        write()
    journal.flush()

    assert len(journal.turns("CA1")) == len(journal.calls()) == 1


@pytest.mark.parametrize(
    ("heard", "by"),
    [
        (Heard(keys="1"), "keys"),
        (Heard(words="oui"), "words"),
        (Heard(), "silence"),
        (Heard(recording="x"), "recording"),
    ],
)
def test_how_it_was_heard_is_told(journal: Journal, heard: Heard, by: str, write: Tell) -> None:
    write(heard=heard)
    journal.flush()

    assert journal.turns("CA1")[0].heard_by == by


def test_secret_keys_are_never_written(journal: Journal, write: Tell) -> None:
    write(heard=Heard(keys="100852242", words="100852242"), secret=True)
    journal.flush()

    (turn,) = journal.turns("CA1")
    assert (turn.heard_by, turn.keys, turn.words) == ("secret", "", "")


def test_calls_are_found_by_customer_number_and_status_newest_first(journal: Journal, clock: Any, tell: Tell) -> None:
    for name, customer, caller in (("CA1", "a", "+331"), ("CA2", "b", "+332"), ("CA3", "a", "+332")):
        tell(journal.begun(Incoming(name, caller), customer))
        clock.forward(minutes=1)
    tell(journal.ended("CA3"))
    journal.flush()

    assert [call.call for call in journal.calls()] == ["CA3", "CA2", "CA1"]
    assert [call.call for call in journal.calls(customer="a")] == ["CA3", "CA1"]
    assert [call.call for call in journal.calls(caller="+332", status="open")] == ["CA2"]


def test_a_call_is_silent_when_nothing_happened_in_it_for_long(
    journal: Journal, clock: Any, tell: Tell, write: Tell
) -> None:
    for name in ("still talking", "silent", "ended"):
        tell(journal.begun(Incoming(name)))
    tell(journal.ended("ended"))
    clock.forward(minutes=50)
    write(call="still talking")
    journal.flush()

    assert journal.silent_since(clock() - timedelta(minutes=30), 10) == ("silent",)


def test_without_a_database_a_call_goes_on_and_its_lines_wait(
    engine: Engine, clock: Any, redis: Redis, caplog: pytest.LogCaptureFixture, tell: Tell, write: Tell
) -> None:
    journal = Journal(engine_for("sqlite:////nowhere/at/all.sqlite"), clock, redis)

    tell(journal.begun(Incoming("CA1")))
    write()
    journal.flush()

    assert "the journal has to wait" in caplog.text
    back = Journal(engine, clock, redis)
    back.flush()
    assert back.call("CA1") and len(back.turns("CA1")) == 1


def test_what_a_killed_process_told_is_written_by_another(journal: Journal, engine: Engine, redis: Redis) -> None:
    line = journal.answered(call="CA1", turn=1, step="", heard=Heard(keys="2"), reply=REPLY)
    assert CallStore(redis).save({"call": "CA1", "turn": 1}, after=None, told=[line])
    another = Journal(engine, journal._clock, redis)

    another.flush()

    assert [turn.keys for turn in another.turns("CA1")] == ["2"]
    assert redis.xlen(KEY) == 0


def test_a_turn_that_is_not_kept_is_not_told(journal: Journal, redis: Redis) -> None:
    calls = CallStore(redis)
    calls.save({"call": "CA1", "turn": 5}, after=None)

    line = journal.answered(call="CA1", turn=1, step="", heard=Heard(keys="2"), reply=REPLY)
    assert not calls.save({"call": "CA1", "turn": 1}, after=0, told=[line])
    journal.flush()

    assert journal.turns("CA1") == ()


def test_several_who_write_at_the_same_moment_write_each_line_once(
    journal: Journal, engine: Engine, redis: Redis, write: Tell
) -> None:
    others = [Journal(engine, journal._clock, redis) for _ in range(4)]
    for turn in range(600):
        write(turn=turn)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Journal.flush, others))

    assert [turn.turn for turn in journal.turns("CA1")] == list(range(600))
    assert redis.xlen(KEY) == 0


@pytest.mark.parametrize("line", [
    '{"kind":"turn","call":"CA1","turn":2,"at":"yesterday"}', '{"kind":"turn","call":"CA1"}', "half a li", "[]",
    '{"a":1}', '{"kind":"end","of_call":"CA1","at":"2026-11-22T10:00:00+00:00","how":["a","list"]}',
], ids=["no date", "no turn", "no JSON", "a list", "of no kind", "of another type"])  # fmt: skip
def test_a_line_that_no_database_takes_does_not_keep_the_others_waiting(
    journal: Journal, redis: Redis, caplog: pytest.LogCaptureFixture, write: Tell, line: str
) -> None:
    write(turn=1)
    redis.xadd(KEY, {"line": line})
    write(turn=3)

    journal.flush()

    assert [turn.turn for turn in journal.turns("CA1")] == [1, 3]
    assert "cannot be written" in caplog.text


def test_lines_wait_for_tables_that_are_not_there_yet(
    engine: Engine, clock: Any, redis: Redis, tmp_path: Path, write: Tell
) -> None:
    """A new release begins to write before the database is brought up to date."""
    write(turn=1)
    Journal(engine_for(f"sqlite:///{tmp_path}/empty.sqlite"), clock, redis).flush()

    ours = Journal(engine, clock, redis)
    ours.flush()

    assert [turn.turn for turn in ours.turns("CA1")] == [1]


def test_odd_words_are_kept_as_they_are(journal: Journal, write: Tell) -> None:
    words = "'; DROP TABLE calls; -- 🎭 </Say>"
    write(heard=Heard(words=words))
    journal.flush()

    assert journal.turns("CA1")[0].words == words
