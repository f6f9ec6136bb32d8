"""What a wish costs the database: few statements, and no more of them in a long season than on its first day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, text

from booking import Allotment, SoldOut, Wish, read_hall


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


SELL_ALL = """
INSERT INTO booking_claims
    (performance, seat, state, hold, size, holder, channel, category, tariff, price, held_since, reference)
SELECT id, seat, 'sold', substr(id, length(id) - 9) || number, 1, 'x', 'web', '1', 'full', 100, 0, '1234567'
FROM booking_performances CROSS JOIN everywhere WHERE everywhere.hall = :hall AND production = :play AND id <> :but
"""


def sell_the_season(engine, service, but: str) -> int:
    """Every seat of every performance but one, straight into the table; how many that are."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE everywhere (hall VARCHAR, seat VARCHAR, number INTEGER)"))
        seats = [{"h": hall, "s": seat.id, "n": number} for hall in ("GAR", "BAS")
                 for number, seat in enumerate(read_hall(hall).seats)]  # fmt: skip
        connection.execute(text("INSERT INTO everywhere VALUES (:h, :s, :n)"), seats)
        sold = sum(
            connection.execute(text(SELL_ALL), {"hall": play.hall, "play": play.id, "but": but})
            .rowcount for play in service.programme()
        )  # fmt: skip
        connection.execute(text("DROP TABLE everywhere"))
    return sold


def statements_of_a_wish(house, evening: str) -> list[str]:
    """What a search with its hold runs, the second time that somebody wants this evening."""
    house.clerk(holder="CA8").hold_best(evening, Wish(2), request=house.request())
    with counted(house.engine) as seen:
        hold = house.clerk(holder="CA9").hold_best(evening, Wish(2), request=house.request())
    assert len(hold.seats) == 2
    for holder in ("CA8", "CA9"):
        house.clerk(holder=holder).release_all(request=house.request())
    return seen


@pytest.fixture
def season_engine(engine) -> Iterator[Engine]:
    """A database that is emptied quickly afterwards."""
    yield engine
    quickly = "DELETE FROM" if engine.dialect.name == "sqlite" else "TRUNCATE"
    with engine.begin() as connection:
        connection.execute(text(f"{quickly} booking_claims"))


@pytest.mark.proof
def test_a_full_season_sold_is_searched_by_keys_and_a_wish_costs_the_same(house, season_engine):
    """All 330 performances, some 800,000 seats; the plans of the hot questions use an index, and a hold still works."""
    engine, evening = season_engine, house.evening(nth=3).id
    before = statements_of_a_wish(house, evening)
    sold = sell_the_season(engine, house.service, but=evening)
    performances = [each for play in house.service.programme() for each in play.performances]
    assert len(performances) == 330
    assert sold == sum(len(read_hall(each.hall).seats) for each in performances if each.id != evening)

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

    assert statements_of_a_wish(house, evening) == before
    with pytest.raises(SoldOut):
        house.clerk().hold_best(house.evening(nth=4).id, Wish(2), request="full")
