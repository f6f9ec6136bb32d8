"""Flow: name the very seats, by keys or words: which part of the house, which row, from which seat on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from booking import Hall, read_hall
from callflows.answers import Choice, Number, Option
from callflows.language import RETURN, Call, Flow

SECTIONS_READ_OUT = 6


@dataclass
class Place:
    """What was keyed in so far, and which page of the sections is read out."""

    section: str = ""
    row: int = 0
    page: int = 0


flow = Flow("name_seats", first="section", data=Place)


def _hall(call: Call) -> Hall:
    return read_hall(call.booking.performance(call.said["performance"]).hall)


def _sections(call: Call) -> Sequence[Option]:
    hall = _hall(call)
    free = {name for category in call.booking.categories(call.said["performance"]) for name in category.sections}
    sections = [section for section in hall.sections if section.id in free]
    pages = max(1, -(-len(sections) // SECTIONS_READ_OUT))
    first = call.data.page % pages * SECTIONS_READ_OUT
    shown = [
        Option(section.id, str(key), (section.name(call.language),), {"section": dict(section.names)})
        for key, section in enumerate(sections[first : first + SECTIONS_READ_OUT], start=1)
    ]
    return [*shown, Option("more", "9", prompt="seats.more_sections")] if pages > 1 else shown


@flow.ask(
    "seats.section",
    Choice(offer=_sections, each="seats.section_option", patience="long"),
    to={"chosen": "row", "more": "more_sections"},
)
def section(call: Call, chosen: Any) -> str:
    """Which part of the house; only those with free seats are read out."""
    if chosen == "more":
        return "more"
    call.data.section = chosen
    return "chosen"


@flow.do(to={"turned": "section"})
def more_sections(call: Call) -> str:
    """Turn the page."""
    call.data.page += 1
    return "turned"


@flow.ask("seats.row", Number(high=99), to={"said": "seat"})
def row(call: Call, number: int) -> str:
    """The number of the row, or of the box."""
    call.data.row = number
    return "said"


@flow.ask("seats.seat", Number(high=99), to={"found": RETURN, "none": "no_such_seat"})
def seat(call: Call, number: int) -> str:
    """The first seat; the party sits from there on, side by side."""
    seats = from_seat_on(_hall(call), call.data.section, call.data.row, number, call.said["quantity"])
    if not seats:
        return "none"
    call.said["named"] = list(seats)
    return "found"


flow.tell("no_such_seat", "buy.no_such_seats", to="section")


def from_seat_on(hall: Hall, section: str, row: int, number: int, quantity: int) -> tuple[str, ...]:
    """So many seats side by side from this one on, outwards if they can; () if there are none."""
    for first in hall.find(row, (number,), (section,)):
        for run in hall.runs:
            if first in run:
                at = run.index(first)
                onward, back = run[at : at + quantity], run[max(0, at - quantity + 1) : at + 1]
                outward = (back, onward) if at < len(run) / 2 else (onward, back)
                return next((tuple(seats) for seats in outward if len(seats) == quantity), ())
    return ()
