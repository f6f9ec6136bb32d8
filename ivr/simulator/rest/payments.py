"""Payments of a live call, step by step for an agent (Twilio docs, «Payment resource»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from ivr.simulator.call import Call
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import NOT_IN_THAT_STATE
from ivr.simulator.payment_sessions import BANK, FIELDS, PaymentSession
from ivr.simulator.rest.shown import date, form, found, is_true, uri
from ivr.simulator.rest_calls import BAD_PARAMETER, Refused
from ivr.simulator.verbs.pay_fields import CARD, CODE, DATE, POSTAL, Keyed, Rules

if TYPE_CHECKING:
    from ivr.simulator.rest.app import Desk


def blueprint(desk: Desk) -> Blueprint:
    """The routes."""
    routes = Blueprint("payments", __name__)

    @routes.post("/Calls/<call_sid>/Payments.json")
    def create(call_sid: str) -> tuple[Response, int]:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(call_sid))
            if call.is_over or call.answered_at is None:
                raise Refused(400, NOT_IN_THAT_STATE, "Call is not in-progress.")
            return _shown(_begun(call, sent))

        return jsonify(desk.do(deed)), 201

    @routes.post("/Calls/<call_sid>/Payments/<sid>.json")
    def update(call_sid: str, sid: str) -> Response:
        sent = form()

        def deed(carrier: Carrier) -> dict[str, Any]:
            call = found(carrier.calls.get(call_sid))
            session: PaymentSession = found(_sessions(call).get(sid))
            _needs(sent)
            _updated(session, sent)
            return _shown(session)

        return jsonify(desk.do(deed))

    return routes


def _sessions(call: Call) -> dict[str, PaymentSession]:
    sessions: dict[str, PaymentSession] = call.subresources.setdefault("payments", {})
    return sessions


def _needs(sent: dict[str, str]) -> None:
    for name in ("IdempotencyKey", "StatusCallback"):
        if not sent.get(name):
            raise Refused(400, BAD_PARAMETER, f"{name} is required")


def _begun(call: Call, sent: dict[str, str]) -> PaymentSession:
    """A session; the same again for the same IdempotencyKey."""
    _needs(sent)
    keys: dict[str, PaymentSession] = call.subresources.setdefault("payment_keys", {})
    if sent["IdempotencyKey"] in keys:
        return keys[sent["IdempotencyKey"]]
    if any(not session.is_over for session in _sessions(call).values()):
        raise Refused(400, BAD_PARAMETER, "a payment of this call is under way")
    by_account = sent.get("PaymentMethod") == "ach-debit"
    asked = {CODE: is_true(sent, "SecurityCode", True), POSTAL: sent.get("PostalCode", "true") == "true"}
    given = {} if sent.get("PostalCode", "true") in {"true", "false"} else {POSTAL: sent["PostalCode"]}
    session = PaymentSession(
        call,
        call.carrier.new_sid("PK"),
        sent["StatusCallback"],
        BANK if by_account else tuple(name for name in (CARD, DATE, CODE, POSTAL) if asked.get(name, True)),
        sent.get("ChargeAmount", "0"),
        sent.get("PaymentMethod", "credit-card"),
        Rules(tuple(sent.get("ValidCardTypes", "visa mastercard amex").split())),
        call.now(),
        Keyed(dict(given)),
    )
    keys[sent["IdempotencyKey"]] = _sessions(call)[session.sid] = session
    call.subresources["paying"] = session
    return session


def _updated(session: PaymentSession, sent: dict[str, str]) -> None:
    if session.is_over:
        raise Refused(400, BAD_PARAMETER, f"the payment is over: {session.result}")
    capture, status = sent.get("Capture", ""), sent.get("Status", "")
    if capture and capture not in FIELDS:
        raise Refused(400, BAD_PARAMETER, f"Capture={capture} is no field of a payment")
    if status not in {"", "complete", "cancel"}:
        raise Refused(400, BAD_PARAMETER, f"Status={status} is neither complete nor cancel")
    session.status_url = sent["StatusCallback"]
    if capture:
        session.capture(capture)
    if status:
        session.finish(status)
    if session.is_over:
        session.call.subresources.pop("paying", None)


def _shown(session: PaymentSession) -> dict[str, Any]:
    carrier = session.call.carrier
    return {
        "sid": session.sid,
        "account_sid": carrier.account_sid,
        "call_sid": session.call.sid,
        "date_created": date(carrier, session.created),
        "date_updated": date(carrier, carrier.loop.time()),
        "uri": uri(carrier, f"Calls/{session.call.sid}/Payments/{session.sid}.json"),
    }
