"""A carrier for the tests of ivr: it knows the token, and posts what the real one would post."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket
from xml.etree import ElementTree

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from ivr.app import create_app
from ivr.callstore import CallStore
from ivr.database import engine_for
from ivr.house import Clock, House, put_together
from ivr.settings import Settings

TOKEN = "a-token-that-nobody-knows"
BASE = "https://ivr.example.org"
CALLER, HOUSE = "+33612345678", "+33199000111"


@pytest.fixture(scope="session")
def quiet_port() -> Callable[[], int]:
    """A port for a server that starts later: no outgoing connection is given it meanwhile, as happens from 32768 on."""

    def any_of_them() -> int:
        for port in random.SystemRandom().sample(range(12000, 32000, 10), 50):
            with contextlib.suppress(OSError), socket() as probe:
                probe.bind(("127.0.0.1", port))
                return port
        raise AssertionError("no port is free")

    return any_of_them


@pytest.fixture
def engine(new_database: Callable[[], str]) -> Iterator[Engine]:
    """A SQLite database of its own, with every table."""
    engine = engine_for(new_database())
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def spoken_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the synthetic voice has ever said in this run: every house says much the same."""
    return tmp_path_factory.mktemp("spoken-before")


@pytest.fixture
def settings(
    tmp_path: Path, new_database: Callable[[], str], redis: object, redis_url: str, spoken_before: Path
) -> Settings:
    """A house with a season, an empty Redis and a carrier's token."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "spoken").symlink_to(spoken_before)
    return Settings(
        data=tmp_path / "var", database_url=new_database(), redis_url=redis_url, auth_token=TOKEN,
        account_sid="AC" + "0" * 32, public_url=BASE,
    )  # fmt: skip


@pytest.fixture
def tell(redis: Redis) -> Callable[..., None]:
    """Lines of the journal are told as the product tells them: kept in Redis in the step in which a call changes."""

    def told(*lines: str) -> None:
        assert CallStore(redis).forget("nobody", after=None, told=lines)

    return told


@pytest.fixture
def house(settings: Settings, clock: Clock) -> Iterator[House]:
    """All parts, put together as the product does it; the clock stands still."""
    house = put_together(settings, clock)
    yield house
    house.journal.flush()
    house.engine.dispose()
    house.redis.close()


class Carrier:
    """Posts signed forms as the carrier does; `answer` reads the TwiML that comes back."""

    def __init__(self, app: Flask, call_id: str = "CA" + "1" * 32) -> None:
        self.app, self.call_id = app, call_id

    def post(self, path: str, **fields: str) -> TestResponse:
        """One signed webhook."""
        form = {"CallSid": self.call_id, "From": CALLER, "To": HOUSE, **fields}
        return self.post_signed(path, form, RequestValidator(TOKEN).compute_signature(BASE + path, form))

    def post_pairs(self, path: str, pairs: list[tuple[str, str]]) -> TestResponse:
        """A signed webhook in which a name may stand twice."""
        form = MultiDict(pairs)
        signature = RequestValidator(TOKEN).compute_signature(BASE + path, form)
        return self.app.test_client().post(path, data=form, headers={"X-Twilio-Signature": signature})

    def post_signed(self, path: str, form: dict[str, str], signature: str) -> TestResponse:
        """A webhook with whatever signature."""
        return self.app.test_client().post(path, data=form, headers={"X-Twilio-Signature": signature})

    def answer(self, path: str, **fields: str) -> ElementTree.Element:
        """The TwiML that comes back."""
        response = self.post(path, **fields)
        assert response.status_code == 200, response.get_data(as_text=True)
        return ElementTree.fromstring(response.get_data(as_text=True))

    def next(self, answer: ElementTree.Element, **fields: str) -> ElementTree.Element:
        """What the answer says to ask next."""
        return self.answer(way_on(answer), **fields)


def way_on(answer: ElementTree.Element) -> str:
    """The address that an answer leads to."""
    gather, redirect = answer.find("Gather"), answer.find("Redirect")
    way = gather.get("action") if gather is not None else redirect.text if redirect is not None else None
    assert way, ElementTree.tostring(answer)
    return way


@pytest.fixture
def carrier(settings: Settings, house: House) -> Carrier:
    """A carrier that knows the token, and one call."""
    return Carrier(create_app(settings, house))
