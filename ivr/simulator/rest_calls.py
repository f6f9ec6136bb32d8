"""What the REST API does to calls, as plain functions: create, update (Twilio docs, «Call resource»)."""

from __future__ import annotations

from ivr.simulator.call import Call, StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import INLINE_TOO_LONG, NOT_IN_THAT_STATE

LONGEST_TWIML = 4000
MISSING_PARAMETER = 21201
BAD_STATUS = 20001


class Refused(Exception):
    """The REST API says no: HTTP status, error number, reason."""

    def __init__(self, status: int, code: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason


def create(carrier: Carrier, form: dict[str, str], events: tuple[str, ...] = ()) -> Call:
    """Place a call; a Url wins over a Twiml."""
    to, from_ = form.get("To", ""), form.get("From", "")
    if not to or not from_:
        raise Refused(400, MISSING_PARAMETER, "To and From are needed")
    target = webhook(form)
    if not (target.url or target.twiml):
        raise Refused(400, 21205, "Url or Twiml is needed")
    status_to = StatusTo(
        form.get("StatusCallback", ""), form.get("StatusCallbackMethod", "POST").upper(), events or ("completed",)
    )
    return carrier.place(from_, to, target, status_to, timeout=float(form.get("Timeout", "60")))


def update(carrier: Carrier, call: Call, form: dict[str, str]) -> None:
    """End a live call or send it elsewhere; refused once it is over."""
    if call.is_over:
        raise Refused(400, NOT_IN_THAT_STATE, "the call is not in progress")
    status = form.get("Status", "")
    if status == "completed":
        carrier.end(call)
    elif status == "canceled":
        if call.status == "in-progress":
            raise Refused(400, NOT_IN_THAT_STATE, "the call was answered already")
        carrier.end(call, "canceled")
    elif status:
        raise Refused(400, BAD_STATUS, f"a call cannot be set to {status!r}")
    if form.get("StatusCallback"):
        call.status_to = StatusTo(form["StatusCallback"], form.get("StatusCallbackMethod", "POST").upper())
    if not status and (form.get("Url") or form.get("Twiml")):
        _send(carrier, call, form)


def _send(carrier: Carrier, call: Call, form: dict[str, str]) -> None:
    if call.answered_at is None and call.direction != "inbound":  # an inbound one may be in a Pause before its answer
        raise Refused(400, NOT_IN_THAT_STATE, "the call was not answered yet")
    carrier.send(call, webhook(form))


def webhook(form: dict[str, str]) -> Webhook:
    """Where a call goes, as a form says it."""
    twiml = form.get("Twiml", "")
    if len(twiml) > LONGEST_TWIML:
        raise Refused(400, INLINE_TOO_LONG, f"inline TwiML has {len(twiml)} characters, at most {LONGEST_TWIML}")
    url = form.get("Url", "")
    return Webhook(
        url,
        form.get("Method", "POST").upper(),
        "" if url else twiml,
        form.get("FallbackUrl", ""),
        form.get("FallbackMethod", "POST").upper(),
    )
