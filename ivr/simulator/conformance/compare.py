"""Compares what came of a case with what it expects: one function per expectation, each giving its differences."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ivr.simulator.asking import Asked
from ivr.simulator.conformance.outcome import Outcome

TOLERANCE = 0.05
DEFAULTS = {"voice": "man"}
"""What speaks when nothing else is said (Twilio docs, TwiML Say)."""
Difference = Callable[[Any, Outcome], list[str]]


def differences(expect: dict[str, Any], outcome: Outcome) -> list[str]:
    """Every difference; an expectation nobody here understands is one too."""
    found = []
    for name, wanted in expect.items():
        compare = EXPECTATIONS.get(name)
        found += compare(wanted, outcome) if compare else [f"{name}: this expectation is not known here"]
    return found


def at_time(wanted: Any, got: float | None) -> bool:
    """Is this the moment, or within the span [earliest, latest]?"""
    if got is None:
        return wanted is None
    first, last = wanted if isinstance(wanted, list) else (wanted, wanted)
    return bool(first - TOLERANCE <= got <= last + TOLERANCE)


def is_like(wanted: Any, got: Any) -> bool:
    """Exactly equal, or matching the expression after ~."""
    if isinstance(wanted, str) and wanted.startswith("~"):
        return got is not None and re.fullmatch(wanted[1:], str(got), re.DOTALL) is not None
    return got is not None and str(wanted) == str(got)


def of_request(wanted: dict[str, Any], asked: Asked) -> list[str]:
    """How one request differs from the one that was expected."""
    found = []
    request = asked.request
    if "method" in wanted and wanted["method"].upper() != request.method:
        found.append(f"method {request.method}, not {wanted['method']}")
    if "url" in wanted and not any(is_like(wanted["url"], url) for url in (asked.url, request.url)):
        found.append(f"address {asked.url}, not {wanted['url']}")
    if "t" in wanted and not at_time(wanted["t"], asked.at):
        found.append(f"at {asked.at:g} s, not {wanted['t']}")
    for name, value in (wanted.get("params") or {}).items():
        if not is_like(value, asked.params.get(name)):
            found.append(f"{name}={asked.params.get(name)!r}, not {value!r}")
    for name, value in (wanted.get("headers") or {}).items():
        if not is_like(value, _header(asked, name)):
            found.append(f"header {name}={_header(asked, name)!r}, not {value!r}")
    return found + _of_presence(wanted, asked)


def _of_presence(wanted: dict[str, Any], asked: Asked) -> list[str]:
    found = [f"{name} is there" for name in wanted.get("absent", ()) if name in asked.params]
    found += [f"{name} is not empty" for name in wanted.get("absent_or_empty", ()) if asked.params.get(name)]
    return found + [f"{name} is missing" for name in wanted.get("present", ()) if name not in asked.params]


def _header(asked: Asked, name: str) -> str | None:
    return {key.lower(): value for key, value in asked.request.headers.items()}.get(name.lower())


# --- requests -----------------------------------------------------------------------------------------------------


def requests(wanted: list[dict[str, Any]], outcome: Outcome) -> list[str]:
    """Exactly these, in this order.

    Hops of an HTTP redirect, and requests that the cases' own notes leave undetermined, may be listed or not.
    """
    got = outcome.twiml_requests
    readings = [
        got,
        [one for one in got if not one.hop],
        [one for one in got if not one.unheeded],
        [one for one in got if not one.hop and not one.unheeded],
    ]
    found = [_in_order(wanted, reading) for reading in readings]
    return min(found, key=bool) if not all(found) else found[0]


def _in_order(wanted: list[dict[str, Any]], got: list[Asked]) -> list[str]:
    if len(wanted) != len(got):
        listed = ", ".join(f"{asked.request.method} {asked.url} at {asked.at:g}" for asked in got[:12])
        return [f"requests: {len(got)}, not {len(wanted)}: {listed}"]
    return [
        f"request {number}: {difference}"
        for number, (one, asked) in enumerate(zip(wanted, got, strict=True), 1)
        for difference in of_request(one, asked)
    ]


def requests_contain(wanted: list[dict[str, Any]], outcome: Outcome) -> list[str]:
    """Each of these somewhere among all requests."""
    return [
        f"requests_contain: none is like {one}"
        for one in wanted
        if not any(not of_request(one, asked) for asked in outcome.requests)
    ]


def requests_absent(wanted: list[dict[str, Any]], outcome: Outcome) -> list[str]:
    """None of these anywhere."""
    return [
        f"requests_absent: {one} was asked"
        for one in wanted
        if any(not of_request(one, asked) for asked in outcome.requests)
    ]


def last_request(wanted: dict[str, Any], outcome: Outcome) -> list[str]:
    """The last of those whose answers are performed."""
    got = outcome.twiml_requests
    return [f"last_request: {difference}" for difference in of_request(wanted, got[-1])] if got else ["no request"]


def status_callbacks(wanted: list[Any], outcome: Outcome) -> list[str]:
    """The status callbacks in order of arrival: statuses, or requests."""
    got = [asked for asked in outcome.requests if asked.kind == "status"]
    if len(got) != len(wanted):
        return [f"status callbacks: {[asked.params['CallStatus'] for asked in got]}, not {len(wanted)}"]
    as_requests = [one if isinstance(one, dict) else {"params": {"CallStatus": one}} for one in wanted]
    as_requests = [one if {"params", "url", "t", "method"} & set(one) else {"params": one} for one in as_requests]
    return [
        f"status callback {number}: {difference}"
        for number, (one, asked) in enumerate(zip(as_requests, got, strict=True), 1)
        for difference in of_request(one, asked)
    ]


def same_header(wanted: str, outcome: Outcome) -> list[str]:
    """One value of this header for all tries of one request; the last address asked is the one tried again."""
    if not outcome.twiml_requests:
        return ["same_header: no request"]
    url = outcome.twiml_requests[-1].url
    values = {_header(asked, wanted) for asked in outcome.twiml_requests if asked.url == url}
    return [] if len(values) == 1 and None not in values else [f"{wanted}: {values}"]


# --- heard --------------------------------------------------------------------------------------------------------


def heard(wanted: list[str], outcome: Outcome) -> list[str]:
    """Exactly these texts and addresses, in order."""
    got = [piece.heard for piece in outcome.heard]
    same = len(got) == len(wanted) and all(is_like(one, each) for one, each in zip(wanted, got, strict=True))
    return [] if same else [f"heard {got[:12]}, not {wanted}"]


def heard_any(wanted: list[list[str]], outcome: Outcome) -> list[str]:
    """One of these lists."""
    return [] if any(not heard(one, outcome) for one in wanted) else heard(wanted[0], outcome)


def heard_contains(wanted: Any, outcome: Outcome) -> list[str]:
    """These among others."""
    got = [piece.heard for piece in outcome.heard]
    each = wanted if isinstance(wanted, list) else [wanted]
    return [f"{one!r} was not heard" for one in each if not any(is_like(one, text) for text in got)]


def heard_last(wanted: str, outcome: Outcome) -> list[str]:
    """This at the end."""
    got = outcome.heard[-1].heard if outcome.heard else None
    return [] if is_like(wanted, got) else [f"heard last {got!r}, not {wanted!r}"]


def heard_first(wanted: str, outcome: Outcome) -> list[str]:
    """This at the beginning."""
    got = outcome.heard[0].heard if outcome.heard else None
    return [] if is_like(wanted, got) else [f"heard first {got!r}, not {wanted!r}"]


def heard_count(wanted: int, outcome: Outcome) -> list[str]:
    """So many pieces."""
    return [] if len(outcome.heard) == wanted else [f"heard {len(outcome.heard)} pieces, not {wanted}"]


def heard_at(wanted: list[Any], outcome: Outcome) -> list[str]:
    """The moments at which pieces began."""
    return _moments("heard_at", wanted, [piece.at for piece in outcome.heard])


def cut_at(wanted: list[Any], outcome: Outcome) -> list[str]:
    """The moments at which pieces were interrupted."""
    return _moments("cut_at", wanted, [piece.until for piece in outcome.heard if piece.cut])


def _moments(name: str, wanted: Any, got: list[Any]) -> list[str]:
    each = wanted if isinstance(wanted, list) else [wanted]
    same = len(each) == len(got) and all(at_time(one, moment) for one, moment in zip(each, got, strict=True))
    return [] if same else [f"{name}: {[round(moment, 3) for moment in got[:12]]}, not {wanted}"]


def tones(wanted: str, outcome: Outcome) -> list[str]:
    """The keys sent as tones."""
    return [] if is_like(wanted, outcome.tones) else [f"tones {outcome.tones!r}, not {wanted!r}"]


def say(wanted: list[dict[str, str]], outcome: Outcome) -> list[str]:
    """What was spoken, with language and voice."""
    spoken = [piece for piece in outcome.heard if piece.text]
    if len(spoken) != len(wanted):
        return [f"said {len(spoken)} texts, not {len(wanted)}"]
    return [
        f"say: {name} {getattr(piece, name)!r}, not {value!r}"
        for one, piece in zip(wanted, spoken, strict=True)
        for name, value in one.items()
        if not is_like(value, getattr(piece, name, None) or DEFAULTS.get(name))
    ]


# --- the call -----------------------------------------------------------------------------------------------------


def end(wanted: Any, outcome: Outcome) -> list[str]:
    """The final status."""
    each = wanted if isinstance(wanted, list) else [wanted]
    return [] if outcome.call.status in each else [f"ended {outcome.call.status}, not {wanted}"]


def ended_at(wanted: Any, outcome: Outcome) -> list[str]:
    """The moment of the end."""
    return [] if at_time(wanted, outcome.call.ended_at) else [f"ended at {outcome.call.ended_at}, not {wanted}"]


def answered(wanted: bool, outcome: Outcome) -> list[str]:
    """Was the call answered?"""
    got = outcome.call.answered_at is not None
    return [] if got is wanted else [f"answered: {got}, not {wanted}"]


def answered_at(wanted: Any, outcome: Outcome) -> list[str]:
    """The moment of the answer."""
    return (
        [] if at_time(wanted, outcome.call.answered_at) else [f"answered at {outcome.call.answered_at}, not {wanted}"]
    )


def treatment(wanted: str, outcome: Outcome) -> list[str]:
    """What an unanswered caller heard."""
    return [] if outcome.call.treatment == wanted else [f"treatment {outcome.call.treatment!r}, not {wanted!r}"]


def dialed(wanted: list[str], outcome: Outcome) -> list[str]:
    """The numbers rung, in order."""
    got = [leg.to for leg in outcome.others if leg.direction == "outbound-dial"]
    bare = [address.removeprefix("client:") for address in got]
    return [] if wanted in (got, bare) else [f"dialed {got}, not {wanted}"]


def dialed_from(wanted: str, outcome: Outcome) -> list[str]:
    """The number that the called party sees."""
    got = [leg.from_ for leg in outcome.others if leg.direction == "outbound-dial"]
    return [] if got and all(is_like(wanted, number) for number in got) else [f"dialed from {got}, not {wanted}"]


def connected(wanted: Any, outcome: Outcome) -> list[str]:
    """The number that talked with the caller."""
    got = [leg.to for leg in outcome.others if leg.direction == "outbound-dial" and leg.status == "completed"]
    return [] if got == [wanted] or (not got and not wanted) else [f"connected {got}, not {wanted}"]


def ws(wanted: list[str], outcome: Outcome) -> list[str]:
    """The sockets opened, in order."""
    return [] if outcome.sockets == wanted else [f"sockets {outcome.sockets}, not {wanted}"]


# --- complaints ---------------------------------------------------------------------------------------------------


def any_code(wanted: Any, outcome: Outcome) -> list[str]:
    """Any of these error or warning numbers; an empty list wants none."""
    each = wanted if isinstance(wanted, list) else [wanted]
    if not each:
        return [f"errors {outcome.codes}, not none"] if outcome.codes else []
    return [] if set(each) & set(outcome.codes) else [f"errors {outcome.codes}, none of {each}"]


def lint(wanted: Any, outcome: Outcome) -> list[str]:
    """All of these names."""
    each = wanted if isinstance(wanted, list) else [wanted]
    return [f"lint {name!r} is missing from {outcome.lints}" for name in each if name not in outcome.lints]


EXPECTATIONS: dict[str, Difference] = {
    "requests": requests,
    "requests_contain": requests_contain,
    "requests_absent": requests_absent,
    "last_request": last_request,
    "status_callbacks": status_callbacks,
    "same_header": same_header,
    "heard": heard,
    "heard_any": heard_any,
    "heard_contains": heard_contains,
    "heard_last": heard_last,
    "heard_first": heard_first,
    "heard_count": heard_count,
    "heard_at": heard_at,
    "cut_at": cut_at,
    "say": say,
    "tones": tones,
    "end": end,
    "ended_at": ended_at,
    "answered": answered,
    "answered_at": answered_at,
    "treatment": treatment,
    "dialed": dialed,
    "dialed_from": dialed_from,
    "connected": connected,
    "ws": ws,
    "error": any_code,
    "warning": any_code,
    "lint": lint,
}
