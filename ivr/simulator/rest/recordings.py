"""Recordings: fetch, list, delete, and the sound itself (Twilio docs, «Recording resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from ivr.simulator.carrier import Carrier
from ivr.simulator.recordings import Recording
from ivr.simulator.rest.shown import date, found, page, uri

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def shown(carrier: Carrier, recording: Recording) -> dict[str, Any]:
    """A recording as the API shows it."""
    return {
        "sid": recording.sid,
        "account_sid": carrier.account_sid,
        "call_sid": recording.call_sid,
        "status": recording.status,
        "duration": str(recording.duration),
        "channels": recording.channels,
        "source": recording.source,
        "start_time": date(carrier, recording.started),
        "api_version": "2010-04-01",
        "date_created": date(carrier, recording.started),
        "date_updated": date(carrier, recording.started),
        "price": None,
        "price_unit": "EUR",
        "error_code": None,
        "encryption_details": None,
        "conference_sid": None,
        "uri": uri(carrier, f"Recordings/{recording.sid}.json"),
        "media_url": recording.url,
        "subresource_uris": {},
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("recordings", __name__)

    def one_of(carrier: Carrier, sid: str) -> Recording:
        return found(carrier.recordings.get(sid), sid)

    @routes.get("/Recordings.json")
    def every() -> Response:
        wanted = request.args.get("CallSid")
        return page(
            "recordings",
            desk.do(
                lambda carrier: [
                    shown(carrier, one) for one in carrier.recordings.values() if wanted in {None, one.call_sid}
                ]
            ),
        )

    @routes.get("/Calls/<call_sid>/Recordings.json")
    def of_call(call_sid: str) -> Response:
        return page(
            "recordings",
            desk.do(
                lambda carrier: [shown(carrier, one) for one in carrier.recordings.values() if one.call_sid == call_sid]
            ),
        )

    @routes.post("/Calls/<call_sid>/Recordings.json")
    def begin(call_sid: str) -> tuple[Response, int]:
        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(call_sid), call_sid)
            return shown(carrier, carrier.start_recording(call, "StartCallRecordingAPI"))

        return jsonify(desk.do(deed)), 201

    @routes.get("/Recordings/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(carrier, one_of(carrier, sid))))

    @routes.get("/Recordings/<sid>")
    @routes.get("/Recordings/<sid>.wav")
    def sound(sid: str) -> Response:
        return Response(desk.do(lambda carrier: one_of(carrier, sid).wav()), mimetype="audio/x-wav")

    @routes.delete("/Recordings/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        desk.do(lambda carrier: found(carrier.recordings.pop(sid, None), sid))
        return "", 204

    return routes
