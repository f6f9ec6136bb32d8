"""Seats a caller names: «rang 12, places 15 et 17». These or none."""

from __future__ import annotations

from booking.halls.seat import Seat
from booking.seating.arrangement import Arrangement, Kind, Refusal
from booking.seating.search import Groups, Search


def named_seats(search: Search) -> Arrangement | Refusal:
    """The very seats named, or why not: unknown to the hall, taken, reserved for others, too dear."""
    wish, hall = search.wish, search.hall
    if unknown := tuple(it for it in wish.named if it not in hall.by_id):
        return Refusal("unknown_seat", wish.quantity, seats=unknown)
    seats = tuple(sorted((hall.by_id[it] for it in wish.named), key=lambda seat: hall.positions[seat.id]))
    if taken := tuple(seat.id for seat in seats if not search.free >> hall.positions[seat.id] & 1):
        return Refusal("taken", wish.quantity, seats=taken)
    if reserved := tuple(seat.id for seat in seats if not _may_have(search, seat)):
        return Refusal("reserved", wish.quantity, seats=reserved)
    if dearer := tuple(seat.id for seat in seats if not _is_affordable(search, seat)):
        asked, cheapest = wish.max_price, min(search.prices[seat.category] for seat in seats)
        return Refusal("price", wish.quantity, seats=dearer, asked=asked, cheapest=cheapest)
    groups = search.groups(seats)
    return search.arrange(_kind(seats, groups), groups)


def _may_have(search: Search, seat: Seat) -> bool:
    """Wheelchair places and companions' seats are for those who asked; categories without a price are not sold here."""
    if seat.category not in search.prices:
        return False
    named = search.wish.named
    users = [it for it in named if search.hall.by_id[it].kind == "wheelchair"]
    if seat.kind == "wheelchair":
        return len(users) <= search.wish.wheelchair
    return seat.kind == "seat" or any(search.hall.by_id[it].companion == seat.id for it in users)


def _is_affordable(search: Search, seat: Seat) -> bool:
    most, total = search.wish.max_price, search.wish.max_total
    everything = sum(search.prices[search.hall.by_id[it].category] for it in search.wish.named)
    return (most is None or search.prices[seat.category] <= most) and (total is None or everything <= total)


def _kind(seats: tuple[Seat, ...], groups: Groups) -> Kind:
    if len(groups) == 1:
        return "together"
    if seats[0].in_box and len({(seat.section, seat.row) for seat in seats}) == 1:
        return "same_box"
    return "near" if len({seat.section for seat in seats}) == 1 else "apart"
