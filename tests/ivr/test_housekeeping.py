"""Housekeeping: calls whose end was never told are ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from booking import Wish, read_hall
from callflows import Heard
from ivr.house import put_together
from ivr.housekeeping import tidy
from ivr.incoming import BEGINNING, Incoming


@pytest.fixture
def forgotten(house: Any) -> str:
    """A call that holds nothing and says nothing any more."""
    house.switchboard.take_turn(Incoming("CA1", "+33612345678"), BEGINNING, Heard())
    house.journal.flush()
    return "CA1"


def test_a_call_that_says_nothing_for_an_hour_is_ended(house: Any, clock: Any, forgotten: str) -> None:
    assert tidy(house) == 0
    clock.forward(minutes=61)

    assert tidy(house) == 1
    house.journal.flush()
    assert house.calls.load(forgotten) is None
    assert house.journal.call(forgotten).ended_at == clock()
    assert tidy(house) == 0


def test_whoever_waits_for_a_person_may_wait_longer(house: Any, clock: Any, forgotten: str) -> None:
    house.room.enter(forgotten, "+33612345678", "agent", {}, "fr")
    clock.forward(minutes=61)

    assert tidy(house) == 0


@pytest.mark.parametrize("away", [{"redis_url": "unix:///nowhere.sock"}, {"database_url": "sqlite:////nowhere/x.sqlite"}])
def test_without_redis_or_database_the_house_is_tidied_later(
    settings: Any, house: Any, clock: Any, forgotten: str, away: dict[str, str]
) -> None:
    clock.forward(minutes=61)
    elsewhere = put_together(replace(settings, **away), clock)

    assert tidy(elsewhere) == 0
    assert tidy(house) == 1


@pytest.mark.parametrize(("days", "left"), [(0, []), (1, ["2026-11-20", "2026-11-21"]), (-1, [])])
def test_kept_answers_are_erased_when_their_days_are_over(house: Any, days: int, left: list[str]) -> None:
    """With nothing to be kept any more, today's go too."""
    heard = house.settings.data / "heard"
    for day in ("2026-11-18", "2026-11-20", "2026-11-21"):
        (heard / day).mkdir(parents=True)
        (heard / day / "a-001.ulaw").write_bytes(b"sound")

    tidy(replace(house, settings=replace(house.settings, keep_heard_days=days)))

    assert sorted(path.parent.name for path in heard.rglob("*.ulaw")) == left


def test_seats_that_come_back_are_offered_to_whoever_waits(house: Any, clock: Any) -> None:
    performance = "la-boheme_20261215s"
    everyone = [seat.id for seat in read_hall("BAS").seats if seat.kind == "seat"]
    staff = house.booking.clerk("box_office", "the house")
    staff.block(performance, everyone, reason="guests", request="guests")
    house.booking.clerk("phone", "CA9").wait(performance, Wish(2), request="wait")
    tidy(house)
    assert [place.state for place in house.booking.waiting(performance)] == ["waiting"]

    staff.unblock(performance, everyone[:40], request="they do not come")
    clock.forward(seconds=30)
    tidy(house)

    assert [place.state for place in house.booking.waiting(performance)] == ["offered"]
