"""For the tests of the pages: accounts, signed-in visitors, callers who wait, a carrier that listens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from booking import Wish
from callflows import Heard as Said
from callflows import Listen, Reply, Say
from ivr.app import create_app
from ivr.house import House
from ivr.incoming import Incoming
from ivr.records.accounts import Account, Accounts
from ivr.settings import Settings

CALL, OTHER = "CA" + "1" * 32, "CA" + "2" * 32
CALLER = "+33612345678"
PASSWORD, PIN = "la-reine-de-la-nuit", "482913"
AGENT_PHONE = "+33199000123"

hashed = cache(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash)
"""Argon2 in a millisecond: these accounts sign in two hundred times. test_accounts.py pays the real price."""


@dataclass
class Heard:
    """One request that reached the carrier's REST interface."""

    path: str
    form: dict[str, str]


@dataclass
class CarrierEar:
    """What the carrier was asked; `status` is what it answers next."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    sound: bytes = b""


@pytest.fixture
def ear() -> Iterator[CarrierEar]:
    """A carrier's REST interface that writes down what it is asked: one end of the official client's wire."""
    ear = CarrierEar()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            ear.heard.append(Heard(self.path, {key: values[0] for key, values in parse_qs(body).items()}))
            self._answer(b'{"sid": "CA1"}' if ear.status == 200 else b'{"code": 21220, "message": "not in progress"}')

        def do_GET(self) -> None:
            ear.heard.append(Heard(self.path, {}))
            self._answer(ear.sound)

        def _answer(self, body: bytes) -> None:
            self.send_response(ear.status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    ear.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield ear
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(settings: Settings, ear: CarrierEar) -> Settings:
    """A house whose carrier is the one that listens."""
    return replace(settings, carrier_url=ear.url)


@pytest.fixture
def accounts(house: House) -> Accounts:
    """An agent, an operator and a supervisor work here."""
    accounts = Accounts(house.engine, house.clock)
    accounts.add("Pamina", "agent", language="fr", phone=AGENT_PHONE, password_hash=hashed(PASSWORD))
    accounts.add("Papageno", "operator", language="en", password_hash=hashed(PASSWORD), pin_hash=hashed(PIN))
    accounts.add("Sarastro", "supervisor", language="fr", phone="+33199000124", password_hash=hashed(PASSWORD))
    return accounts


@pytest.fixture
def app(settings: Settings, house: House, accounts: Accounts) -> Flask:
    """The web process with its accounts."""
    return create_app(settings, house)


class Visitor:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, app: Flask, base: str) -> None:
        self._client, self._base, self._token = app.test_client(), base, ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Look at a page."""
        return self._client.get(path, base_url=self._base, **more)

    def post(self, path: str, token: str | None = None, **fields: Any) -> TestResponse:
        """Send a form with its token, as a browser does."""
        fields["csrf_token"] = self.token() if token is None else token
        headers = {"Referer": f"{self._base}/"}
        return self._client.post(path, base_url=self._base, data=fields, headers=headers)

    def announce(self, path: str, length: int) -> TestResponse:
        """Begin to send a form of this many bytes."""
        announced = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(length)}
        return self._client.post(path, base_url=self._base, environ_overrides=announced)

    def token(self) -> str:
        """The token that every form of this session carries; looked for again once somebody else has signed in."""
        if not self._token:
            page = self.get("/sign-in", follow_redirects=True).get_data(as_text=True)
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found
            self._token = found[1]
        return self._token

    def sign_in(self, name: str, password: str = PASSWORD, at: str = "/sign-in") -> TestResponse:
        """Come in."""
        answer = self.post(at, name=name, password=password)
        self._token = ""
        return answer

    def text(self, path: str) -> str:
        """A page's text; it must be there. Blanks that do not break are blanks to a reader."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True).replace("\u00a0", " ")


@pytest.fixture
def visitor(app: Flask, settings: Settings) -> Callable[[], Visitor]:
    """Somebody new at the door, as often as asked."""
    return lambda: Visitor(app, settings.base_url)


@pytest.fixture
def signed_in(visitor: Callable[[], Visitor]) -> Callable[[str], Visitor]:
    """Somebody who works here, signed in."""

    def come_in(name: str) -> Visitor:
        somebody = visitor()
        assert somebody.sign_in(name).status_code == 303
        return somebody

    return come_in


@pytest.fixture
def pamina(signed_in: Callable[[str], Visitor]) -> Visitor:
    """An agent at her desk."""
    return signed_in("Pamina")


@pytest.fixture
def papageno(signed_in: Callable[[str], Visitor]) -> Visitor:
    """An operator in the studio."""
    return signed_in("Papageno")


@pytest.fixture
def account(accounts: Accounts) -> Callable[[str], Account]:
    """An account by name."""
    return accounts.named


@pytest.fixture
def on_sale(house: House) -> Any:
    """A performance that can be bought by telephone now."""
    clerk = house.booking.clerk("phone", "nobody")
    evenings = (evening for production in clerk.programme() for evening in production.performances)
    return next(each for each in evenings if each.kind == "normal" and clerk.on_sale(each.id).state == "open")


@pytest.fixture
def waits(house: House, tell: Callable[..., None]) -> Callable[..., str]:
    """Somebody calls, says something, and is put into the queue."""

    def wait(call: str = CALL, caller: str = CALLER, words: str = "deux places", **said: Any) -> str:
        customer = house.booking.customer(caller).id if caller else ""  # as every call does that begins
        begun = house.journal.begun(Incoming(call, caller, "+33199000111", "fr"), customer)
        first = Reply((Say("general.silence", {}),), Listen("any"), "fr")
        turn = house.journal.answered(call=call, turn=0, step="a", heard=Said(), reply=first)
        answered = Reply((Say("general.one_moment", {}),), Listen("any"), "fr")
        last = house.journal.answered(
            call=call, turn=1, step="b", heard=Said(words=words), reply=answered, said=said
        )
        tell(begun, turn, last)
        house.journal.flush()
        house.room.enter(call, caller, "agent", {"said": said}, "fr")
        return call

    return wait


@pytest.fixture
def holds(house: House, on_sale: Any) -> Callable[[str], Any]:
    """Two seats are held for a call."""

    def hold(call: str) -> Any:
        clerk = house.booking.clerk("phone", call)
        return clerk.hold_best(on_sale.id, Wish(quantity=2), request=f"{call}:1")

    return hold
