"""The waiting list: places asked for, seats offered for a day to whoever waited longest, taken or lapsed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from booking.choosing import Searched, must_be_for, must_make_sense, tariff_for
from booking.deeds import Told, once
from booking.errors import BadWish, BookingError, HouseBusy, NotOnSale, NotYours, UnknownHold
from booking.holds import hand_over, place
from booking.house import House, Who, fingerprint, new_id
from booking.model import Hold, Waiting
from booking.moments import maybe_moment, micros
from booking.store import Transaction, ledger
from booking.store import waiting as rows
from booking.store.ledger import Entry
from booking.store.waiting import WaitingRow
from booking.wishes import Wish


@dataclass(frozen=True, slots=True)
class Party:
    """Who waits, for what, and what they are of all that tariffs ask for."""

    wish: Wish
    customer: str | None = None
    eligible: tuple[str, ...] = ()


def wait(house: House, who: Who, performance_id: str, party: Party, request: str) -> Waiting:
    """Ask to be told when seats come back."""
    performance, wish, customer = house.performance(performance_id), party.wish, party.customer
    must_make_sense(wish, house.hall(performance))
    must_be_for(tariff_for(house, performance, who.window, None), party.eligible)
    if performance.cancelled or house.now() >= micros(performance.starts_at):
        raise NotOnSale(performance_id, "cancelled" if performance.cancelled else "over")
    vouched = {"eligible": sorted(party.eligible)} if party.eligible else {}
    mark = fingerprint("wait", who, performance=performance_id, wish=repr(wish), customer=customer, **vouched)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        row = WaitingRow(
            new_id(), performance_id, wish.quantity, {**asdict(wish), "eligible": party.eligible}, customer,
            who.channel, who.holder, "waiting", None, None, now,
        )  # fmt: skip
        rows.add(tx, row)
        return _told(row), [_line(who, "wait", request, mark, now, row)]

    return from_told(once(house, request, mark, deed))


def withdraw(house: House, who: Who, waiting_id: str, request: str) -> Waiting:
    """Wait no longer; an offer that was made lapses by itself."""
    mark = fingerprint("withdraw", who, waiting=waiting_id)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        row = _found(tx, waiting_id)
        rows.change(tx, waiting_id, "withdrawn")
        return {**_told(row), "state": "withdrawn"}, [_line(who, "withdraw", request, mark, now, row)]

    return from_told(once(house, request, mark, deed))


def offer(house: House, performance_id: str, request: str) -> tuple[Waiting, ...]:
    """Hold seats for those who wait for a performance, longest first, each in a transaction of its own.

    Asked again with the same request, those it was offered to before are named again.
    """
    with house.books.read() as tx:
        everybody = rows.of_performance(tx, performance_id)
        waiting = [row for row in everybody if row.state == "waiting" or ledger.answered(tx, f"{request}:{row.id}")]
    offered = []
    for row in waiting:
        try:
            offered.append(_offer_to(house, row, f"{request}:{row.id}"))
        except HouseBusy:
            raise
        except BookingError:
            continue  # not for this party; another one behind it may still be served
    return tuple(offered)


def _offer_to(house: House, row: WaitingRow, request: str) -> Waiting:
    who = Who(row.channel, holder_of(row.id))
    mark = fingerprint("offer", who, waiting=row.id)
    party = _party(row.wish)
    wanted = Searched(row.performance, party.wish, None, anew=True, eligible=party.eligible)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        current = _found(tx, row.id)
        if current.state != "waiting":
            return _told(current), []
        hold, line = place(house, who, tx, wanted, (request, mark), house.rules.offer)
        until = micros(hold.held_until)
        rows.change(tx, row.id, "offered", hold.id, until)
        told = {**_told(current), "state": "offered", "hold": hold.id, "offered_until": until}
        return told, [_line(who, "offer", request, mark, now, row), line]

    return from_told(once(house, request, mark, deed))


def accept(house: House, who: Who, waiting_id: str, request: str) -> Hold:
    """Take the offer: its hold becomes this holder's, to be confirmed like any other."""
    with house.books.read() as tx:
        row = _found(tx, waiting_id)
    if row.hold is None:
        raise UnknownHold("waiting", waiting_id, waiting_id)
    if row.state == "withdrawn":
        raise NotYours(row.hold)
    hold = hand_over(house, Who(row.channel, holder_of(waiting_id)), row.hold, who, request)
    with house.books.write() as tx:
        rows.change(tx, waiting_id, "taken")
    return hold


def holder_of(waiting_id: str) -> str:
    """Under which name offered seats are held."""
    return f"waiting:{waiting_id}"


def show(house: House, performance_id: str) -> tuple[Waiting, ...]:
    """Everybody who waits or waited, in order; an offer whose time has passed is lapsed."""
    now = house.now()
    with house.books.read() as tx:
        found = rows.of_performance(tx, performance_id)
    return tuple(from_told(_lapsed(_told(row), now)) for row in found)


def _lapsed(told: Told, now: int) -> Told:
    if told["state"] == "offered" and told["offered_until"] <= now:
        return {**told, "state": "lapsed"}
    return told


def _found(tx: Transaction, waiting_id: str) -> WaitingRow:
    row = rows.find(tx, waiting_id, lock=True)
    if row is None:
        raise BadWish("waiting", str(waiting_id)[:40])
    return row


def _party(kept: dict[str, Any]) -> Party:
    """A wish and what the party is again: JSON has lists where these have tuples."""
    facts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    eligible = facts.pop("eligible", ())
    return Party(Wish(**facts), eligible=eligible)


def _told(row: WaitingRow) -> Told:
    return {
        "id": row.id, "performance": row.performance, "quantity": row.quantity, "state": row.state,
        "customer": row.customer, "hold": row.hold, "offered_until": row.offered_until,
    }  # fmt: skip


def from_told(told: Told) -> Waiting:
    """A place on the list again from what the ledger or the table keeps."""
    return Waiting(**{**told, "offered_until": maybe_moment(told["offered_until"])})


def _line(who: Who, deed: str, request: str, mark: str, now: int, row: WaitingRow) -> Entry:
    return Entry(request, mark, deed, now, who.channel, who.holder, row.id, row.performance)
