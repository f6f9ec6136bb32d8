"""The inventory's house: one database of each kind for the run, emptied for each test; clerks of every channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from booking import BookingService, Clerk, Performance, Rules, read_season
from ivr.bench.private_postgres import NoPostgres, PrivatePostgres
from ivr.database import engine_for, upgrade

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
MOVING = ("claims", "ledger", "orders", "customers", "waiting", "allotments", "distributors")


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    now: datetime = field(default=NOON)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        """`forward(minutes=11)`"""
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A real PostgreSQL for the whole run, with fsync on."""
    try:
        server = PrivatePostgres().__enter__()
    except NoPostgres as why:
        pytest.skip(str(why))
    yield server
    server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Engine]:
    """Makes tables and the demo season in the database with that address, once."""
    engines: dict[str, Engine] = {}

    def fill(url: str) -> Engine:
        if url not in engines:
            upgrade(url)
            engines[url] = engine_for(url)
            BookingService(engines[url], Clock()).load_season(read_season())
        return engines[url]

    return fill


@pytest.fixture(params=KINDS)
def engine(
    request: pytest.FixtureRequest, filled: Callable[[str], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database with the season and nothing sold: every test that takes it runs on SQLite and on PostgreSQL."""
    yield from _engine(request, request.param, filled, tmp_path_factory)


@pytest.fixture
def postgres_engine(
    request: pytest.FixtureRequest, filled: Callable[[str], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The same on PostgreSQL only, for what SQLite does not have: two writers at once."""
    yield from _engine(request, "postgres", filled, tmp_path_factory)


@pytest.fixture
def sqlite_engine(
    request: pytest.FixtureRequest, filled: Callable[[str], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The same on SQLite only."""
    yield from _engine(request, "sqlite", filled, tmp_path_factory)


def _engine(
    request: pytest.FixtureRequest,
    kind: str,
    filled: Callable[[str], Engine],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    if kind == "sqlite":
        engine = filled(f"sqlite:///{_folder(tmp_path_factory)}/house.sqlite")
    else:
        server: PrivatePostgres = request.getfixturevalue("postgres")
        engine = filled(server.url("postgres"))
    empty(engine)
    yield engine
    engine.dispose()


def _folder(factory: pytest.TempPathFactory, made: list[Path] = []) -> Path:  # noqa: B006  # one folder for the run
    if not made:
        made.append(factory.mktemp("booking"))
    return made[0]


def empty(engine: Engine) -> None:
    """Nothing sold, nothing held, nothing called off."""
    with engine.begin() as connection:
        for table in MOVING:
            connection.execute(text(f"DELETE FROM booking_{table}"))
        connection.execute(text("UPDATE booking_performances SET cancelled = false, version = version + 1"))
        connection.execute(text("UPDATE booking_seasons SET version = version + 1"))


@pytest.fixture
def clock() -> Clock:
    """Noon in Paris on Saturday, 21 November 2026."""
    return Clock()


@dataclass
class House:
    """A service with its clock, and clerks that number their requests by themselves."""

    service: BookingService
    clock: Clock
    engine: Engine
    requests: Iterator[int]

    def clerk(self, channel: str = "phone", holder: str = "CA1") -> Clerk:
        """A clerk, by telephone if nothing else is said."""
        return self.service.clerk(channel, holder)

    def request(self) -> str:
        """A request id that was never used."""
        return f"request-{next(self.requests)}"

    def evening(self, production: str = "la-bayadere", nth: int = 3) -> Performance:
        """A performance that the telephone sells now."""
        return next(each for each in self.service.programme() if each.id == production).performances[nth]


@pytest.fixture
def house(engine: Engine, clock: Clock) -> House:
    """The house on either database."""
    return House(BookingService(engine, clock), clock, engine, iter(range(10**9)))


@pytest.fixture
def make_house(clock: Clock) -> Callable[..., House]:
    """A further house (another process, as it were) on a database."""

    def make(engine: Engine, rules: Rules | None = None) -> House:
        return House(BookingService(engine, clock, rules), clock, engine, iter(range(10**6, 10**9)))

    return make
