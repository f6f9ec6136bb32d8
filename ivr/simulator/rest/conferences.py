"""Conferences and who is in them (Twilio docs, «Conference resource», «Participant resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, jsonify, request

from ivr.simulator import holding
from ivr.simulator.call import StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.conferences import Conference, Participant
from ivr.simulator.rest.shown import date, fits, form, found, in_time, is_true, page, uri
from ivr.simulator.rest_calls import BAD_PARAMETER, NO_FROM, NO_TO, Refused

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk

ATTRIBUTES = {
    "Label": "participantLabel",
    "Muted": "muted",
    "Beep": "beep",
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "MaxParticipants": "maxParticipants",
    "ConferenceRecord": "record",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackMethod": "statusCallbackMethod",
    "ConferenceStatusCallbackEvent": "statusCallbackEvent",
    "ConferenceRecordingStatusCallback": "recordingStatusCallback",
    "CallSidToCoach": "coach",
}
"""What a participant may be added with, and the attribute of Conference that does it."""


def shown(room: Conference) -> dict[str, Any]:
    """A conference as the API shows it."""
    carrier = room.carrier
    own = f"Conferences/{room.sid}"
    return {
        "sid": room.sid,
        "friendly_name": room.name,
        "status": room.status,
        "account_sid": carrier.account_sid,
        "region": "local",
        "api_version": "2010-04-01",
        "date_created": date(carrier, room.since),
        "date_updated": date(carrier, room.since if room.until is None else room.until),
        "reason_conference_ended": room.reason or None,
        "call_sid_ending_conference": room.ended_by or None,
        "uri": uri(carrier, f"{own}.json"),
        "subresource_uris": {
            "participants": uri(carrier, f"{own}/Participants.json"),
            "recordings": uri(carrier, f"{own}/Recordings.json"),
        },
    }


def participant_shown(room: Conference, one: Participant) -> dict[str, Any]:
    """One who is in the room, or on the way there."""
    carrier = room.carrier
    inside = one.call.sid in room.participants
    status = "connected" if inside else "complete" if one.call.is_over else one.call.status
    return {
        "account_sid": carrier.account_sid,
        "conference_sid": room.sid,
        "call_sid": one.call.sid,
        "label": one.label or None,
        "muted": one.muted,
        "hold": one.hold,
        "coaching": one.coaching,
        "call_sid_to_coach": one.call_sid_to_coach or None,
        "start_conference_on_enter": one.start_on_enter,
        "end_conference_on_exit": one.end_on_exit,
        "status": status,
        "queue_time": "0",
        "date_created": date(carrier, one.since),
        "date_updated": date(carrier, one.since),
        "uri": uri(carrier, f"Conferences/{room.sid}/Participants/{one.call.sid}.json"),
    }


def _room(carrier: Carrier, sid: str) -> Conference:
    return found(carrier.conferences.get(sid))


def _one(room: Conference, sid: str) -> Participant:
    fitting = (one for one in room.participants.values() if sid in {one.call.sid, one.label})
    return found(next(fitting, None))


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("conferences", __name__)
    _room_routes(routes, desk)
    _list_routes(routes, desk)
    _participant_routes(routes, desk)
    return routes


def _room_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/Conferences.json")
    def every() -> Response:
        def deed(carrier: Carrier) -> list[dict[str, Any]]:
            return [
                shown(room)
                for room in reversed(carrier.conferences.values())
                if fits(FriendlyName=room.name, Status=room.status)
                and in_time(carrier, "DateCreated", room.since)
                and in_time(carrier, "DateUpdated", room.since if room.until is None else room.until)
            ]

        return page("conferences", desk.do(deed))

    @routes.get("/Conferences/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(_room(carrier, sid))))

    @routes.post("/Conferences/<sid>.json")
    def update(sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            room = _room(carrier, sid)
            if sent.get("Status") not in {None, "completed"}:
                raise Refused(400, BAD_PARAMETER, f"Status={sent['Status']} is not completed")
            if sent.get("AnnounceUrl"):
                holding.announce(room, list(room.participants.values()), sent["AnnounceUrl"], sent)
            if sent.get("Status") == "completed":
                room.finish()
            return shown(room)

        return jsonify(desk.do(deed))


def _list_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/Conferences/<sid>/Participants.json")
    def participants(sid: str) -> Response:
        def deed(carrier: Carrier) -> list[dict[str, Any]]:
            room = _room(carrier, sid)
            return [
                participant_shown(room, one)
                for one in room.participants.values()
                if fits(Muted=one.muted, Hold=one.hold, Coaching=one.coaching)
            ]

        return page("participants", desk.do(deed))

    @routes.post("/Conferences/<sid>/Participants.json")
    def add(sid: str) -> tuple[Response, int]:
        sent = form()
        events = tuple(word for value in request.form.getlist("StatusCallbackEvent") for word in value.split())
        return jsonify(desk.do(lambda carrier: _added(carrier, sid, sent, events))), 201


def _added(carrier: Carrier, sid: str, sent: dict[str, str], events: tuple[str, ...]) -> dict[str, Any]:
    """Place a call that goes into the room; a name makes the room."""
    if not sent.get("To"):
        raise Refused(400, NO_TO, "No 'To' number is specified")
    if not sent.get("From"):
        raise Refused(400, NO_FROM, "No 'From' number is specified")
    room = carrier.conferences.get(sid) or carrier.conference_named(sid)
    written = "".join(f" {name}={quoteattr(sent[key])}" for key, name in ATTRIBUTES.items() if sent.get(key))
    written = written.replace('record="true"', 'record="record-from-start"')
    twiml = f"<Response><Dial><Conference{written}>{escape(room.name)}</Conference></Dial></Response>"
    status_to = StatusTo(
        sent.get("StatusCallback", ""), sent.get("StatusCallbackMethod", "POST").upper(), events or ("completed",)
    )
    timeout = float(sent["Timeout"]) if sent.get("Timeout", "").isdigit() else 60.0
    call = carrier.place(sent["From"], sent["To"], Webhook(twiml=twiml), status_to, timeout=timeout)
    return participant_shown(
        room,
        Participant(
            call,
            muted=is_true(sent, "Muted", False),
            start_on_enter=is_true(sent, "StartConferenceOnEnter", True),
            end_on_exit=is_true(sent, "EndConferenceOnExit", False),
            coaching=is_true(sent, "Coaching", False),
            call_sid_to_coach=sent.get("CallSidToCoach", ""),
            label=sent.get("Label", ""),
            since=carrier.loop.time(),
        ),
    )


def _participant_routes(routes: Blueprint, desk: Desk) -> None:
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
            _changed(room, one, sent)
            return participant_shown(room, one)

        return jsonify(desk.do(deed))

    @routes.delete("/Conferences/<sid>/Participants/<call_sid>.json")
    def remove(sid: str, call_sid: str) -> tuple[str, int]:
        def deed(carrier: Carrier) -> None:
            room = _room(carrier, sid)
            call = _one(room, call_sid).call
            room.leave(call, why="participant_updated_via_api")
            call.change()

        desk.do(deed)
        return "", 204


def _changed(room: Conference, one: Participant, sent: dict[str, str]) -> None:
    """Mute, hold, coach, announce; every change is told."""
    muted, hold = is_true(sent, "Muted", one.muted), is_true(sent, "Hold", one.hold)
    if muted != one.muted:
        one.muted = muted
        room.change(one, "mute" if muted else "unmute")
    if hold != one.hold:
        holding.hold(room, one, on=hold, sent=sent)
    before = (one.coaching, one.call_sid_to_coach, one.end_on_exit)
    one.coaching = is_true(sent, "Coaching", one.coaching)
    one.call_sid_to_coach = sent.get("CallSidToCoach", one.call_sid_to_coach)
    one.end_on_exit = is_true(sent, "EndConferenceOnExit", one.end_on_exit)
    if before != (one.coaching, one.call_sid_to_coach, one.end_on_exit):
        room.change(one, "modify")
    if sent.get("AnnounceUrl"):
        holding.announce(room, [one], sent["AnnounceUrl"], sent)
