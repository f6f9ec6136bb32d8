"""Signing as the carrier does, by the official validator's own arithmetic."""

from __future__ import annotations

from functools import lru_cache

from twilio.request_validator import RequestValidator

from ivr.simulator.edge import Request


@lru_cache(maxsize=8)
def _validator(auth_token: str) -> RequestValidator:
    return RequestValidator(auth_token)


def signature(request: Request, auth_token: str) -> str:
    """The value of X-Twilio-Signature for this request (Twilio docs, «Webhooks security»)."""
    form = request.form if request.method == "POST" else {}
    return str(_validator(auth_token).compute_signature(request.url, form))
