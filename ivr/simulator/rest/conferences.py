"""Conferences and who is in them (Twilio docs, «Conference resource», «Participant resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from ivr.simulator.call import StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.rest.shown import date, form, found, page, uri

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def shown(room: Conference) -> dict[str, Any]:
    """A conference as the API shows it."""
    carrier = room.carrier
    return {
        "sid": room.sid,
        "friendly_name": room.name,
        "status": room.status,
        "account_sid": carrier.account_sid,
        "region": "local",
        "api_version": "2010-04-01",
        "date_created": date(carrier, 0),
        "date_updated": date(carrier, 0),
        "reason_conference_ended": None,
        "call_sid_ending_conference": None,
        "subresource_uris": {},
        "uri": uri(carrier, f"Conferences/{room.sid}.json"),
    }


def participant_shown(room: Conference, one: Participant) -> dict[str, Any]:
    """One who is in the room."""
    carrier = room.carrier
    return {
        "account_sid": carrier.account_sid,
        "conference_sid": room.sid,
        "call_sid": one.call.sid,
        "label": one.label,
        "muted": one.muted,
        "hold": one.hold,
        "coaching": one.coaching,
        "call_sid_to_coach": one.call_sid_to_coach or None,
        "start_conference_on_enter": one.start_on_enter,
        "end_conference_on_exit": one.end_on_exit,
        "status": "connected",
        "queue_time": "0",
        "date_created": date(carrier, 0),
        "date_updated": date(carrier, 0),
        "uri": uri(carrier, f"Conferences/{room.sid}/Participants/{one.call.sid}.json"),
    }


def _room(carrier: Carrier, sid: str) -> Conference:
    return found(carrier.conferences.get(sid), sid)


def _one(room: Conference, sid: str) -> Participant:
    fits = (one for one in room.participants.values() if sid in {one.call.sid, one.label})
    return found(next(fits, None), sid)


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("conferences", __name__)
    _room_routes(routes, desk)
    _participant_routes(routes, desk)
    return routes


def _room_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/Conferences.json")
    def every() -> Response:
        name, status = request.args.get("FriendlyName"), request.args.get("Status")
        rooms = desk.do(lambda carrier: [shown(room) for room in carrier.conferences.values()])
        return page(
            "conferences",
            [room for room in rooms if name in {None, room["friendly_name"]} and status in {None, room["status"]}],
        )

    @routes.get("/Conferences/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(_room(carrier, sid))))

    @routes.post("/Conferences/<sid>.json")
    def update(sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            room = _room(carrier, sid)
            if sent.get("Status") == "completed":
                room.finish()
            return shown(room)

        return jsonify(desk.do(deed))


def _participant_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/Conferences/<sid>/Participants.json")
    def participants(sid: str) -> Response:
        def deed(carrier: Carrier) -> list[dict[str, Any]]:
            room = _room(carrier, sid)
            return [participant_shown(room, one) for one in room.participants.values()]

        return page("participants", desk.do(deed))

    @routes.post("/Conferences/<sid>/Participants.json")
    def add(sid: str) -> tuple[Response, int]:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            room = carrier.conferences.get(sid) or carrier.conference_named(sid)
            twiml = f"<Response><Dial><Conference>{room.name}</Conference></Dial></Response>"
            call = carrier.place(
                sent["From"], sent["To"], Webhook(twiml=twiml), StatusTo(sent.get("StatusCallback", ""))
            )
            return participant_shown(room, Participant(call, label=sent.get("Label", "")))

        return jsonify(desk.do(deed)), 201

    @routes.get("/Conferences/<sid>/Participants/<call_sid>.json")
    def participant(sid: str, call_sid: str) -> Response:
        def deed(carrier: Carrier) -> dict[str, Any]:
            room = _room(carrier, sid)
            return participant_shown(room, _one(room, call_sid))

        return jsonify(desk.do(deed))

    @routes.post("/Conferences/<sid>/Participants/<call_sid>.json")
    def change(sid: str, call_sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            room = _room(carrier, sid)
            one = _one(room, call_sid)
            one.muted = sent.get("Muted", str(one.muted)).lower() == "true"
            one.hold = sent.get("Hold", str(one.hold)).lower() == "true"
            one.coaching = sent.get("Coaching", str(one.coaching)).lower() == "true"
            one.call_sid_to_coach = sent.get("CallSidToCoach", one.call_sid_to_coach)
            one.end_on_exit = sent.get("EndConferenceOnExit", str(one.end_on_exit)).lower() == "true"
            return participant_shown(room, one)

        return jsonify(desk.do(deed))

    @routes.delete("/Conferences/<sid>/Participants/<call_sid>.json")
    def remove(sid: str, call_sid: str) -> tuple[str, int]:
        def deed(carrier: Carrier) -> None:
            room = _room(carrier, sid)
            call = _one(room, call_sid).call
            room.leave(call)
            call.change()

        desk.do(deed)
        return "", 204
