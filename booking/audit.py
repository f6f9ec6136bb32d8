"""The audit: the present rebuilt from the ledger alone, and compared with what the tables say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from booking.house import House
from booking.store import claims, ledger
from booking.store import orders as order_rows
from booking.store.ledger import Written

Place = tuple[str, str]
"""(performance, seat)"""


@dataclass
class _Rebuilt:
    """The state after so many entries."""

    seats: dict[Place, tuple[str, int | None]] = field(default_factory=dict)
    """(state, held until) of every seat that is taken."""
    owners: dict[Place, str] = field(default_factory=dict)
    money: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def apply(self, entry: Written) -> None:
        """One entry; what it takes must have been free, lapsed or its own."""
        for seat in entry.freed.split():
            place = (entry.performance, seat)
            if self.seats.pop(place, None) is None:
                self.wrong.append(f"entry {entry.no} ({entry.deed}) frees {place}, which nobody had")
            self.owners.pop(place, None)
        for seat in entry.took.split():
            place = (entry.performance, seat)
            if not self._may_take(entry, place):
                self.wrong.append(f"entry {entry.no} ({entry.deed}) takes {place}, which {self.owners[place]} had")
            self.seats[place] = (entry.state, entry.held_until)
            self.owners[place] = entry.about
        if entry.cents:
            self.money[entry.about] += entry.cents

    def _may_take(self, entry: Written, place: Place) -> bool:
        state, until = self.seats.get(place, ("free", None))
        if state == "free":
            return True
        if entry.deed in ("extend", "hand_over", "sell", "exchange", "reseat"):
            return state == "held"
        return state == "held" and until is not None and until <= entry.at


@dataclass(frozen=True)
class Audit:
    """What the audit found; `wrong` is empty when all is well."""

    entries: int
    seats: int
    orders: int
    cents: int
    wrong: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether ledger and tables tell the same story."""
        return not self.wrong


def audit(house: House) -> Audit:
    """Read the whole ledger, then the tables, in one transaction that nobody can write into."""
    rebuilt, entries = _Rebuilt(), 0
    with house.books.snapshot() as tx:
        for entry in ledger.all_entries(tx):
            rebuilt.apply(entry)
            entries += 1
        rows = claims.everything(tx)
        orders = order_rows.everything(tx)
    wrong = rebuilt.wrong + _compare_seats(rebuilt, rows) + _compare_orders(rebuilt, rows, orders)
    return Audit(entries, len(rows), len(orders), sum(rebuilt.money.values()), tuple(wrong))


def _compare_seats(rebuilt: _Rebuilt, rows: list[claims.ClaimRow]) -> list[str]:
    told = {(row.performance, row.seat): (row.state, row.held_until) for row in rows}
    return [
        f"{place}: the ledger says {rebuilt.seats.get(place, 'free')}, the table {told.get(place, 'free')}"
        for place in sorted(told.keys() | rebuilt.seats.keys())
        if told.get(place) != rebuilt.seats.get(place)
    ]


def _compare_orders(
    rebuilt: _Rebuilt, rows: list[claims.ClaimRow], orders: list[order_rows.OrderRow]
) -> list[str]:
    sold = {(row.performance, row.seat): row.reference for row in rows if row.state == "sold"}
    wrong, listed = [], {}
    for order in orders:
        if order.paid - order.refunded != rebuilt.money[order.reference]:
            wrong.append(f"order {order.reference}: the ledger has {rebuilt.money[order.reference]} cents, "
                         f"the order {order.paid - order.refunded}")
        for line in order.lines:
            if line["state"] == "sold":
                listed[(line["performance"], line["seat"])] = order.reference
    for place in sorted(sold.keys() | listed.keys()):
        if sold.get(place) != listed.get(place):
            wrong.append(f"{place}: sold to {sold.get(place)} by the seats, to {listed.get(place)} by the orders")
    return wrong
