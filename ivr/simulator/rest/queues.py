"""Queues and who waits in them (Twilio docs, «Queue resource», «Member resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from ivr.simulator import rest_calls
from ivr.simulator.carrier import Carrier
from ivr.simulator.queues import Member, Queue
from ivr.simulator.rest.shown import date, form, found, page, uri

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk

LONGEST_NAME, MOST_CALLERS = 64, 5000
BAD_PARAMETER = 20001


def shown(queue: Queue) -> dict[str, Any]:
    """A queue as the API shows it."""
    carrier = queue.carrier
    return {
        "sid": queue.sid,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": queue.most,
        "average_wait_time": int(queue.average_wait()),
        "account_sid": carrier.account_sid,
        "date_created": date(carrier, queue.since),
        "date_updated": date(carrier, queue.since),
        "uri": uri(carrier, f"Queues/{queue.sid}.json"),
        "subresource_uris": {"members": uri(carrier, f"Queues/{queue.sid}/Members.json")},
    }


def member_shown(queue: Queue, member: Member) -> dict[str, Any]:
    """One who waits."""
    carrier = queue.carrier
    return {
        "call_sid": member.call.sid,
        "queue_sid": queue.sid,
        "position": queue.position(member),
        "wait_time": int(carrier.loop.time() - member.since),
        "date_enqueued": date(carrier, member.since),
        "uri": uri(carrier, f"Queues/{queue.sid}/Members/{member.call.sid}.json"),
    }


def _member(queue: Queue, sid: str) -> Member:
    fits = (member for member in queue.members if sid in {"Front", member.call.sid})
    return found(next(fits, None))


def _queue(carrier: Carrier, sid: str) -> Queue:
    return found(carrier.queues.get(sid))


def _checked(carrier: Carrier, name: str, of: Queue | None) -> str:
    """A name that no other queue has."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise rest_calls.Refused(400, BAD_PARAMETER, f"FriendlyName has 1 to {LONGEST_NAME} characters")
    if any(queue.name == name and queue is not of for queue in carrier.queues.values()):
        raise rest_calls.Refused(400, 22003, f"A queue called {name!r} exists already")
    return name


def _size(sent: dict[str, str], default: int) -> int:
    written = sent.get("MaxSize", str(default))
    if not written.isdigit() or not 0 < int(written) <= MOST_CALLERS:
        raise rest_calls.Refused(400, BAD_PARAMETER, f"MaxSize={written} is not a number from 1 to {MOST_CALLERS}")
    return int(written)


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("queues", __name__)
    _queue_routes(routes, desk)
    _member_routes(routes, desk)
    return routes


def _queue_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.post("/Queues.json")
    def create() -> tuple[Response, int]:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            name = _checked(carrier, sent.get("FriendlyName", ""), None)
            queue = carrier.queue_named(name)
            assert queue is not None
            queue.most = _size(sent, queue.most)
            return shown(queue)

        return jsonify(desk.do(deed)), 201

    @routes.get("/Queues.json")
    def every() -> Response:
        return page("queues", desk.do(lambda carrier: [shown(queue) for queue in carrier.queues.values()]))

    @routes.get("/Queues/<sid>.json")
    def one(sid: str) -> Response:
        return jsonify(desk.do(lambda carrier: shown(_queue(carrier, sid))))

    @routes.post("/Queues/<sid>.json")
    def update(sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            queue = _queue(carrier, sid)
            queue.name = _checked(carrier, sent.get("FriendlyName", queue.name), queue)
            queue.most = _size(sent, queue.most)
            return shown(queue)

        return jsonify(desk.do(deed))

    @routes.delete("/Queues/<sid>.json")
    def delete(sid: str) -> tuple[str, int]:
        def deed(carrier: Carrier) -> None:
            if _queue(carrier, sid).members:
                raise rest_calls.Refused(400, 22004, "The queue is not empty")
            del carrier.queues[sid]

        desk.do(deed)
        return "", 204


def _member_routes(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/Queues/<sid>/Members.json")
    def members(sid: str) -> Response:
        def deed(carrier: Carrier) -> list[dict[str, Any]]:
            queue = _queue(carrier, sid)
            return [member_shown(queue, member) for member in queue.members]

        return page("queue_members", desk.do(deed))

    @routes.get("/Queues/<sid>/Members/<call_sid>.json")
    def member(sid: str, call_sid: str) -> Response:
        def deed(carrier: Carrier) -> dict[str, Any]:
            queue = _queue(carrier, sid)
            return member_shown(queue, _member(queue, call_sid))

        return jsonify(desk.do(deed))

    @routes.post("/Queues/<sid>/Members/<call_sid>.json")
    def dequeue(sid: str, call_sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            queue = _queue(carrier, sid)
            waiting = _member(queue, call_sid)
            target = rest_calls.webhook(sent)
            if not target.url:
                raise rest_calls.Refused(400, rest_calls.NO_URL, "Url parameter is required.")
            told = member_shown(queue, waiting)
            queue.leave(waiting)
            carrier.send(waiting.call, target)
            return told

        return jsonify(desk.do(deed))
