"""The purchase: what it has come to so far, and the flow whose steps the other files of this package write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from booking import Performance, Production
from callflows.language import Call, Flow

MOST_SEATS = 9
"""Ten seats and more are a group."""

DATES_READ_OUT = 3
CATEGORIES_READ_OUT = 5
TITLES_READ_OUT = 4


@dataclass
class Purchase:
    """What this purchase has come to: the dates and seats offered, the hold, the reference."""

    titles: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    page: int = 0
    hold: str = ""
    held_for: str = ""
    offer: dict[str, Any] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)
    move: str = ""
    opens: str = ""
    limit: int = 0
    cheapest: int = 0
    instead: list[str] = field(default_factory=list)
    reference: str = ""
    total: int = 0


flow = Flow("buy_seats", first="narrow", data=Purchase, form=True)


def the_production(call: Call) -> Production:
    """The production that the caller chose."""
    return next(p for p in call.booking.programme() if p.id == call.said["production"])


def on_the_programme(call: Call) -> list[Performance]:
    """Its performances still to come and open to everyone."""
    everyone = [p for p in the_production(call).performances if p.kind != "avant_premiere_jeunes"]
    return [p for p in everyone if p.starts_at > call.now]


def the_performance(call: Call) -> Performance:
    """The evening that the caller chose."""
    return next(p for p in the_production(call).performances if p.id == call.said["performance"])


def title_of(call: Call) -> dict[str, Any]:
    """The title as a prompt's slot."""
    return {"title": the_production(call).title}


def moment_of(performance: Performance) -> dict[str, Any]:
    """Its moment as slots: for the sentence, and for the understanding («celle du dimanche»)."""
    local = performance.local
    return {
        "when": local.isoformat(timespec="minutes"),
        "date": local.date().isoformat(),
        "time": local.strftime("%H:%M"),
    }
