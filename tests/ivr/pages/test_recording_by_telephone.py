"""An operator records a prompt by telephone, and the next caller hears it: webhooks, REST and sound are all real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any

import numpy as np
import pytest
from flask import Flask
from werkzeug.serving import make_server

from ivr.house import House
from ivr.settings import Settings
from ivr.simulator import Line, Network
from ivr.simulator.rest import rest_app
from prompts.mulaw import encoded

STUDIO = "+33199000112"


@dataclass
class Door:
    """An address that is known before what stands behind it."""

    url: str = ""
    behind: list[Any] = field(default_factory=list)

    def __call__(self, environ: Any, start: Any) -> Any:
        """A WSGI application."""
        return self.behind[0](environ, start)


@pytest.fixture
def rest() -> Iterator[Door]:
    """The network's REST interface, on a port: recordings are fetched over the wire."""
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
    """A house with a number for its operators."""
    return replace(settings, carrier_url=rest.url, studio_number=STUDIO)


@pytest.fixture
def network(app: Flask, settings: Settings, rest: Door) -> Iterator[Network]:
    """A telephone network in front of the house."""
    with Network(
        settings.base_url, auth_token=settings.auth_token, account_sid=settings.account_sid, http=app, seed="studio"
    ) as network:
        rest.behind.append(rest_app(network.carrier))
        yield network


def spoken() -> bytes:
    """Two seconds with the shape of a voice, as the telephone brings it."""
    time = np.arange(16_000) / 8_000
    tune = np.sin(2 * np.pi * (180 * time + 3 * np.sin(2 * np.pi * 3 * time)))
    voice = 0.3 * tune * np.sin(2 * np.pi * 2.3 * time) ** 2
    quiet = np.random.default_rng(7).normal(0, 0.0004, 3_000)
    return encoded(np.concatenate([quiet, voice, quiet]).astype(np.float32))


@pytest.fixture
def operator(network: Network, settings: Settings, account: Any) -> Line:
    """Papageno at the telephone, signed in."""
    line = Line(settings.base_url, caller="+33199000150", called=STUDIO, network=network)
    line.dial()
    line.press(f"{account('Papageno').number}482913#")
    return line


def test_a_prompt_recorded_by_telephone_is_heard_by_the_next_caller(
    operator: Line, network: Network, settings: Settings, house: House
) -> None:
    key, language = "main.welcome", settings.language
    assert house.tools.studio is not None
    number = house.tools.studio.numbers()[key]  # type: ignore[attr-defined]

    operator.press(f"{number}#")
    sound = spoken()
    review = operator.record(len(sound) / 8_000, sound)
    assert any(piece.url and "/takes/" in piece.url for piece in review.heard), review
    operator.press("1")

    caller = Line(settings.base_url, caller="+33612345678", network=network)
    played = [piece.url for piece in caller.dial().heard if piece.url]
    live = house.takes.at().takes[language, key]
    assert played[0] == f"{settings.base_url}/takes/{live.address}"
    assert live.recorded_by == "Papageno" and live.source == "telephone"


def test_a_bad_recording_is_told_with_its_reason_and_asked_for_again(
    operator: Line, house: House, settings: Settings
) -> None:
    studio: Any = house.tools.studio
    operator.press(f"{studio.numbers()['main.welcome']}#")

    again = operator.record(2.0, encoded(np.zeros(16_000, dtype=np.float32)))

    assert "ne convient pas" in again.said and ".." not in again.said
    assert house.takes.book.takes_of("main.welcome", settings.language) == ()


def test_a_wrong_pin_leads_nowhere(network: Network, settings: Settings, account: Any) -> None:
    line = Line(settings.base_url, caller="+33199000150", called=STUDIO, network=network)
    line.dial()

    for _ in range(3):
        line.press(f"{account('Papageno').number}482914#")

    assert line.now().ended
