"""The same house on PostgreSQL: a whole call is answered, sold and journalled; and it comes back after a fall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from booking import read_season
from ivr.app import create_app
from ivr.bench.private_postgres import NoPostgres, PrivatePostgres
from ivr.database import upgrade
from ivr.house import put_together

pytestmark = pytest.mark.postgres

KEYS = ("1", "112", "1512", "2", "8", "1", "2")


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    """A real PostgreSQL."""
    try:
        with PrivatePostgres() as running:
            yield running
    except NoPostgres as why:
        pytest.skip(str(why))


@pytest.fixture
def on_postgres(carrier: Any, settings: Any, clock: Any, server: PrivatePostgres) -> Iterator[Any]:
    """The carrier, and a house on PostgreSQL."""
    url = server.new_database("house").replace("+psycopg", "")
    upgrade(url)
    upgrade(url)
    elsewhere = replace(settings, database_url=url)
    house = put_together(elsewhere, clock)
    house.booking.load_season(read_season())
    carrier.app = create_app(elsewhere, house)
    carrier.house = house
    yield carrier
    house.journal.flush()
    house.engine.dispose()


def test_a_whole_call_is_sold_and_journalled_and_survives_a_fall_of_the_database(
    on_postgres: Any, server: PrivatePostgres
) -> None:
    answer = on_postgres.answer("/voice/incoming")
    for keys in KEYS:
        answer = on_postgres.next(answer, Digits=keys)
    house = on_postgres.house
    house.journal.flush()
    told = [say.slots["reference"] for turn in house.journal.turns(on_postgres.call_id) for say in turn.says
            if "reference" in say.slots]  # fmt: skip

    server.kill()
    down = on_postgres.answer("/voice/incoming", CallSid="CA" + "9" * 32)
    server.start()

    assert "problème technique" in "".join(down.itertext())
    assert len(house.booking.clerk("phone", on_postgres.call_id).order(told[0]).lines) == 2
    assert on_postgres.answer("/voice/incoming", CallSid="CA" + "8" * 32).find("Gather") is not None
