"""Calls: create, fetch, list, update, delete (Twilio docs, «Call resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from ivr.simulator import rest_calls
from ivr.simulator.call import Call
from ivr.simulator.carrier import Carrier
from ivr.simulator.rest.shown import date, fits, form, found, in_time, page, uri

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk

INSIDE = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")


def shown(call: Call) -> dict[str, Any]:
    """A call as the API shows it."""
    carrier = call.carrier
    seconds = None
    if call.ended_at is not None:
        seconds = str(int(call.ended_at - call.answered_at)) if call.answered_at is not None else "0"
    own = f"Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": carrier.account_sid,
        "parent_call_sid": call.parent_sid or None,
        "group_sid": None,
        "trunk_sid": "",
        "phone_number_sid": "",
        "from": call.from_,
        "to": call.to,
        "from_formatted": call.from_,
        "to_formatted": call.to,
        "status": call.status,
        "direction": call.direction,
        "duration": seconds,
        "annotation": None,
        "api_version": "2010-04-01",
        "date_created": date(carrier, call.created),
        "date_updated": date(carrier, call.ended_at or call.answered_at or call.created),
        "start_time": date(carrier, call.answered_at),
        "end_time": date(carrier, call.ended_at),
        "price": None,
        "price_unit": "EUR",
        "answered_by": call.subresources.get("answered_by"),
        "forwarded_from": None,
        "caller_name": None,
        "queue_time": "0",
        "uri": uri(carrier, f"{own}.json"),
        "subresource_uris": {name: uri(carrier, f"{own}/{name.capitalize()}.json") for name in INSIDE},
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("calls", __name__)

    @routes.post("/Calls.json")
    def create() -> tuple[Response, int]:
        sent = form()
        events = tuple(word for value in request.form.getlist("StatusCallbackEvent") for word in value.split())
        return jsonify(desk.do(lambda carrier: shown(rest_calls.create(carrier, sent, events)))), 201

    @routes.get("/Calls.json")
    def every() -> Response:
        return page("calls", desk.do(lambda carrier: [shown(call) for call in _matching(carrier)]))

    @routes.get("/Calls/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(found(carrier.calls.get(sid)))))

    @routes.post("/Calls/<sid>.json")
    def update(sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(sid))
            rest_calls.update(carrier, call, sent)
            return shown(call) | ({"status": sent["Status"]} if sent.get("Status") else {})

        return jsonify(desk.do(deed))

    @routes.delete("/Calls/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        desk.do(lambda carrier: rest_calls.delete(carrier, found(carrier.calls.get(sid))))
        return "", 204

    return routes


def _matching(carrier: Carrier) -> list[Call]:
    """The newest first."""
    return [
        call
        for call in reversed(carrier.calls.values())
        if fits(To=call.to, From=call.from_, Status=call.status, ParentCallSid=call.parent_sid)
        and in_time(carrier, "StartTime", call.answered_at)
        and in_time(carrier, "EndTime", call.ended_at)
    ]
