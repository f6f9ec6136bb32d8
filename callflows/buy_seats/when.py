"""Steps: which evening, by date, by word or from the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callflows.answers import Choice, DayMonth, Option
from callflows.buy_seats.purchase import (
    DATES_READ_OUT,
    flow,
    moment_of,
    on_the_programme,
    the_production,
    title_of,
)
from callflows.evenings import WHEN, fitting, nearest
from callflows.language import Call
from callflows.options import words_for


@flow.ask("buy.when", DayMonth(), slot="date", fills=("performance", *WHEN), to={"said": "find"})
def when(call: Call, day: Any) -> str:
    """A day, a weekday, a month, «la première»; or day and month on the keys, or 1 for the next dates."""
    if day == "next":
        call.forget("date")
        call.said["any_date"] = True
    return "said"


@flow.do(to={"one": "how_many", "several": "choose", "none": "no_such_date"})
def find(call: Call) -> str:
    """Hold what was said about the day against the calendar."""
    performances = on_the_programme(call)
    if call.said.get("performance") in {p.id for p in performances}:
        return "one"
    found = fitting(performances, call.said)
    call.data.dates, call.data.page = [p.id for p in found or nearest(performances, call.said)], 0
    if len(found) == 1:
        call.said["performance"] = found[0].id
        return "one"
    return "several" if found else "none"


flow.tell("no_such_date", "buy.no_such_date", to="choose", tells=title_of)


def _dates(call: Call) -> Sequence[Option]:
    by_id = {p.id: p for p in the_production(call).performances}
    dates = [by_id[name] for name in call.data.dates if name in by_id]
    pages = max(1, -(-len(dates) // DATES_READ_OUT))
    first = call.data.page % pages * DATES_READ_OUT
    shown = [
        Option(p.id, str(key), (), moment_of(p)) for key, p in enumerate(dates[first : first + DATES_READ_OUT], start=1)
    ]
    words = words_for("more.more", call.language)
    more = Option("more", "9", words, prompt="buy.more_dates", confirm="no")
    return (*shown, more) if pages > 1 else shown


@flow.ask(
    "buy.dates",
    Choice(offer=_dates, each="buy.date_option", context="ask_performance", patience="long"),
    slot="performance",
    also={"more_options": "more"},
    to={"chosen": "how_many", "more": "more_dates"},
)
def choose(call: Call, performance: Any) -> str:
    """Three dates at a time; 9 for the next ones."""
    if performance == "more":
        return "more"
    call.data.page = 0
    return "chosen"


@flow.do(to={"turned": "choose"})
def more_dates(call: Call) -> str:
    """Turn the page of the calendar."""
    call.forget("performance")
    call.data.page += 1
    return "turned"
