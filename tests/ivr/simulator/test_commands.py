"""The commands: conformance, phone and load say what they found and leave with the right code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands import conformance, load, phone
from ivr.simulator import Carrier, ProductionCredentials
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
