"""Payments of a live call, step by step for an agent (Twilio docs, «Payment resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import NOT_IN_THAT_STATE
from ivr.simulator.rest.shown import date, form, found, uri
from ivr.simulator.rest_calls import Refused

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("payments", __name__)

    @routes.post("/Calls/<call_sid>/Payments.json")
    def create(call_sid: str) -> tuple[Response, int]:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(call_sid), call_sid)
            if call.is_over:
                raise Refused(400, NOT_IN_THAT_STATE, "the call is not in progress")
            sid = carrier.new_sid("PK")
            call.subresources.setdefault("payments", {})[sid] = dict(sent)
            return _shown(carrier, call_sid, sid)

        return jsonify(desk.do(deed)), 201

    @routes.post("/Calls/<call_sid>/Payments/<sid>.json")
    def update(call_sid: str, sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(call_sid), call_sid)
            found(call.subresources.get("payments", {}).get(sid), sid).update(sent)
            return _shown(carrier, call_sid, sid)

        return jsonify(desk.do(deed))

    return routes


def _shown(carrier: Carrier, call_sid: str, sid: str) -> dict[str, Any]:
    return {
        "sid": sid,
        "account_sid": carrier.account_sid,
        "call_sid": call_sid,
        "date_created": date(carrier, 0),
        "date_updated": date(carrier, 0),
        "uri": uri(carrier, f"Calls/{call_sid}/Payments/{sid}.json"),
    }
