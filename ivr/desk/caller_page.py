"""A caller's page: everything an agent sees while she serves one call, put together anew for each look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from booking import BookingError, Clerk, Order, Performance
from ivr.desk.after_sales import Swap
from ivr.desk.basket import Lost
from ivr.desk.desk import Desk
from ivr.desk.evening import Evenings, Panel
from ivr.desk.glance import Glance
from ivr.desk.people import Found, Person
from ivr.desk.queue import Waiting
from ivr.desk.search import Results, Sought


@dataclass(frozen=True)
class OpenOrder:
    """An order opened at the desk, and the held seats that could take the place of its own."""

    order: Order
    swaps: tuple[Swap, ...]


@dataclass(frozen=True)
class CallerPage:
    """The call, the search, the evening and the order that are open, and who she is."""

    glance: Glance
    lost: tuple[Lost, ...]
    sought: Sought
    results: Results
    panel: Panel | None
    person: Person | None
    order: OpenOrder | None
    no_order: str
    found: Found | None


class CallerPages:
    """Puts callers' pages together."""

    def __init__(self, desk: Desk, evenings: Evenings) -> None:
        self._desk, self._evenings = desk, evenings

    def of(self, caller: Waiting, args: Mapping[str, str], language: str) -> CallerPage:
        """Everything, as the page's address asks for it."""
        desk = self._desk
        glance = desk.glances.of(caller, lines=200)
        customer = glance.customer
        clerk = desk.till.clerk(caller.call_id)
        sought = desk.search.sought(args, glance.said, language) if desk.search else Sought()
        results = desk.search.found(clerk, sought) if desk.search else Results()
        lost = self.lost(glance)
        evening = self._evening(clerk, args, glance, sought, results)
        if evening is None and lost and not args:
            evening = _known(clerk, lost[0].evening)
        said = sought.said if sought.words else {**glance.said, **sought.said}
        panel = evening and self._evenings.panel(
            clerk, evening, args, said, glance.holds, customer.id if customer else "", language
        )
        order, no_order = self._order(args.get("order", ""), glance)
        return CallerPage(
            glance, lost, sought, results, panel or None,
            desk.people.person(customer) if customer else None, order, no_order,
            desk.people.find(args["find"]) if args.get("find") else None,
        )  # fmt: skip

    def lost(self, glance: Glance) -> tuple[Lost, ...]:
        """Seats of this caller that somebody else took when their time was over."""
        return self._desk.baskets.lost(glance.caller.call_id, glance.holds)

    def _evening(
        self, clerk: Clerk, args: Mapping[str, str], glance: Glance, sought: Sought, results: Results
    ) -> Performance | None:
        """The one asked for; else the only one the words meant; else the one held or chosen on the telephone."""
        if args.get("evening"):
            return _known(clerk, args["evening"])
        if sought.words:
            only = len(results.evenings) == 1 and results.exact
            return results.evenings[0].evening if only else None
        if args:
            return None
        if glance.holds:
            held: Performance = glance.holds[0].performance
            return held
        return _known(clerk, str(glance.said.get("performance", "")))

    def _order(self, reference: str, glance: Glance) -> tuple[OpenOrder | None, str]:
        """The order that is open, or the reference that nobody knows."""
        if not reference:
            return None, ""
        try:
            order = self._desk.after_sales.order(reference)
        except BookingError:
            return None, reference[:20]
        return OpenOrder(order, self._desk.after_sales.swaps(order, glance.holds)), ""


def _known(clerk: Clerk, evening: str) -> Performance | None:
    try:
        return clerk.performance(evening) if evening else None
    except BookingError:
        return None
