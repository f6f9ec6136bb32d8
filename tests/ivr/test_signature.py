"""Every address the carrier calls is closed to everyone else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from ivr.app import create_app

HOOKS = "/voice"
TOKEN = "a-token-that-nobody-knows"


def addresses(app: Any) -> list[str]:
    """Every webhook, from the app itself."""
    return [
        rule.rule.replace("<call_id>", "CA1") for rule in app.url_map.iter_rules()
        if rule.rule.startswith(HOOKS) and "POST" in (rule.methods or ())
    ]  # fmt: skip


def test_the_routes_are_really_looked_at(carrier: Any) -> None:
    assert {"/voice/incoming", "/voice/turn", "/voice/again", "/voice/ended", "/voice/waiting", "/voice/left"} < set(
        addresses(carrier.app)
    )


def test_no_address_under_voice_answers_a_get(carrier: Any) -> None:
    assert {carrier.app.test_client().get(address).status_code for address in addresses(carrier.app)} == {405}


@pytest.mark.parametrize("signature", [None, "", "x", "é", "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
def test_nobody_but_the_carrier_is_answered_anywhere(carrier: Any, signature: str | None) -> None:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}

    for address in addresses(carrier.app):
        response = carrier.app.test_client().post(address, data={"CallSid": "CA1"}, headers=headers)
        assert response.status_code == 403, address


def test_without_a_token_nobody_is_answered(settings: Any, house: Any, carrier: Any) -> None:
    tokenless = replace(settings, auth_token="")
    carrier.app = create_app(tokenless, replace(house, settings=tokenless))

    for address in addresses(carrier.app):
        assert carrier.post(address).status_code == 403


def test_what_is_signed_for_one_address_opens_no_other(carrier: Any) -> None:
    form = {"CallSid": "CA1"}
    signature = RequestValidator(TOKEN).compute_signature("https://ivr.example.org/voice/ended", form)

    assert carrier.post_signed("/voice/ended", form, signature).status_code == 204
    assert carrier.post_signed("/voice/incoming", form, signature).status_code == 403
    assert carrier.post_signed("/voice/ended?turn=1", form, signature).status_code == 403
    assert carrier.post_signed("/voice/ended", {**form, "CallStatus": "completed"}, signature).status_code == 403


def test_behind_a_proxy_the_configured_address_counts_and_no_header(carrier: Any) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Host": "evil.example"}
    form = {"CallSid": "CA1"}
    validator = RequestValidator(TOKEN)
    for base, expected in (("https://ivr.example.org", 204), ("http://evil.example", 403)):
        signature = validator.compute_signature(f"{base}/voice/ended", form)
        headers = {**forged, "X-Twilio-Signature": signature}
        assert carrier.app.test_client().post("/voice/ended", data=form, headers=headers).status_code == expected
