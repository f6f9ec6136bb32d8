"""How things look in JSON: dates, pages of a list, filters, the form as a plain dict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request

from ivr.simulator.carrier import Carrier
from ivr.simulator.rest_calls import Refused

T = TypeVar("T")
PAGE, LARGEST_PAGE = 50, 1000
BAD_PARAMETER = 20001
NOT_FOUND = 20404


def date(carrier: Carrier, at: float | None) -> str | None:
    """A moment of the network's clock as RFC 2822."""
    return None if at is None else formatdate(carrier.wall_time(at)).replace("-0000", "+0000")


def uri(carrier: Carrier, path: str) -> str:
    """An address within this account."""
    return f"/2010-04-01/Accounts/{carrier.account_sid}/{path}"


def form() -> dict[str, str]:
    """What was sent, one value each."""
    return {name: str(value) for name, value in request.form.items()}


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A number from the query; nonsense is refused, too much is cut."""
    written = request.args.get(name, "")
    if not written:
        return default
    if not written.isdigit() or int(written) < least:
        raise Refused(400, BAD_PARAMETER, f"{name}={written} is not a number from {least}")
    return int(written) if most is None else min(most, int(written))


def page(name: str, things: Iterable[dict[str, Any]]) -> Response:
    """One page of a list, with the addresses of its neighbours; filters stay in them."""
    everything = list(things)
    size, at = number("PageSize", PAGE, least=1, most=LARGEST_PAGE), number("Page", 0)
    first = at * size

    def address(which: int) -> str:
        kept = [(key, value) for key, value in request.args.items(multi=True) if key not in {"Page", "PageSize"}]
        return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', which)])}"

    return jsonify(
        {
            name: everything[first : first + size],
            "page": at,
            "page_size": size,
            "uri": address(at),
            "first_page_uri": address(0),
            "next_page_uri": address(at + 1) if first + size < len(everything) else None,
            "previous_page_uri": address(at - 1) if at else None,
            "start": first,
            "end": max(first, min(first + size, len(everything)) - 1),
        }
    )


def fits(**wanted: Any) -> bool:
    """Does a thing have all the values that the query filters by? `To=call.to` compares the query's To."""
    return all(
        request.args[name].lower() == str(value).lower() for name, value in wanted.items() if request.args.get(name)
    )


def in_time(carrier: Carrier, name: str, at: float | None) -> bool:
    """Is a moment on the day, or before or after the moment, that the query asks for (Name, Name<, Name>)?"""
    for sign in ("", "<", ">"):
        written = request.args.get(name + sign)
        if written and (at is None or not _compare(sign, datetime.fromtimestamp(carrier.wall_time(at), UTC), written)):
            return False
    return True


def _compare(sign: str, moment: datetime, written: str) -> bool:
    try:
        asked = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        raise Refused(400, BAD_PARAMETER, f"{written} is no date") from None
    asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
    if sign == "<":
        return moment <= (asked + timedelta(days=1) if len(written) == 10 else asked)
    if sign == ">":
        return moment >= asked
    return moment.date() == asked.date()


def found(thing: T | None, what: str = "") -> T:
    """The thing, or 20404 in the API's own words."""
    if thing is None:
        raise Refused(404, NOT_FOUND, f"The requested resource {request.path} was not found")
    return thing


def is_true(sent: dict[str, str], name: str, default: bool) -> bool:
    """A flag of the form, as it stands when it was not sent."""
    return sent[name].lower() == "true" if name in sent else default


Deed = Callable[[Carrier], T]
