"""Recordings of calls and conferences: begin, fetch, list, pause, delete, and the sound (Twilio docs, «Recording»)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from ivr.simulator import placed
from ivr.simulator.call import Call, StatusTo
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import NOT_IN_THAT_STATE
from ivr.simulator.recordings import Recording
from ivr.simulator.rest.shown import date, fits, form, found, in_time, page, uri
from ivr.simulator.rest_calls import BAD_PARAMETER, Refused

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk

CURRENT = "Twilio.CURRENT"
"""Stands for the sid of the recording under way."""

UNDER_WAY = ("in-progress", "paused")


def shown(carrier: Carrier, recording: Recording) -> dict[str, Any]:
    """A recording as the API shows it."""
    own = f"Recordings/{recording.sid}"
    is_over = recording.status == "completed"
    return {
        "sid": recording.sid,
        "account_sid": carrier.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference_sid or None,
        "status": recording.status,
        "duration": str(recording.duration) if is_over else "-1",
        "channels": recording.channels,
        "track": recording.track,
        "source": recording.source,
        "start_time": date(carrier, recording.started),
        "api_version": "2010-04-01",
        "date_created": date(carrier, recording.started),
        "date_updated": date(carrier, recording.started + recording.duration),
        "price": None,
        "price_unit": "EUR",
        "error_code": None,
        "encryption_details": None,
        "uri": uri(carrier, f"{own}.json"),
        "media_url": recording.url,
        "subresource_uris": {"transcriptions": uri(carrier, f"{own}/Transcriptions.json")},
    }


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("recordings", __name__)
    _own_routes(routes, desk)
    _call_routes(routes, desk)
    _routes_under(routes, desk, "Calls", lambda one, sid: one.call_sid == sid)
    _routes_under(routes, desk, "Conferences", lambda one, sid: one.conference_sid == sid)
    return routes


def _listed(carrier: Carrier, belongs: Callable[[Recording], bool]) -> list[dict[str, Any]]:
    return [
        shown(carrier, one)
        for one in reversed(carrier.recordings.values())
        if belongs(one) and in_time(carrier, "DateCreated", one.started)
    ]


def _own_routes(routes: Blueprint, desk: Desk) -> None:
    def sound_of(sid: str) -> Recording:
        return desk.do(lambda carrier: found(carrier.recordings.get(sid)))

    @routes.get("/Recordings.json")
    def every() -> Response:
        def fitting(one: Recording) -> bool:
            return fits(CallSid=one.call_sid, ConferenceSid=one.conference_sid)

        return page("recordings", desk.do(lambda carrier: _listed(carrier, fitting)))

    @routes.get("/Recordings/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(carrier, found(carrier.recordings.get(sid)))))

    @routes.get("/Recordings/<sid>")
    @routes.get("/Recordings/<sid>.wav")
    def wav(sid: str) -> Response:
        return Response(sound_of(sid).wav(), mimetype="audio/x-wav")

    @routes.get("/Recordings/<sid>.mp3")
    def mp3(sid: str) -> Response:
        return Response(sound_of(sid).mp3(), mimetype="audio/mpeg")

    @routes.delete("/Recordings/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        desk.do(lambda carrier: found(carrier.recordings.pop(sid, None)))
        return "", 204


def _call_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.post("/Calls/<owner>/Recordings.json")
    def begin(owner: str) -> tuple[Response, int]:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(owner))
            if call.is_over or call.answered_at is None:
                raise Refused(400, NOT_IN_THAT_STATE, "Requested resource is not eligible for recording")
            _tells(call, sent)
            channels = 2 if sent.get("RecordingChannels") == "dual" else 1
            return shown(carrier, placed.begin_recording(call, "StartCallRecordingAPI", channels))

        return jsonify(desk.do(deed)), 201


def _tells(call: Call, sent: dict[str, str]) -> None:
    url = sent.get("RecordingStatusCallback", "")
    if url:
        call.subresources["recording_status"] = StatusTo(url, sent.get("RecordingStatusCallbackMethod", "POST").upper())


def _routes_under(routes: Blueprint, desk: Desk, kind: str, belongs: Callable[[Recording, str], bool]) -> None:
    """The same again, below a call or a conference."""
    base = f"/{kind}/<owner>/Recordings"

    def pick(carrier: Carrier, owner: str, sid: str) -> Recording:
        fitting = [one for one in carrier.recordings.values() if belongs(one, owner)]
        if sid == CURRENT:
            return found(next((one for one in reversed(fitting) if one.status in UNDER_WAY), None))
        return found(next((one for one in fitting if one.sid == sid), None))

    def every(owner: str) -> Response:
        return page("recordings", desk.do(lambda carrier: _listed(carrier, lambda one: belongs(one, owner))))

    def fetch(owner: str, sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(carrier, pick(carrier, owner, sid))))

    def update(owner: str, sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            recording = pick(carrier, owner, sid)
            _change(carrier, recording, sent.get("Status", ""))
            return shown(carrier, recording) | ({"status": "stopped"} if sent.get("Status") == "stopped" else {})

        return jsonify(desk.do(deed))

    def delete(owner: str, sid: str) -> tuple[str, int]:
        desk.do(lambda carrier: carrier.recordings.pop(pick(carrier, owner, sid).sid))
        return "", 204

    for rule, deed, verb in (
        (f"{base}.json", every, "GET"),
        (f"{base}/<sid>.json", fetch, "GET"),
        (f"{base}/<sid>.json", update, "POST"),
        (f"{base}/<sid>.json", delete, "DELETE"),
    ):
        routes.add_url_rule(rule, f"{kind}-{deed.__name__}", deed, methods=[verb])


def _change(carrier: Carrier, recording: Recording, status: str) -> None:
    if recording.status not in UNDER_WAY:
        raise Refused(400, NOT_IN_THAT_STATE, "The recording is not in progress")
    now = carrier.loop.time()
    if status == "paused":
        recording.pause(now)
    elif status == "in-progress":
        recording.go_on(now)
    elif status == "stopped":
        placed.finish(carrier.calls[recording.call_sid], recording)
    else:
        raise Refused(400, BAD_PARAMETER, f"Status={status} is none of paused, in-progress, stopped")
