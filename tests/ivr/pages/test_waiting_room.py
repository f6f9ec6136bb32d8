"""Waiting callers: in order, each claimed once, and the place is kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from redis import Redis

from ivr.desk import WaitingRoom
from ivr.desk.duty import Duty
from ivr.desk.figures import figures
from ivr.desk.queue import USUAL_TALK_SECONDS, WAITING


@pytest.fixture
def room(redis: Redis, clock: Any) -> WaitingRoom:
    """An empty waiting room."""
    return WaitingRoom(redis, clock)


@pytest.fixture
def arrives(room: WaitingRoom, clock: Any) -> Callable[..., str]:
    """Callers come a minute apart."""

    def arrive(call_id: str, **told: Any) -> str:
        clock.forward(minutes=1)
        about = {"caller": "+33612345678", "reason": "agent", "summary": {}, "language": "fr"}
        room.enter(call_id, **{**about, **told})
        return call_id

    return arrive


def test_callers_wait_in_the_order_they_came(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    first, second = arrives("CA1"), arrives("CA2")

    assert [caller.call_id for caller in room.list()] == [first, second]
    assert (room.position(first), room.position(second), room.position("CA3")) == (1, 2, None)


def test_a_caller_told_twice_keeps_the_place(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    arrives("CA1"), arrives("CA2")

    arrives("CA1")

    assert room.position("CA1") == 1


def test_what_was_said_is_read_back_whole(room: WaitingRoom, arrives: Callable[..., str], clock: Any) -> None:
    arrives("CA1", caller="", reason="group", language="en", summary={"said": {"quantity": 12, "production": "boheme"}})

    (caller,) = room.list()

    assert (caller.caller, caller.reason, caller.language, caller.since) == ("", "group", "en", clock())
    assert caller.summary["said"] == {"quantity": 12, "production": "boheme"}


def test_of_twenty_agents_who_take_a_caller_one_gets_her(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    call, start = arrives("CA1"), Barrier(20)

    def take(agent: int) -> bool:
        start.wait()
        return room.claim(call, f"agent {agent}")

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(take, range(20))) == 1


def test_without_the_one_step_two_agents_would_get_her(redis: Redis, arrives: Callable[..., str]) -> None:
    """The control: looking first and taking afterwards lets both in."""
    call, both_have_looked = arrives("CA1"), Barrier(2)

    def take_in_two_steps(agent: int) -> bool:
        waits = redis.zscore(WAITING, call) is not None
        both_have_looked.wait()
        if waits:
            redis.zrem(WAITING, call)
        return waits

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take_in_two_steps, range(2))) == [True, True]


def test_an_agent_has_one_caller_at_a_time(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    first, second = arrives("CA1"), arrives("CA2")

    assert room.claim(first, "Pamina")
    assert not room.claim(second, "Pamina")
    assert room.claim(second, "Tamino")


def test_a_caller_whom_nobody_reached_returns_to_her_place(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    first = arrives("CA1")
    arrives("CA2")
    room.claim(first, "Pamina")

    assert room.release(first)

    assert room.position(first) == 1
    assert room.with_agent("Pamina") is None
    assert room.claim(first, "Pamina"), "she may try again"


def test_only_the_agent_who_has_a_caller_may_put_her_back(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    room.claim(arrives("CA1"), "Pamina")

    assert not room.release("CA1", "Tamino")
    assert room.release("CA1", "Pamina")


def test_a_caller_who_hangs_up_is_gone_from_the_list(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    room.leave(arrives("CA1"), "hangup")

    assert room.list() == ()
    assert room.find("CA1") is None
    assert not room.claim("CA1", "Pamina")


def test_the_way_to_the_agent_is_not_leaving(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    """The carrier tells the queue's action «redirected» the moment we send the caller to the agent's telephone."""
    room.claim(arrives("CA1"), "Pamina")

    room.leave("CA1", "redirected")

    found = room.with_agent("Pamina")
    assert found and found.state == "ringing"


def test_a_redirected_caller_whom_nobody_took_has_left(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    room.leave(arrives("CA1"), "redirected")

    assert room.list() == ()


def test_an_agent_is_free_again_when_the_caller_has_gone(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    room.claim(arrives("CA1"), "Pamina")
    room.answered("CA1")

    room.leave("CA1", "talked")

    assert room.taken() == ()
    assert room.claim(arrives("CA2"), "Pamina")


def test_a_finished_talk_stays_until_the_agent_is_done(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    room.claim(arrives("CA1"), "Pamina")
    room.answered("CA1")

    for why in ("talked", "ended", "ended"):
        room.leave("CA1", why)

    found = room.with_agent("Pamina")
    assert found and found.state == "after"
    assert not room.release("CA1"), "there is nobody to put back"
    room.done("CA1")
    assert room.with_agent("Pamina") is None and room.find("CA1") is None


def test_finishing_an_older_caller_does_not_drop_the_newer_one(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    room.claim(arrives("CA1"), "Pamina")
    room.answered("CA1")
    room.leave("CA1", "talked")
    room.claim(arrives("CA2"), "Pamina")

    room.done("CA1")

    found = room.with_agent("Pamina")
    assert found and found.call_id == "CA2"


def test_of_many_who_send_a_caller_off_at_the_same_moment_one_does(
    room: WaitingRoom, arrives: Callable[..., str]
) -> None:
    room.claim(arrives("CA1"), "Pamina")
    room.answered("CA1")

    with ThreadPoolExecutor(8) as pool:
        left = list(pool.map(lambda _: room.leave("CA1", "voice"), range(32)))

    assert left.count(True) == 1


def test_whoever_did_not_leave_after_all_talks_on_and_keeps_her_place(
    room: WaitingRoom, arrives: Callable[..., str], clock: Any
) -> None:
    room.enter("CA1", "+33612345678", "distress", {}, "fr")
    clock.forward(seconds=30)
    arrives("CA2")
    room.claim("CA1", "Pamina")
    room.answered("CA1")
    clock.forward(seconds=20)
    room.leave("CA1", "voice")

    room.talks_on("CA1")

    found = room.find("CA1")
    assert found and (found.state, found.left, found.agent) == ("talking", "", "Pamina")
    assert room.usual_talk() == USUAL_TALK_SECONDS, "it is no finished talk"
    room.release("CA1")
    assert [caller.call_id for caller in room.list()] == ["CA1", "CA2"]
    room.talks_on("CA2"), room.talks_on("nobody")
    assert room.taken() == () and room.position("CA2") == 2


def test_the_wait_is_estimated_from_the_last_talks(
    redis: Redis, room: WaitingRoom, arrives: Callable[..., str], clock: Any
) -> None:
    room.claim(arrives("CA1"), "Pamina")
    room.answered("CA1")
    clock.forward(seconds=100)
    room.leave("CA1", "talked")

    arrives("CA2"), arrives("CA3")
    duty = Duty(redis, clock, room)

    assert (figures(room, duty).last_waits, figures(room, duty).expected_wait(1)) == (200, 100)
    for agent in ("Pamina", "Papagena"):
        duty.seen(agent)
    assert figures(room, duty).last_waits == 100


def test_every_change_is_told_to_open_pages(room: WaitingRoom, arrives: Callable[..., str]) -> None:
    events = room.events()
    next(events)

    arrives("CA1")
    room.claim("CA1", "Pamina")
    room.answered("CA1")
    room.leave("CA1", "talked")

    assert [next(events)["what"] for _ in range(4)] == ["entered", "claimed", "answered", "left"]


def test_who_is_free_is_known(redis: Redis, room: WaitingRoom, arrives: Callable[..., str], clock: Any) -> None:
    arrives("CA1")
    duty = Duty(redis, clock, room)
    duty.seen("Gone home")
    clock.forward(minutes=2)
    for agent in ("Pamina", "Papagena", "Tamino"):
        duty.seen(agent)
    duty.pause("Papagena", True)
    room.claim("CA1", "Pamina")

    states = {agent.name: agent.state for agent in duty.agents()}

    assert states == {"Pamina": "busy", "Papagena": "paused", "Tamino": "free"}
    assert duty.available() == 2
