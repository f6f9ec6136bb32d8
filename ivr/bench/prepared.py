"""Prepared calls: every request is signed and written out before the clock starts; the client costs little."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlencode

from ivr.bench.floor import BARE
from ivr.settings import Settings
from ivr.simulator.edge import Request
from ivr.simulator.signature import signature

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "X-Twilio-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{body}"
)
_LENGTH, _NOTHING = b"\r\ncontent-length: ", b"HTTP/1.1 204"


class WrongAnswer(Exception):
    """The server did not answer as the call expected: the measurement would mean nothing."""


@dataclass(frozen=True)
class Prepared:
    """A request as it goes over the wire, and what its answer must hold."""

    sent: bytes
    expected: bytes


def buying(settings: Settings, call: str, keys: list[str]) -> list[Prepared]:
    """Everything the carrier sends in one call: incoming, every answer by key, ended."""
    form = _form(settings, call)
    turns = [
        _prepared(
            settings, f"/voice/turn?turn={turn}&language=fr&takes=0", {**form, "Digits": key}, f"turn={turn + 1}&"
        )
        for turn, key in enumerate(keys)
    ]
    ended = _prepared(settings, "/voice/ended", {**form, "CallStatus": "completed"}, "")
    return [_prepared(settings, "/voice/incoming", form, "turn=0&"), *turns, ended]


def bare(settings: Settings, call: str, requests: int) -> list[Prepared]:
    """As many requests of the same size to the bare view."""
    return [_prepared(settings, BARE, {**_form(settings, call), "Digits": "1"}, "<Gather")] * requests


def _form(settings: Settings, call: str) -> dict[str, str]:
    return {"CallSid": call, "From": "+33612345678", "To": settings.house_number, "CallStatus": "in-progress"}


def _prepared(settings: Settings, path: str, form: dict[str, str], expected: str) -> Prepared:
    signed, body = signature(Request("POST", settings.base_url + path, form), settings.auth_token), urlencode(form)
    sent = _HEAD.format(
        path=path, host=settings.host, port=settings.port, signature=signed, length=len(body), body=body
    )  # fmt: skip
    return Prepared(sent.encode(), expected.replace("&", "&amp;").encode())


def place(settings: Settings, call: list[Prepared]) -> list[float]:
    """One whole call on a connection of its own; the seconds of each of its requests."""
    line = HTTPConnection(settings.host, settings.port)
    line.connect()
    try:
        return [_ask(line, request) for request in call]
    finally:
        line.close()


def ask(settings: Settings, path: str) -> str:
    """One question by GET."""
    line = HTTPConnection(settings.host, settings.port)
    try:
        line.request("GET", path)
        return line.getresponse().read().decode()
    finally:
        line.close()


def _ask(line: HTTPConnection, request: Prepared) -> float:
    started = perf_counter()
    line.sock.sendall(request.sent)
    answer = _answer(line)
    seconds = perf_counter() - started
    if not answer.startswith(b"HTTP/1.1 20") or request.expected not in answer:
        raise WrongAnswer(request.sent.decode(), answer.decode())
    return seconds


def _answer(line: HTTPConnection) -> bytes:
    """Head and body; the standard library's reader would cost half as much as the bare view itself."""
    answer = b""
    while True:
        received = line.sock.recv(65536)
        answer += received
        head, found, body = answer.partition(b"\r\n\r\n")
        if not received or (found and (head.startswith(_NOTHING) or len(body) >= _length(head))):
            return answer


def _length(head: bytes) -> int:
    at = head.lower().index(_LENGTH) + len(_LENGTH)
    return int(head[at:].split(b"\r\n", 1)[0])
