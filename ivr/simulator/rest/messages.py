"""Messages: SMS that are kept instead of sent (Twilio docs, «Message resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from ivr.simulator.addresses import telephone_number
from ivr.simulator.carrier import Carrier
from ivr.simulator.messages import Message
from ivr.simulator.rest.shown import date, fits, form, found, in_time, page, uri
from ivr.simulator.rest_calls import ABSOLUTE, BAD_STATUS_URL, Refused

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk

NO_BODY, NO_FROM, NO_TO, BAD_TO, TOO_LONG = 21602, 21603, 21604, 21211, 21617
LONGEST = 1600


def shown(carrier: Carrier, message: Message) -> dict[str, Any]:
    """A message as the API shows it."""
    own = f"Messages/{message.sid}"
    return {
        "sid": message.sid,
        "from": message.from_ or None,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "account_sid": carrier.account_sid,
        "direction": "outbound-api",
        "num_segments": str(message.segments),
        "num_media": "0",
        "price": None,
        "price_unit": "EUR",
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": message.service or None,
        "api_version": "2010-04-01",
        "date_created": date(carrier, message.at),
        "date_updated": date(carrier, message.at),
        "date_sent": date(carrier, message.at) if message.status != "queued" else None,
        "uri": uri(carrier, f"{own}.json"),
        "subresource_uris": {"media": uri(carrier, f"{own}/Media.json")},
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("messages", __name__)

    @routes.post("/Messages.json")
    def create() -> tuple[Response, int]:
        sent = _checked(form())

        def deed(carrier: Carrier) -> dict[str, Any]:
            message = carrier.send_message(
                sent.get("From", ""),
                sent["To"],
                sent["Body"],
                service=sent.get("MessagingServiceSid", ""),
                status_url=sent.get("StatusCallback", ""),
            )
            return shown(carrier, message) | {"status": "queued", "date_sent": None}

        return jsonify(desk.do(deed)), 201

    @routes.get("/Messages.json")
    def every() -> Response:
        def deed(carrier: Carrier) -> list[dict[str, Any]]:
            return [
                shown(carrier, one)
                for one in reversed(carrier.messages.values())
                if fits(To=one.to, From=one.from_) and in_time(carrier, "DateSent", one.at)
            ]

        return page("messages", desk.do(deed))

    @routes.get("/Messages/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(carrier, found(carrier.messages.get(sid)))))

    @routes.post("/Messages/<sid>.json")
    def redact(sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            message = found(carrier.messages.get(sid))
            message.body = sent.get("Body", message.body)
            return shown(carrier, message)

        return jsonify(desk.do(deed))

    @routes.delete("/Messages/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        desk.do(lambda carrier: found(carrier.messages.pop(sid, None)))
        return "", 204

    return routes


def _checked(sent: dict[str, str]) -> dict[str, str]:
    """The form, refused as the carrier refuses it."""
    if not sent.get("To"):
        raise Refused(400, NO_TO, "A 'To' phone number is required.")
    if telephone_number(sent["To"]) is None:
        raise Refused(400, BAD_TO, f"Invalid 'To' Phone Number: {sent['To']}")
    if not (sent.get("From") or sent.get("MessagingServiceSid")):
        raise Refused(400, NO_FROM, "A 'From' phone number is required.")
    if not sent.get("Body"):
        raise Refused(400, NO_BODY, "Message body is required.")
    if len(sent["Body"]) > LONGEST:
        raise Refused(400, TOO_LONG, f"The message body has more than {LONGEST} characters.")
    if sent.get("StatusCallback") and not ABSOLUTE.fullmatch(sent["StatusCallback"]):
        raise Refused(400, BAD_STATUS_URL, f"Invalid StatusCallback url: {sent['StatusCallback']}")
    return sent
