"""What a wish costs the database: few statements, and no more of them in a long season than on its first day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from booking import Allotment, Wish, read_hall


@contextmanager
def counted(engine) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(connection, cursor, statement, *_) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_hold_is_one_question_and_one_deed(house, engine):
    evening = house.evening()
    house.clerk(holder="CA0").hold_best(evening.id, Wish(2), request="warm")
    with counted(engine) as seen:
        house.clerk().hold_best(evening.id, Wish(2), request="r")

    assert len(seen) == (3 if engine.dialect.name == "sqlite" else 2), seen


def test_a_hold_in_the_place_of_another_takes_five(house, engine):
    evening = house.evening()
    house.clerk().hold_best(evening.id, Wish(2), request="old")
    with counted(engine) as seen:
        house.clerk().hold_best(evening.id, Wish(2), request="new")

    assert len(seen) <= 5, seen


def test_a_sale_takes_five(house, engine):
    hold = house.clerk().hold_best(house.evening().id, Wish(2), request="h")
    with counted(engine) as seen:
        house.clerk().confirm(hold.id, request="c")

    assert len(seen) <= 5, seen


def test_a_hold_within_a_quota_stays_cheap(house, engine):
    evening = house.evening()
    house.service.allot(Allotment(evening.id, "phone", house.clock() + timedelta(days=3), (), 50), request="a")
    house.clerk(holder="CA0").hold_best(evening.id, Wish(2), request="warm")
    with counted(engine) as seen:
        house.clerk().hold_best(evening.id, Wish(2), request="r")

    assert len(seen) <= 7, seen


@pytest.mark.proof
def test_a_full_season_is_searched_by_keys_and_never_read_through(house, engine):
    """Ninety thousand seats sold in forty performances; the plans of the hot questions use an index."""
    evenings = [each.id for play in house.service.programme() for each in play.performances if each.hall == "BAS"][:40]
    seats = [seat.id for seat in read_hall("BAS").seats][:2250]
    with engine.begin() as connection:
        statement = text(
            "INSERT INTO booking_claims "
            "(performance, seat, state, hold, size, holder, channel, category, tariff, price, "
            "held_since, reference) VALUES (:p, :s, 'sold', :h, 1, 'x', 'web', '1', 'full', 100, 0, '1234567')"
        )
        for evening in evenings:
            rows = [{"p": evening, "s": seat, "h": f"{evening[-9:]}{n}"[:16]} for n, seat in enumerate(seats)]
            connection.execute(statement, rows)
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE booking_claims"))
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    questions = (
        "SELECT hold FROM booking_claims WHERE performance = 'x' AND lead = 'CA1'",
        "SELECT seat FROM booking_claims WHERE hold IN ('abc', 'def')",
        "SELECT state, held_until FROM booking_claims WHERE performance = 'la-boheme_20261215s'",
    )
    with engine.connect() as connection:
        for question in questions:
            plan = " ".join(str(row) for row in connection.execute(text(explain + question)))
            assert "Seq Scan" not in plan and "SCAN" not in plan, plan

    hold = house.clerk().hold_best(house.evening(nth=3).id, Wish(2), request="r")
    assert len(hold.seats) == 2
