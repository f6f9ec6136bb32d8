"""How things look in JSON: dates, pages of a list, the form as a plain dict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any, TypeVar

from flask import Response, jsonify, request

from ivr.simulator.carrier import Carrier
from ivr.simulator.rest_calls import Refused

T = TypeVar("T")


def date(carrier: Carrier, at: float | None) -> str | None:
    """A moment of the network's clock as RFC 2822."""
    return None if at is None else formatdate(carrier.wall_time(at)).replace("-0000", "+0000")


def uri(carrier: Carrier, path: str) -> str:
    """An address within this account."""
    return f"/2010-04-01/Accounts/{carrier.account_sid}/{path}"


def form() -> dict[str, str]:
    """What was sent, one value each."""
    return {name: str(value) for name, value in request.form.items()}


def page(name: str, things: Iterable[dict[str, Any]]) -> Response:
    """One page of a list, with the address of the next."""
    everything = list(things)
    size, number = int(request.args.get("PageSize", 50)), int(request.args.get("Page", 0))
    first = number * size
    more = first + size < len(everything)
    following = f"{request.path}?PageSize={size}&Page={number + 1}" if more else None
    return jsonify(
        {
            name: everything[first : first + size],
            "page": number,
            "page_size": size,
            "uri": request.full_path,
            "first_page_uri": f"{request.path}?PageSize={size}&Page=0",
            "next_page_uri": following,
            "previous_page_uri": None,
            "start": first,
            "end": min(first + size, len(everything)) - 1,
        }
    )


def found(thing: T | None, what: str) -> T:
    """The thing, or 20404."""
    if thing is None:
        raise Refused(404, 20404, f"{what} was not found")
    return thing


Deed = Callable[[Carrier], T]
