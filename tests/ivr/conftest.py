"""Real parts for the tests of ivr: a private Redis for the whole run, a SQLite database and a data folder each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine

from ivr.database import engine_for, upgrade
from ivr.embedded import private_redis
from ivr.redis_links import link


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One private redis-server for all tests of this run."""
    with private_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A link to an empty Redis."""
    client = link(redis_url)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database of its own, with every table."""
    url = f"sqlite:///{tmp_path / 'house.sqlite'}"
    upgrade(url)
    engine = engine_for(url)
    yield engine
    engine.dispose()
