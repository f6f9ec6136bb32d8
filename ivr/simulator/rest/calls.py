"""Calls: create, fetch, list, update (Twilio docs, «Call resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from ivr.simulator import rest_calls
from ivr.simulator.call import Call
from ivr.simulator.carrier import Carrier
from ivr.simulator.rest.shown import date, form, found, page, uri

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def shown(call: Call) -> dict[str, Any]:
    """A call as the API shows it."""
    carrier = call.carrier
    seconds = None
    if call.ended_at is not None:
        seconds = str(int(call.ended_at - call.answered_at)) if call.answered_at is not None else "0"
    return {
        "sid": call.sid,
        "account_sid": carrier.account_sid,
        "parent_call_sid": call.parent_sid or None,
        "from": call.from_,
        "to": call.to,
        "from_formatted": call.from_,
        "to_formatted": call.to,
        "status": call.status,
        "direction": call.direction,
        "duration": seconds,
        "api_version": "2010-04-01",
        "date_created": date(carrier, call.created),
        "date_updated": date(carrier, call.created),
        "start_time": date(carrier, call.answered_at),
        "end_time": date(carrier, call.ended_at),
        "price": None,
        "price_unit": "EUR",
        "answered_by": None,
        "forwarded_from": None,
        "caller_name": None,
        "queue_time": "0",
        "uri": uri(carrier, f"Calls/{call.sid}.json"),
        "subresource_uris": {},
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("calls", __name__)

    @routes.post("/Calls.json")
    def create() -> tuple[Response, int]:
        sent, events = form(), tuple(request.form.getlist("StatusCallbackEvent"))
        return jsonify(desk.do(lambda carrier: shown(rest_calls.create(carrier, sent, events)))), 201

    @routes.get("/Calls.json")
    def every() -> Response:
        wanted = request.args
        return page("calls", desk.do(lambda carrier: [shown(call) for call in _matching(carrier, wanted)]))

    @routes.get("/Calls/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(found(carrier.calls.get(sid), sid))))

    @routes.post("/Calls/<sid>.json")
    def update(sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(sid), sid)
            rest_calls.update(carrier, call, sent)
            return shown(call) | ({"status": "completed"} if sent.get("Status") else {})

        return jsonify(desk.do(deed))

    return routes


def _matching(carrier: Carrier, wanted: Any) -> list[Call]:
    names = {"To": "to", "From": "from_", "Status": "status", "ParentCallSid": "parent_sid"}
    return [
        call
        for call in reversed(carrier.calls.values())
        if all(getattr(call, attribute) == wanted[name] for name, attribute in names.items() if name in wanted)
    ]
