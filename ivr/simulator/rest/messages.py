"""Messages: SMS that are kept instead of sent (Twilio docs, «Message resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from ivr.simulator.carrier import Carrier
from ivr.simulator.rest.shown import date, form, found, page, uri
from ivr.simulator.rest_calls import Refused

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def shown(carrier: Carrier, message: dict[str, str]) -> dict[str, Any]:
    """A message as the API shows it."""
    return {
        **message,
        "account_sid": carrier.account_sid,
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "price": None,
        "price_unit": "EUR",
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": None,
        "api_version": "2010-04-01",
        "date_created": date(carrier, 0),
        "date_updated": date(carrier, 0),
        "date_sent": date(carrier, 0),
        "subresource_uris": {},
        "uri": uri(carrier, f"Messages/{message['sid']}.json"),
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("messages", __name__)

    @routes.post("/Messages.json")
    def create() -> tuple[Response, int]:
        sent = form()
        if not sent.get("To") or not sent.get("Body"):
            raise Refused(400, 21602 if sent.get("To") else 21604, "To and Body are needed")
        return jsonify(
            desk.do(
                lambda carrier: shown(carrier, carrier.send_message(sent.get("From", ""), sent["To"], sent["Body"]))
            )
        ), 201

    @routes.get("/Messages.json")
    def every() -> Response:
        to = request.args.get("To")
        return page(
            "messages",
            desk.do(
                lambda carrier: [shown(carrier, one) for one in carrier.messages.values() if to in {None, one["to"]}]
            ),
        )

    @routes.get("/Messages/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(carrier, found(carrier.messages.get(sid), sid))))

    return routes
