"""A form of the desk as it was sent: its request id, the wish in it, and where its page stood."""

from __future__ import annotations

import re
from hashlib import blake2b
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl

from booking import BadWish, Hall, UnknownSeat, Wish

WISH_FIELDS = (
    "quantity", "category", "section", "max_price", "position", "side", "together", "step_free", "wheelchair",
    "strapontin", "row", "numbers", "tariff", "eligible",
)  # fmt: skip
"""What a wish for seats is made of on the page; kept when it was refused, so that nobody types twice."""
SEARCH_FIELDS = ("words", "production", "from", "to", "hall", "genre")
PAGE_FIELDS = (*SEARCH_FIELDS, "evening", "level", "order", "find", *WISH_FIELDS)
"""Everything that may stand in the address of a caller's page."""
_STEERING = ("csrf_token", "here", "request")


def fresh_request() -> str:
    """A new form's own number: sent twice, it is one wish."""
    return token_hex(8)


def request_of(call_id: str, path: str, form: Any) -> str:
    """The request id of a form: its number and its content, so that a changed form is another wish."""
    told = sorted((name, value) for name, value in form.items(multi=True) if name not in _STEERING)
    content = blake2b(repr((path, told)).encode("utf-8", "replace"), digest_size=6).hexdigest()
    return f"desk:{call_id[:48]}:{form.get('request', '')[:16] or token_hex(8)}:{content}"


def page_of(text: str) -> dict[str, Any]:
    """Where a caller's page stood, from its query; only what such a page knows."""
    return {name: value[:200] for name, value in parse_qsl(text[:4000]) if name in PAGE_FIELDS}


def wish_in(form: Any, hall: Hall) -> Wish:
    """The wish that a form makes in this hall; BadWish names the field that cannot be read."""
    together = {"yes": True, "no": False}.get(form.get("together", ""))
    section = _word(form, "section")
    named = _named(form, hall)
    row = _word(form, "row") if not named else None
    return Wish(
        quantity=len(named) or _number(form, "quantity") or 0,
        category=None if named else _word(form, "category"),
        sections=(section,) if section and not named else (),
        rows=(int(row) if row.isdecimal() else row,) if row else None,
        max_price=None if named else _cents(form, "max_price"),
        position=_word(form, "position"),  # type: ignore[arg-type]  # a wish may be made of anything: booking looks
        side=_word(form, "side"),  # type: ignore[arg-type]
        together=together, named=named, step_free=bool(form.get("step_free")),
        wheelchair=max(_number(form, "wheelchair") or 0, _wheelchairs(named, hall)),
        strapontin=bool(form.get("strapontin")),
    )  # fmt: skip


def _named(form: Any, hall: Hall) -> tuple[str, ...]:
    """Seats clicked on the plan, or row and numbers as they are read out."""
    clicked = tuple(dict.fromkeys(filter(None, form.get("seats", "").split(","))))
    if clicked:
        return clicked[:20]
    numbers = [int(number) for number in re.findall(r"\d+", form.get("numbers", ""))][:20]
    row = form.get("row", "").strip()
    if not numbers or not row:
        return ()
    within = hall.sections_named(form.get("section", "")) if form.get("section") else ()
    found = hall.find(int(row) if row.isdecimal() else row, numbers, within)
    if not found:
        raise UnknownSeat("named", f"{row} {numbers}", f"{hall.id}:{form.get('section', '')}:{row}:{numbers[0]}")
    return found


def _wheelchairs(named: tuple[str, ...], hall: Hall) -> int:
    """Who clicks on wheelchair places means them."""
    return sum(seat in hall.by_id and hall.by_id[seat].kind == "wheelchair" for seat in named)


def _word(form: Any, name: str) -> str | None:
    return form.get(name, "").strip()[:40] or None


def _number(form: Any, name: str) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadWish(name, text[:20])
    return int(text)


def _cents(form: Any, name: str) -> int | None:
    euros = _number(form, name)
    return None if euros is None else euros * 100
