"""House seats: kept back with a reason (a camera, a guest, a broken chair), and put on sale again."""

from __future__ import annotations

from collections.abc import Sequence

from booking.changes import must_be_staff
from booking.deeds import Stale, Told, entry, once, seats_of
from booking.errors import BadWish, SeatsTaken, UnknownSeat
from booking.house import House, Who, fingerprint
from booking.store import Transaction, claims
from booking.store.claims import ClaimRow, NewClaim
from booking.store.ledger import Entry


def block(house: House, who: Who, performance_id: str, seats: Sequence[str], reason: str, request: str) -> None:
    """Keep seats back; all of them or none: SeatsTaken names those that are held, sold or blocked already."""
    must_be_staff(who, "block")
    _must_be_seats(house, performance_id, seats)
    if not reason:
        raise BadWish("reason", "")
    mark = fingerprint("block", who, performance=performance_id, seats=sorted(seats), reason=reason)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        performance = house.performance(performance_id)
        hall = house.hall(performance)
        _must_be_free(claims.of_seats(tx, performance_id, seats), now)
        new = NewClaim(performance_id, "blocked", None, f"block: {reason}"[:80], who.channel, "none", now, None, None)
        if not claims.take(tx, new, [(seat, hall.by_id[seat].category, 0) for seat in seats], now):
            raise Stale
        line = Entry(
            request, mark, "block", now, who.channel, who.holder, performance=performance_id,
            version=performance.version, took=" ".join(sorted(seats)), state="blocked",
        )  # fmt: skip
        return {"reason": reason}, [line]

    once(house, request, mark, deed)


def unblock(house: House, who: Who, performance_id: str, seats: Sequence[str], request: str) -> None:
    """Put blocked seats on sale again; SeatsTaken names those that are not blocked."""
    must_be_staff(who, "block")
    _must_be_seats(house, performance_id, seats)
    mark = fingerprint("unblock", who, performance=performance_id, seats=sorted(seats))

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        found = claims.of_seats(tx, performance_id, seats)
        blocked = [row for row in found if row.state == "blocked"]
        others = set(seats) - {row.seat for row in blocked}
        if others:
            raise SeatsTaken(0, len(seats), seats=tuple(sorted(others)))
        claims.free(tx, performance_id, seats)
        return {}, [entry(who, "unblock", request, mark, now, blocked, freed=seats_of(blocked))]

    once(house, request, mark, deed)


def _must_be_free(found: Sequence[ClaimRow], now: int) -> None:
    taken = [row.seat for row in found if row.state != "held" or (row.held_until or 0) > now]
    if taken:
        raise SeatsTaken(0, len(taken), seats=tuple(taken))


def _must_be_seats(house: House, performance_id: str, seats: Sequence[str]) -> None:
    hall = house.hall(house.performance(performance_id))
    if not seats or len(set(seats)) != len(seats):
        raise BadWish("seats", str(list(seats))[:100])
    for seat in seats:
        if seat not in hall.by_id:
            raise UnknownSeat("seats", str(seat), str(seat))
