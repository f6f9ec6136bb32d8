"""The commands: conformance, phone, load and doctor say what they found and leave with the right code."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from ivr.app import create_app
from ivr.commands import conformance, doctor, load, phone
from ivr.settings import Settings
from ivr.simulator import ACCOUNT_SID, AUTH_TOKEN, Carrier, ProductionCredentials
from ivr.simulator.clock import VirtualLoop
from ivr.simulator.edge import PagesEdge
from ivr.simulator.service import NotLoopback, PortTaken, Service

CASES = Path(__file__).parent.parent / "conformance" / "cases.json"
REAL_ACCOUNT = "AC" + "1234567890abcdef" * 2


def test_conformance_says_how_many_passed():
    done = CliRunner().invoke(conformance.command, [str(CASES)])

    assert (done.exit_code, done.output.strip()) == (0, "63 passed, 0 failed")


def test_conformance_shows_each_difference(tmp_path):
    case = json.loads(CASES.read_text("utf-8"))["cases"][3]
    case["expect"]["heard"] = ["ghost"]
    file = tmp_path / "one.json"
    file.write_text(json.dumps([case]), "utf-8")

    text = CliRunner().invoke(conformance.command, [str(file)])
    data = CliRunner().invoke(conformance.command, [str(file), "--json"])

    assert text.exit_code == 1
    assert "ghost" in text.output
    assert text.output.strip().endswith("0 passed, 1 failed")
    assert json.loads(data.output)["cases"][0]["differences"]


def test_the_network_does_not_start_with_a_real_account():
    with pytest.raises(ProductionCredentials):
        Carrier(VirtualLoop(), PagesEdge({}), account_sid=REAL_ACCOUNT)


def test_the_phone_command_does_not_start_with_a_real_account(monkeypatch, tmp_path):
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", REAL_ACCOUNT)
    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path))

    done = CliRunner().invoke(phone.command, ["--port", "0"])

    assert done.exit_code == 1
    assert "real account" in done.output


def test_the_network_listens_on_loopback_unless_told_otherwise():
    with pytest.raises(NotLoopback):
        Service("http://127.0.0.1:1", host="0.0.0.0")


def test_a_port_in_use_is_said_so():
    with Service("http://127.0.0.1:1") as service, pytest.raises(PortTaken):
        Service("http://127.0.0.1:1", port=int(service.url.rpartition(":")[2]))


def test_load_needs_a_product(tmp_path, monkeypatch):
    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path))

    done = CliRunner().invoke(load.command, ["--product", "http://127.0.0.1:1", "--no-audit"])

    assert done.exit_code == 1
    assert "Nobody answers" in done.output


def test_load_names_the_mixes_it_knows(tmp_path, monkeypatch):
    monkeypatch.setenv("SOUFFLEUR_DATA", str(tmp_path))

    done = CliRunner().invoke(load.command, ["--mix", "carnival"])

    assert "opening_day, ordinary_day" in done.output


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


def bad(findings) -> list[doctor.Finding]:
    return [finding for finding in findings if finding.state == "bad"]


def test_the_doctor_finds_a_good_configuration_good(reached):
    for check in (doctor.credentials, doctor.redis, doctor.database, doctor.prompts, doctor.data_folder):
        assert bad(check(reached)) == []
    for check in (doctor.public_address, doctor.signature, doctor.clock, doctor.account):
        assert bad(check(reached)) == []


@pytest.mark.parametrize(("check", "change", "found"), [
    (doctor.credentials, {"account_sid": ""}, "no TWILIO_ACCOUNT_SID"),
    (doctor.credentials, {"auth_token": ""}, "every webhook is refused"),
    (doctor.numbers, {"house_number": "01 99"}, "no number"),
    (doctor.redis, {"redis_url": "redis://127.0.0.1:1"}, "does not answer"),
    (doctor.public_address, {"public_url": ""}, "no PUBLIC_URL"),
    (doctor.signature, {"auth_token": "another-token-altogether"}, "403"),
    (doctor.account, {"house_number": "+33155555555"}, "not in this account"),
    (doctor.account, {"auth_token": "another-token-altogether"}, "refuses us"),
])  # fmt: skip
def test_the_doctor_names_what_is_wrong(reached, check, change, found):
    complaints = bad(check(replace(reached, **change)))

    assert any(found in complaint.found for complaint in complaints), complaints


def test_a_number_that_leads_elsewhere_is_noticed(reached):
    elsewhere = SimpleNamespace(voice_url="http://old.example/voice", voice_fallback_url=None, status_callback=None)

    complaints = bad(doctor._leads_here(elsewhere, reached.base_url))

    assert len(complaints) == 3
