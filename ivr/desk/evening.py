"""Evening: one performance opened at the desk, with prices, what is free, the plan, and the wish begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from booking import BookingError, CategoryOpen, Clerk, Hall, Hold, OnSale, Performance, Waiting, read_hall
from booking.seating.occupancy import seat_states
from ivr.desk.after_sales import AfterSales
from ivr.desk.forms import WISH_FIELDS
from ivr.desk.plan import House, Plan, draw
from ivr.desk.search import section_in


@dataclass(frozen=True)
class Panel:
    """All an agent needs to sell seats of one performance; `wish` are the values the form begins with."""

    evening: Performance
    on_sale: OnSale
    hall: Hall
    categories: tuple[CategoryOpen, ...]
    tariffs: tuple[Any, ...]
    plan: Plan
    wish: Mapping[str, str]
    waiting: tuple[Waiting, ...]
    hold: Hold | None


class Evenings:
    """Opens evenings."""

    def __init__(self, booking: Any, after_sales: AfterSales, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._booking, self._after_sales, self._engine, self._clock = booking, after_sales, engine, clock

    def panel(
        self, clerk: Clerk, evening: Performance, args: Mapping[str, str], said: Mapping[str, Any],
        holds: tuple[Hold, ...], customer: str, language: str,
    ) -> Panel:  # fmt: skip
        """Everything about this evening as of now."""
        hall = read_hall(evening.hall)
        hold = next((hold for hold in holds if hold.performance.id == evening.id), None)
        try:
            categories = clerk.categories(evening.id)
        except BookingError:
            categories = ()
        taken = seat_states(self._engine, evening.id, self._clock())
        mine = frozenset(seat.id for seat in hold.seats) if hold else frozenset()
        on_sale = clerk.on_sale(evening.id)
        open_now = frozenset(each.id for each in categories) if on_sale.state == "open" else frozenset()
        level = args.get("level", "")
        plan = draw(hall, House(taken, mine, open_now), int(level) if level.isdecimal() else None, language)
        return Panel(
            evening, on_sale, hall, categories, self._tariffs(evening), plan, wish_begun(args, said, evening, hold),
            self._after_sales.waiting_of(evening.id, customer), hold,
        )  # fmt: skip

    def _tariffs(self, evening: Performance) -> tuple[Any, ...]:
        """Those of this evening that agents may use, the usual one first."""
        known = {tariff.id: tariff for tariff in self._booking.tariffs()}
        named = (known[name] for name in evening.tariffs if name in known)
        return tuple(tariff for tariff in named if tariff.open_to("agent"))


def wish_begun(
    args: Mapping[str, str], said: Mapping[str, Any], evening: Performance, hold: Hold | None = None
) -> dict[str, str]:
    """The form's values: as they were sent and refused; else what the words said, as far as the form can show it."""
    sent = {name: args[name] for name in WISH_FIELDS if args.get(name)}
    if sent:
        return sent
    plain = ("quantity", "category", "max_price", "position", "side")
    told = {name: str(said[name]) for name in plain if said.get(name)}
    flags = {name: "yes" for name in ("step_free", "strapontin") if said.get(name)}
    if said.get("wheelchair"):
        told["wheelchair"] = str(int(said["wheelchair"]))
    if isinstance(said.get("row"), int):
        told["row"] = str(said["row"])
        told |= {"numbers": " ".join(map(str, said["seats"]))} if isinstance(said.get("seats"), list) else {}
    section = section_in(said, evening)
    held = str(len(hold.seats)) if hold else "2"
    return {"quantity": held, **told, **flags, **({"section": section} if section else {})}
