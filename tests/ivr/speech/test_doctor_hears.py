"""What `souffleur doctor` says of hearing: who hears which language, what its calls do otherwise, and what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.doctor import Finding
from ivr.doctor.inside import models
from ivr.settings import Settings
from ivr.telephony.tickets import Tickets

URL = "wss://house.example/media"


@pytest.fixture
def served(tmp_path: Path, redis_url: str) -> Settings:
    """A house with a media socket and no model."""
    return Settings(data=tmp_path, redis_url=redis_url, media_url=URL, speech="own")


def of(findings: list[Finding], word: str) -> Finding:
    """The finding that speaks of this."""
    return next(finding for finding in findings if word in finding.found)


def test_a_language_without_a_model_is_told_with_what_its_calls_do(served, redis):
    found = list(models(served))

    assert of(found, "fr: no model") == Finding(
        "models", "bad", "fr: no model; its calls go by keys", "souffleur models fetch fr"
    )
    assert of(found, "PocketSphinx").state == "warn"
    assert "carrier" in of(list(models(replace(served, speech="stream"))), "fr: no model").found


def test_a_folder_that_is_no_whole_model_is_named(served, redis):
    (served.data / "models" / "fr" / "am").mkdir(parents=True)
    (served.data / "models" / "fr" / "am" / "final.mdl").write_bytes(b"x")

    found = of(list(models(served)), "lacks")

    assert found.state == "bad"
    assert "conf/model.conf" in found.found


def test_a_media_process_that_does_not_live_is_missed(served, redis):
    assert of(list(models(served)), "media process").remedy == "start `souffleur media`"

    Tickets(redis).beat(7, ("en",))

    assert of(list(models(served)), "7 lines free").state == "ok"


def test_houses_that_hear_nobody_or_by_the_carrier_need_no_model(served, redis):
    assert [finding.state for finding in models(replace(served, speech="keys"))] == ["ok"]
    assert of(list(models(replace(served, speech="gather"))), "carrier's recogniser").state == "ok"
    assert of(list(models(replace(served, media_url="", speech="stream"))), "carrier's recogniser").state == "warn"
