"""What must be asked of others: can the carrier reach us, does it know us, do our clocks agree?"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.doctor.finding import Finding, Findings
from ivr.settings import Settings

PATIENCE = 5
"""Seconds for each answer."""
CERTIFICATE_DAYS = 14
CLOCK_SECONDS = 30


def address(settings: Settings) -> Findings:
    """The carrier can reach us, by https."""
    parts = urlsplit(settings.base_url)
    if not settings.public_url:
        yield Finding("address", "bad", "no PUBLIC_URL", "set it to the https address the carrier is given")
        return
    if parts.scheme != "https":
        yield Finding("address", "warn", f"{settings.public_url} is not https", "callers' data pass there: use TLS")
    host = parts.hostname or ""
    try:
        reached = socket.getaddrinfo(host, parts.port or 443)[0][4][0]
    except OSError:
        yield Finding("address", "bad", f"{host} is not known to DNS", "check the name")
        return
    if not ip_address(reached).is_global:
        yield Finding("address", "warn", f"{host} is {reached}: only reachable from inside", "use a public address")
    answer = requests.get(f"{settings.base_url}/health", timeout=PATIENCE)
    yield Finding("address", "ok" if answer.ok else "bad", f"{settings.base_url}/health answers {answer.status_code}",
                  "" if answer.ok else "start `souffleur serve` behind that address")  # fmt: skip


def signature(settings: Settings) -> Findings:
    """A rightly signed webhook passes every proxy on the way, and no other does."""
    if not settings.auth_token:
        return
    url = f"{settings.base_url}/voice/ended"
    form = {"CallSid": "CA" + "0" * 32, "CallStatus": "ringing"}
    right = RequestValidator(settings.auth_token).compute_signature(url, form)
    signed = requests.post(url, data=form, headers={"X-Twilio-Signature": right}, timeout=PATIENCE)
    remedy = "PUBLIC_URL must be exactly the address the carrier is given; the token the account's own"
    good = signed.status_code < 300
    yield Finding(
        "signature", "ok" if good else "bad", f"signed webhook answered {signed.status_code}", "" if good else remedy
    )
    for name, headers in (("unsigned", {}), ("forged", {"X-Twilio-Signature": right[::-1]})):
        refused = requests.post(url, data=form, headers=headers, timeout=PATIENCE).status_code
        yield Finding("signature", "ok" if refused == 403 else "bad", f"{name} webhook answered {refused}",
                      "" if refused == 403 else "a proxy answers instead of us?")  # fmt: skip


def certificate(settings: Settings) -> Findings:
    """The certificate is trusted and lasts."""
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https":
        return
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), timeout=PATIENCE) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            until = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLError as error:
        yield Finding(
            "certificate", "bad", f"{error.reason}", "the carrier will not connect: renew or complete the chain"
        )
        return
    days = int((until - datetime.now(UTC).timestamp()) / 86_400)
    yield Finding("certificate", "ok" if days > CERTIFICATE_DAYS else "warn", f"{days} days left",
                  "" if days > CERTIFICATE_DAYS else "renew it")  # fmt: skip


def clock(settings: Settings) -> Findings:
    """This machine's clock agrees with the carrier's."""
    told = requests.head(settings.carrier_url, timeout=PATIENCE).headers.get("Date", "")
    apart = abs((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    good = apart < CLOCK_SECONDS
    yield Finding("clock", "ok" if good else "bad", f"{apart:.0f} s from the carrier's", "" if good else "set up NTP")


def account(settings: Settings) -> Findings:
    """The carrier knows the account, and our numbers lead to us."""
    if not settings.account_sid or not settings.auth_token:
        return
    from ivr.desk import Line

    line = Line(settings.carrier_url, settings.account_sid, settings.auth_token, settings.house_number)
    client: Client = line.client()
    try:
        known: Any = client.api.accounts(settings.account_sid).fetch()
        owned = client.incoming_phone_numbers.list(phone_number=settings.house_number, limit=1)
    except TwilioException as error:
        yield Finding(
            "account", "bad", f"the carrier refuses us: {str(error).splitlines()[0][:120]}", "check SID and token"
        )
        return
    yield Finding("account", "ok" if known.status == "active" else "bad", f"account is {known.status}")
    if not owned:
        yield Finding(
            "account", "bad", f"{settings.house_number} is not in this account", "buy or port it, or set HOUSE_NUMBER"
        )
        return
    yield from _leads_here(owned[0], settings.base_url)


def _leads_here(number: Any, base: str) -> Findings:
    wanted = {
        "voice_url": f"{base}/voice/incoming", "voice_fallback_url": f"{base}/voice/again",
        "status_callback": f"{base}/voice/ended",
    }  # fmt: skip
    for name, url in wanted.items():
        set_to = str(getattr(number, name) or "")
        good = set_to.partition("#")[0].partition("?")[0] == url
        yield Finding(
            "account", "ok" if good else "bad", f"{name} is {set_to or 'not set'}", "" if good else f"set it to {url}"
        )
