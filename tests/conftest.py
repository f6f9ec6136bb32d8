"""The house: both halls, the demo season, a clock that stands still, a private Redis, and callers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from booking import BookingService, read_season
from ivr.database import engine_for, upgrade
from ivr.embedded import private_redis
from ivr.house import House, put_together
from ivr.redis_links import link
from ivr.settings import Settings

SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LONGEST = (
    "test_processes", "test_in_a_browser", "test_serving_in_a_browser", "test_written_calls", "test_broken_streams",
    "test_demo", "test_calls.py", "test_pages", "test_serving", "test_desk", "test_keeping", "test_crashes",
    "test_studio", "test_interleavings", "test_writing", "test_speech_bench", "test_model.py", "test_kill",
    "test_media.py", "test_messages_in_a_browser", "test_install", "test_over_the_network", "test_vocabularies",
    "test_new_models", "test_with_the_product", "test_fetching", "test_media_server", "test_cost",
)  # fmt: skip
"""The files that take longest, which come first, so that nobody waits for another's last one."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores: in a third of their seconds the tests wait, for calls at their own pace or for processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all others in their own order."""
    rank = {path: next((n for n, name in enumerate(LONGEST) if name in path.name), len(LONGEST))
            for path in {item.path for item in items}}  # fmt: skip
    items.sort(key=lambda item: rank[item.path])


@dataclass
class StillClock:
    """Stands still until it is told to go on."""

    now: datetime = field(default=SATURDAY)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        """`forward(minutes=11)`"""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> StillClock:
    """Saturday, 21 November 2026, eleven in the morning in Paris."""
    return StillClock()


@pytest.fixture(scope="session", autouse=True)
def pages_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test makes its own web process, and each of those would compile every page it shows."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": cache}


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One private redis-server for all tests of this run."""
    with private_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[object]:
    """A link to an empty Redis."""
    client = link(redis_url)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture(scope="session")
def season_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and the demo season, to be copied."""
    path = tmp_path_factory.mktemp("season") / "season.sqlite"
    url = f"sqlite:///{path}"
    upgrade(url)
    engine = engine_for(url)
    BookingService(engine, StillClock()).load_season(read_season())
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def new_database(season_database: Path, tmp_path: Path) -> Callable[[], str]:
    """The address of a fresh copy of the house's database."""
    made = iter(range(100))

    def copy() -> str:
        path = tmp_path / f"house-{next(made)}.sqlite"
        shutil.copy(season_database, path)
        return f"sqlite:///{path}"

    return copy


@pytest.fixture
def make_house(
    new_database: Callable[[], str], redis: object, redis_url: str, clock: StillClock, tmp_path: Path
) -> Callable[[], House]:
    """Makes the same house again and again: same database, same Redis, same clock."""
    settings = Settings(data=tmp_path, database_url=new_database(), redis_url=redis_url, auth_token="a-token")
    return lambda: put_together(settings, clock)


@pytest.fixture
def house(make_house: Callable[[], House]) -> Iterator[House]:
    """The whole house, put together as in production."""
    made = make_house()
    yield made
    made.journal.flush()
    made.engine.dispose()
