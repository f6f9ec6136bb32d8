"""The account's numbers and where they lead (Twilio docs, «IncomingPhoneNumber resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ivr.simulator.carrier import Carrier
from ivr.simulator.rest.shown import date, page, uri

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def shown(carrier: Carrier, number: str) -> dict[str, Any]:
    """A number as the API shows it."""
    webhook, status_to = carrier.lines[number]
    sid = "PN" + f"{abs(int(number.lstrip('+') or 0)):032x}"
    return {
        "sid": sid,
        "account_sid": carrier.account_sid,
        "phone_number": number,
        "friendly_name": number,
        "voice_url": webhook.url,
        "voice_method": webhook.method,
        "voice_fallback_url": webhook.fallback_url,
        "voice_fallback_method": webhook.fallback_method,
        "status_callback": status_to.url,
        "status_callback_method": status_to.method,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "api_version": "2010-04-01",
        "beta": False,
        "date_created": date(carrier, 0),
        "date_updated": date(carrier, 0),
        "uri": uri(carrier, f"IncomingPhoneNumbers/{sid}.json"),
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("numbers", __name__)

    @routes.get("/IncomingPhoneNumbers.json")
    def every() -> Response:
        wanted = request.args.get("PhoneNumber")
        return page(
            "incoming_phone_numbers",
            desk.do(lambda carrier: [shown(carrier, number) for number in carrier.lines if wanted in {None, number}]),
        )

    return routes
