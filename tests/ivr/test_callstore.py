"""CallStore: a call is saved only after the turn it answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis

from ivr.callstore import CallStore


def a_call(turn: int = 0, **more: Any) -> dict[str, Any]:
    return {"call": "CA1", "turn": turn, **more}


@pytest.fixture
def calls(redis: Redis) -> CallStore:
    return CallStore(redis)


def test_a_call_nobody_knows_is_none(calls: CallStore) -> None:
    assert calls.load("CA1") is None


def test_what_is_saved_is_loaded_emoji_and_all(calls: CallStore) -> None:
    assert calls.save(a_call(said="deux 🎭 é \u2028 \\ \""), after=None)

    assert calls.load("CA1") == a_call(said="deux 🎭 é \u2028 \\ \"")


def test_a_call_begins_once(calls: CallStore) -> None:
    assert calls.save(a_call(by="first"), after=None)
    assert not calls.save(a_call(by="second"), after=None)

    assert calls.load("CA1") == a_call(by="first")


def test_a_turn_is_saved_only_after_the_turn_it_answers(calls: CallStore) -> None:
    calls.save(a_call(0), after=None)

    assert not calls.save(a_call(2), after=1)
    assert calls.save(a_call(1), after=0)
    assert not calls.save(a_call(1, by="late"), after=0)

    assert calls.load("CA1") == a_call(1)


def test_of_many_who_save_after_the_same_turn_one_wins(calls: CallStore) -> None:
    calls.save(a_call(0), after=None)

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda by: calls.save(a_call(1, by=by), after=0), range(32)))

    assert won.count(True) == 1
    assert calls.load("CA1") == a_call(1, by=won.index(True))


def test_without_comparing_the_turn_the_later_one_would_win(redis: Redis) -> None:
    """The control for the test above: a plain write overwrites."""
    calls = CallStore(redis)
    calls.save(a_call(0), after=None)

    for by in range(4):
        redis.hset("call:CA1", mapping={"turn": "1", "state": f'{{"call":"CA1","turn":1,"by":{by}}}'})

    assert calls.load("CA1") == a_call(1, by=3)


def test_a_forgotten_call_may_begin_again(calls: CallStore) -> None:
    calls.save(a_call(5), after=None)

    assert calls.forget("CA1", after=5)
    assert not calls.forget("CA1", after=5)

    assert calls.load("CA1") is None
    assert calls.save(a_call(0), after=None)


def test_a_call_that_went_on_is_not_forgotten(calls: CallStore) -> None:
    calls.save(a_call(5), after=None)

    assert not calls.forget("CA1", after=4)
    assert not calls.forget("CA1", after=None)

    assert calls.load("CA1") == a_call(5)


def test_a_call_is_kept_for_a_day_at_most(calls: CallStore, redis: Redis) -> None:
    calls.save(a_call(), after=None)

    assert 0 < int(redis.ttl("call:CA1")) <= 24 * 60 * 60


def test_all_calls_can_be_listed(calls: CallStore) -> None:
    for name in ("CA1", "CA2"):
        calls.save({"call": name, "turn": 0}, after=None)

    assert sorted(call["call"] for call in calls.calls()) == ["CA1", "CA2"]


def test_after_redis_lost_its_scripts_calls_are_still_saved(calls: CallStore, redis: Redis) -> None:
    calls.save(a_call(0), after=None)
    redis.script_flush()

    assert calls.save(a_call(1), after=0)
