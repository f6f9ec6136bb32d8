"""What the REST API does to calls, as plain functions: create, update, delete (Twilio docs, «Call resource»)."""

from __future__ import annotations

import re

from ivr.simulator.addresses import telephone_number
from ivr.simulator.call import Call, StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.errors import INLINE_TOO_LONG, NOT_IN_THAT_STATE

LONGEST_TWIML = 4000
NO_TO, NO_FROM, NO_URL = 21201, 21213, 21205
BAD_TO, BAD_FROM, BAD_METHOD, BAD_STATUS_URL = 21211, 21212, 21209, 21609
BAD_PARAMETER = 20001
EVENTS = {"initiated", "ringing", "answered", "completed"}
ABSOLUTE = re.compile(r"https?://[^/?#\s]+\S*")


class Refused(Exception):
    """The REST API says no: HTTP status, error number, reason."""

    def __init__(self, status: int, code: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason


def create(carrier: Carrier, form: dict[str, str], events: tuple[str, ...] = ()) -> Call:
    """Place a call; a Url wins over a Twiml."""
    to, from_ = _party(form, "To", NO_TO, BAD_TO), _party(form, "From", NO_FROM, BAD_FROM)
    target = webhook(form)
    if not (target.url or target.twiml):
        raise Refused(400, NO_URL, "Url parameter is required.")
    unknown = set(events) - EVENTS
    if unknown:
        raise Refused(400, BAD_PARAMETER, f"StatusCallbackEvent {', '.join(sorted(unknown))} is not known")
    call = carrier.place(from_, to, target, _status_to(form, events), timeout=_seconds(form, "Timeout", 60, 600))
    call.subresources["placed"] = {name: form[name] for name in ("SendDigits", "MachineDetection") if form.get(name)}
    if form.get("Record", "").lower() == "true":
        call.subresources["placed"]["Record"] = form.get("RecordingChannels", "mono")
        call.subresources["recording_status"] = StatusTo(
            form.get("RecordingStatusCallback", ""), form.get("RecordingStatusCallbackMethod", "POST").upper()
        )
    if form.get("TimeLimit"):
        carrier.limit(call, _seconds(form, "TimeLimit", 14_400, 86_400))
    return call


def _party(form: dict[str, str], name: str, missing: int, wrong: int) -> str:
    """Who is called or shown: a number, client:… or sip:…"""
    written = form.get(name, "").strip()
    if not written:
        raise Refused(400, missing, f"No '{name}' number is specified")
    if written.startswith(("client:", "sip:", "sips:")):
        return written
    number = telephone_number(written)
    if number is None:
        raise Refused(400, wrong, f"Invalid '{name}' Phone Number: {written}")
    return number


def _status_to(form: dict[str, str], events: tuple[str, ...]) -> StatusTo:
    url = form.get("StatusCallback", "")
    if url and not ABSOLUTE.fullmatch(url):
        raise Refused(400, BAD_STATUS_URL, f"Invalid StatusCallback url: {url}")
    return StatusTo(url, _method(form, "StatusCallbackMethod"), events or ("completed",))


def _method(form: dict[str, str], name: str) -> str:
    method = form.get(name, "POST").upper()
    if method not in {"GET", "POST"}:
        raise Refused(400, BAD_METHOD, f"Invalid {name}: {method}")
    return method


def _seconds(form: dict[str, str], name: str, default: float, most: float) -> float:
    written = form.get(name, "")
    if not written:
        return default
    if not written.isdigit() or not 0 < int(written) <= most:
        raise Refused(400, BAD_PARAMETER, f"{name}={written} is not a number from 1 to {most:g}")
    return float(written)


def update(carrier: Carrier, call: Call, form: dict[str, str]) -> None:
    """End a live call or send it elsewhere; refused once it is over."""
    if call.is_over:
        raise Refused(400, NOT_IN_THAT_STATE, "Call is not in-progress. Cannot redirect.")
    status = form.get("Status", "")
    if status == "completed":
        carrier.end(call)
    elif status == "canceled":
        if call.status == "in-progress":
            raise Refused(400, NOT_IN_THAT_STATE, "Call is in-progress. Cannot cancel.")
        carrier.end(call, "canceled")
    elif status:
        raise Refused(400, BAD_PARAMETER, f"Status={status} is neither canceled nor completed")
    if form.get("StatusCallback"):
        call.status_to = _status_to(form, ())
    if form.get("TimeLimit"):
        carrier.limit(call, _seconds(form, "TimeLimit", 14_400, 86_400))
    if not status and (form.get("Url") or form.get("Twiml")):
        _send(carrier, call, form)


def _send(carrier: Carrier, call: Call, form: dict[str, str]) -> None:
    if call.answered_at is None and call.direction != "inbound":  # an inbound one may be in a Pause before its answer
        raise Refused(400, NOT_IN_THAT_STATE, "Call is not in-progress. Cannot redirect.")
    carrier.send(call, webhook(form))


def delete(carrier: Carrier, call: Call) -> None:
    """Forget a call that is over."""
    if not call.is_over:
        raise Refused(400, NOT_IN_THAT_STATE, "Call is not completed. Cannot delete.")
    del carrier.calls[call.sid]


def webhook(form: dict[str, str]) -> Webhook:
    """Where a call goes, as a form says it."""
    twiml = form.get("Twiml", "")
    if len(twiml) > LONGEST_TWIML:
        raise Refused(400, INLINE_TOO_LONG, f"Twiml has {len(twiml)} characters, at most {LONGEST_TWIML}")
    url = form.get("Url", "")
    if url and not ABSOLUTE.fullmatch(url):
        raise Refused(400, NO_URL, f"Url is not a valid URL: {url}")
    return Webhook(
        url,
        _method(form, "Method"),
        "" if url else twiml,
        form.get("FallbackUrl", ""),
        _method(form, "FallbackMethod"),
    )
