"""The doctor: finds a good configuration good, and names what is wrong with a bad one and what to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from ivr.app import create_app
from ivr.commands.doctor import command
from ivr.doctor import Finding, inside, outside
from ivr.doctor.visit import carefully
from ivr.settings import Settings
from ivr.simulator import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator.service import Service


@pytest.fixture
def reached(house, settings) -> Iterator[Settings]:
    """Settings of a product that is served, with a network as its carrier."""
    server = make_server("127.0.0.1", 0, lambda *request: application(*request), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    with Service(url) as service:
        service.own(settings.house_number)
        served = replace(
            settings, public_url=url, carrier_url=service.url, account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN
        )
        application = create_app(served, replace(house, settings=served))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield served
        server.shutdown()
        server.server_close()
        thread.join(5)


def bad(findings) -> list[Finding]:
    return [finding for finding in findings if finding.state == "bad"]


def test_the_doctor_finds_a_good_configuration_good(reached):
    for check in (inside.credentials, inside.redis, inside.database, inside.prompts, inside.data_folder):
        assert bad(check(reached)) == []
    for check in (outside.address, outside.signature, outside.clock, outside.account):
        assert bad(check(reached)) == []


@pytest.mark.parametrize(("check", "change", "found"), [
    (inside.credentials, {"account_sid": ""}, "no TWILIO_ACCOUNT_SID"),
    (inside.credentials, {"auth_token": ""}, "every webhook is refused"),
    (inside.numbers, {"house_number": "01 99"}, "no number"),
    (inside.redis, {"redis_url": "redis://127.0.0.1:1"}, "does not answer"),
    (outside.address, {"public_url": ""}, "no PUBLIC_URL"),
    (outside.signature, {"auth_token": "another-token-altogether"}, "403"),
    (outside.account, {"house_number": "+33155555555"}, "not in this account"),
    (outside.account, {"auth_token": "another-token-altogether"}, "refuses us"),
])  # fmt: skip
def test_the_doctor_names_what_is_wrong(reached, check, change, found):
    complaints = bad(check(replace(reached, **change)))

    assert any(found in complaint.found for complaint in complaints), complaints


def test_a_number_that_leads_elsewhere_is_noticed(reached):
    elsewhere = SimpleNamespace(voice_url="http://old.example/voice", voice_fallback_url=None, status_callback=None)

    complaints = bad(outside._leads_here(elsewhere, reached.base_url))

    assert len(complaints) == 3


def test_a_carrier_that_cannot_be_reached_is_said_in_a_sentence(settings):
    away = replace(settings, carrier_url="http://127.0.0.1:9")

    assert carefully(outside.clock, away) == [
        Finding("clock", "bad", "127.0.0.1:9 cannot be reached", "look at the network and at the address")
    ]


def test_a_check_that_breaks_is_a_finding_and_spoils_no_other(settings):
    def breaks(settings):
        raise ZeroDivisionError("of all things")

    assert carefully(breaks, settings)[0].found == "could not be checked: ZeroDivisionError: of all things"


def test_the_command_leaves_with_one_when_something_is_bad(monkeypatch, settings):
    monkeypatch.setenv("SOUFFLEUR_DATA", str(settings.data))
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    done = CliRunner().invoke(command, ["--offline", "--json"])

    assert done.exit_code == 1
    assert {"area": "credentials", "state": "bad"}.items() <= json.loads(done.output)[0].items()
