"""Asking an address the way a carrier does: signed, with cookies, retries, redirects, and 15 seconds at most."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urljoin, urlsplit, urlunsplit

from ivr.simulator.document import LARGEST_BODY, Element, Page, read
from ivr.simulator.edge import Answer, AnsweredTooLate, CouldNotConnect, Request
from ivr.simulator.errors import (
    BODY_TOO_LARGE,
    CONNECTION,
    CONTENT_TYPE,
    RETRIEVAL,
    TOO_MANY_REDIRECTS,
    DocumentFailed,
)
from ivr.simulator.overrides import Overrides, split
from ivr.simulator.signature import signature

if TYPE_CHECKING:
    from ivr.simulator.call import Call

MOST_REDIRECTS = 10
NO_CONTENT = 204
XML_TYPES = ("text/xml", "application/xml", "text/html")


@dataclass(frozen=True)
class Asked:
    """One request as the network's log keeps it. `kind`: twiml, or what the answer is not performed for."""

    at: float
    request: Request
    params: dict[str, str]
    kind: str
    call_sid: str
    url: str
    """The address before GET parameters were appended."""
    hop: bool = False
    """Followed a redirect of HTTP's own."""
    unheeded: bool = False
    """Asked only for the record: the call had already gone elsewhere."""


async def tell_json(call: Call, url: str, body: str) -> Answer:
    """Post a JSON body; the address carries its hash, which is what is signed (Twilio docs, «Webhooks security»)."""
    address, patience = split(url)
    address += f"{'&' if '?' in address else '?'}bodySHA256={sha256(body.encode()).hexdigest()}"
    headers = {
        "X-Twilio-Signature": signature(Request("GET", address), call.carrier.auth_token),
        "I-Twilio-Idempotency-Token": call.carrier.new_token(),
        "User-Agent": "TwilioProxy/1.1",
        "Content-Type": "application/json",
        **_credentials(address),
    }
    request = Request("POST", _bare(address), {}, headers, body)
    call.carrier.log(Asked(call.now(), request, {}, "json", call.sid, address))
    return await call.carrier.edge.send(request, patience)


async def page(call: Call, url: str, method: str, more: dict[str, str]) -> Page:
    """The page at an address, performed next; raises DocumentFailed when there is none."""
    answer, final = await ask(call, url, method, more, kind="twiml")
    if answer.status >= 400:
        raise DocumentFailed(RETRIEVAL, f"answered {answer.status}", final)
    return Page((), final) if answer.status == NO_CONTENT else understand(answer, final)


def understand(answer: Answer, url: str) -> Page:
    """TwiML as TwiML, plain text spoken, sound played; anything else is content we do not take."""
    kind = answer.headers.get("content-type", "text/xml").partition(";")[0].strip().lower()
    if len(answer.body) > LARGEST_BODY and not kind.startswith("audio/"):
        raise DocumentFailed(BODY_TOO_LARGE, f"{len(answer.body)} bytes, at most {LARGEST_BODY}", url)
    if kind in XML_TYPES or kind.endswith("+xml"):
        return read(answer.body, url)
    if kind == "text/plain":
        return _plain(answer.body, url)
    if kind.startswith("audio/"):
        return Page((Element("Play", text=url),), url)
    raise DocumentFailed(CONTENT_TYPE, f"content of type {kind}", url)


def _plain(body: bytes, url: str) -> Page:
    """Plain text that is valid TwiML is performed, any other is read out (Twilio docs, TwiML: MIME types)."""
    try:
        return read(body, url)
    except DocumentFailed:
        return Page((Element("Say", text=body.decode("utf-8", "replace").strip()),), url)


async def ask(
    call: Call,
    url: str,
    method: str,
    more: dict[str, str],
    *,
    kind: str,
    unheeded: bool = False,
    alone: bool = False,
) -> tuple[Answer, str]:
    """Ask an address with the call's parameters, following redirects; the answer and the address that gave it.

    `alone` sends only `more`: what is told about things other than the call has parameters of its own.
    """
    params = more if alone else {**call.params(), **more}
    address, patience = split(url)
    for hop in range(MOST_REDIRECTS + 1):
        try_ = _Try(call, address, method, params, patience, call.carrier.new_token(), kind, hop > 0, unheeded)
        answer = await try_.answer()
        if answer.status not in {301, 302, 303, 307, 308} or "location" not in answer.headers:
            return answer, address
        address = split(urljoin(address, answer.headers["location"]))[0]
        method = method if answer.status in {307, 308} else "GET"
    raise DocumentFailed(TOO_MANY_REDIRECTS, f"more than {MOST_REDIRECTS} redirects", address)


@dataclass(frozen=True)
class _Try:
    """One request with its retries, all within the total time allowed."""

    call: Call
    url: str
    method: str
    params: dict[str, str]
    patience: Overrides
    token: str
    kind: str
    hop: bool
    unheeded: bool

    async def answer(self) -> Answer:
        """The answer of the first try that is not retried; raises DocumentFailed when there is none."""
        began = self.call.now()
        for tries_left in range(self.patience.retries, -1, -1):
            left = self.patience.total - (self.call.now() - began)
            try:
                answer = await self._once(replace(self.patience, total=left))
            except (CouldNotConnect, AnsweredTooLate) as error:
                failure = "ct" if isinstance(error, CouldNotConnect) else "rt"
                spent = self.call.now() - began >= self.patience.total
                if spent or not (tries_left and self.patience.retries_after(failure)):
                    raise DocumentFailed(CONNECTION, type(error).__name__, self.url) from None
                continue
            if answer.status < 400 or not (tries_left and self.patience.retries_after(f"{answer.status // 100}xx")):
                return answer
        raise AssertionError("the last try always answers or raises")

    async def _once(self, patience: Overrides) -> Answer:
        call = self.call
        request = made(self.url, self.method, self.params)
        headers = {
            "X-Twilio-Signature": signature(request, call.carrier.auth_token),
            "I-Twilio-Idempotency-Token": self.token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            **_credentials(self.url),
        }
        if self.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        cookies = call.cookies.header(self.url)
        request = replace(request, url=_bare(request.url), headers=headers | ({"Cookie": cookies} if cookies else {}))
        call.carrier.log(
            Asked(call.now(), request, self.params, self.kind, call.sid, self.url, self.hop, self.unheeded)
        )
        answer = await call.carrier.edge.send(request, patience)
        call.cookies.keep(self.url, list(answer.set_cookies))
        return answer


def _bare(url: str) -> str:
    """The address without name and password, which are signed but sent as a header."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def _credentials(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    if parts.username is None:
        return {}
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": "Basic " + b64encode(words.encode()).decode()}


def made(url: str, method: str, params: dict[str, str]) -> Request:
    """POST keeps the query in the address and sends a form; GET appends the parameters after the existing query."""
    if method == "POST":
        return Request("POST", url, params)
    return Request("GET", f"{url}{'&' if '?' in url else '?'}{urlencode(params)}")
