"""Holds: exact seats kept for one holder for ten minutes, extended, handed over, let go."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta

from booking import channels, repeats
from booking.choosing import Found, Searched, choose
from booking.deeds import Stale, Told, by_performance, entry, once, seats_of
from booking.errors import (
    AlreadySold,
    BookingError,
    HoldLapsed,
    HoldTooOld,
    HouseBusy,
    NotYours,
    UnknownHold,
)
from booking.house import House, Who, fingerprint, new_id
from booking.model import Hold, Performance
from booking.moments import moment, span
from booking.store import Busy, Clash, Transaction, claims, ledger, quick
from booking.store.claims import ClaimRow, NewClaim
from booking.store.ledger import Entry
from booking.wishes import Wish


def hold_best(
    house: House,
    who: Who,
    performance_id: str,
    wish: Wish,
    request: str,
    tariff: str | None,
    eligible: tuple[str, ...] = (),
) -> Hold:
    """Hold the best seats for a wish; the former hold for this performance is let go with it, or nothing happens."""
    repeats.must_be_usable(request)
    vouched = {"eligible": sorted(eligible)} if eligible else {}
    mark = fingerprint("hold", who, performance=performance_id, wish=repr(wish), tariff=tariff, **vouched)
    anew = False
    for attempt in range(house.rules.tries):
        wanted = Searched(performance_id, wish, tariff, attempt, anew, house.rush(performance_id), eligible)
        try:
            return _hold_somehow(house, who, wanted, request, mark)
        except Busy:
            break
        except (Stale, Clash) as clash:
            house.met(performance_id, others=True)
            if isinstance(clash, Clash) and clash.seats:
                anew = attempt > 1  # news of what others took is enough at first
                continue
            anew = True
        except BookingError:
            # A refusal counts only when the rows themselves were looked at, and the programme is the present one.
            if anew and _repeated(house, request, mark) is None:
                raise
            anew = True
        repeated = _repeated(house, request, mark)
        if repeated is not None:
            return repeated
        house.programme()
    raise HouseBusy(performance_id)


def _hold_somehow(house: House, who: Who, wanted: Searched, request: str, mark: str) -> Hold:
    """The quick way, or the long one if there is an old hold to let go or a share to be counted."""
    hold = _hold_quickly(house, who, wanted, request, mark)
    if hold is None:
        with house.books.write() as tx:
            hold = _hold(house, who, tx, wanted, request, mark)
    house.met(wanted.performance, others=False)
    return hold


def _hold_quickly(house: House, who: Who, wanted: Searched, request: str, mark: str) -> Hold | None:
    """One question, one statement; None if there is more to do: an old hold to let go, or a share to be counted."""
    now = house.now()
    performance = house.performance(wanted.performance)
    with house.books.quick() as tx:
        taken, has_one = house.availability.look(
            tx, performance.id, who.holder, house.hall(performance), now, anew=wanted.anew
        )
        if has_one or channels.has_quota(house.shares(tx, performance), who.channel, now):
            return None
        found = choose(house, who, tx, performance, wanted, taken)
        hold, new, line = _written(house, who, performance, found, (), (request, mark), (now, house.rules.hold))
        with house.books.at_once(tx):
            quick.hold(tx, new, found.claimed, now, line)
    return hold


def _hold(house: House, who: Who, tx: Transaction, wanted: Searched, request: str, mark: str) -> Hold:
    """One transaction: let the old hold go, look, claim, write it down."""
    hold, line = place(house, who, tx, wanted, (request, mark), house.rules.hold)
    if not ledger.write(tx, line):
        raise Stale
    return hold


def place(
    house: House, who: Who, tx: Transaction, wanted: Searched, asked: tuple[str, str], length: timedelta
) -> tuple[Hold, Entry]:
    """Claim the best seats for so long, and the line of the ledger that is still to be written."""
    now = house.now()
    performance = house.performance(wanted.performance)
    hall = house.hall(performance)
    freed = claims.let_go_own(tx, performance.id, who.holder)
    taken = house.availability.taken(tx, performance.id, hall, now, anew=wanted.anew) & ~hall.mask(freed)
    found = choose(house, who, tx, performance, wanted, taken)
    hold, new, line = _written(house, who, performance, found, freed, asked, (now, length))
    if not claims.take(tx, new, found.claimed, now):
        raise Stale
    return hold, line


def _written(
    house: House,
    who: Who,
    performance: Performance,
    found: Found,
    freed: Sequence[str],
    asked: tuple[str, str],
    time: tuple[int, timedelta],
) -> tuple[Hold, NewClaim, Entry]:
    """A hold in its three shapes: as it is answered, claimed, and written down."""
    (request, mark), (now, length) = asked, time
    until = now + span(length)
    hold = Hold(
        new_id(), performance, found.seats, found.prices, moment(until), found.together, found.arrangement,
        found.reasons, found.tariff, who.holder, who.channel,
    )  # fmt: skip
    new = NewClaim(performance.id, "held", hold.id, who.holder, who.channel, found.tariff, now, until, who.holder)
    taken = [seat.id for seat in found.seats]
    line = Entry(
        request, mark, "hold", now, who.channel, who.holder, hold.id, performance.id, performance.version,
        " ".join(taken), " ".join(sorted(freed)), "held", until,
        body=json.dumps(_told(hold, until)),
    )  # fmt: skip
    return hold, new, line


def _told(hold: Hold, until: int) -> Told:
    """A hold as the ledger keeps it, to be told again."""
    return {
        "hold": hold.id, "performance": hold.performance.id, "seats": [seat.id for seat in hold.seats],
        "prices": hold.prices, "until": until, "together": hold.together, "arrangement": hold.arrangement,
        "reasons": hold.reasons, "tariff": hold.tariff, "holder": hold.holder, "channel": hold.channel,
    }  # fmt: skip


def from_told(house: House, told: Told) -> Hold:
    """A hold again from what the ledger keeps."""
    performance = house.performance(told["performance"])
    seats = tuple(house.hall(performance).by_id[seat] for seat in told["seats"])
    return Hold(
        told["hold"], performance, seats, tuple(told["prices"]), moment(told["until"]), told["together"],
        told["arrangement"], tuple(told["reasons"]), told["tariff"], told["holder"], told["channel"],
    )  # fmt: skip


def _repeated(house: House, request: str, mark: str) -> Hold | None:
    with house.books.read() as tx:
        found = repeats.answered(tx, request, mark)
    return from_told(house, found.told) if found else None


def intact(tx: Transaction, who: Who, hold: str, rows: Sequence[ClaimRow]) -> None:
    """The rows are all the seats of a hold of this holder, lapsed or not; else an error says what became of it."""
    if not rows:
        raise HoldLapsed(hold) if ledger.about(tx, hold) else UnknownHold("hold", hold, hold)
    sold = next((row.reference for row in rows if row.state == "sold"), None)
    if sold:
        raise AlreadySold(sold)
    if rows[0].holder != who.holder:
        raise NotYours(hold)
    if len(rows) < rows[0].size:
        raise HoldLapsed(hold)


def mine(tx: Transaction, who: Who, hold: str, *, lock: bool = True) -> list[ClaimRow]:
    """The rows of a hold of this holder, all of them, locked."""
    rows = claims.of_holds(tx, [hold], lock=lock)
    intact(tx, who, hold, rows)
    return rows


def extend(house: House, who: Who, hold: str, request: str) -> Hold:
    """Ten more minutes from now, up to the house's limit; a lapsed hold too, while nobody took its seats."""
    mark = fingerprint("extend", who, hold=hold)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        rows = mine(tx, who, hold)
        longest = rows[0].held_since + span(house.rules.longest_hold)
        # An offer from the waiting list lasts longer than a hold: extending must not make it shorter.
        until = max(min(now + span(house.rules.hold), longest), rows[0].held_until or 0)
        if until <= now:
            raise HoldTooOld(hold, moment(longest))
        claims.keep_until(tx, hold, until)
        told = {**_first_told(tx, hold), "until": until, "holder": who.holder}
        moved = {"took": seats_of(rows), "state": "held", "held_until": until}
        line = entry(who, "extend", request, mark, now, rows, about=hold, **moved)
        return told, [line]

    return from_told(house, once(house, request, mark, deed))


def hand_over(house: House, who: Who, hold: str, to: Who, request: str) -> Hold:
    """The same seats at the same price for another holder (caller to agent, and back) without a gap."""
    mark = fingerprint("hand_over", who, hold=hold, to=to.holder, channel=to.channel)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        rows = mine(tx, who, hold)
        freed = [] if to.holder == who.holder else claims.let_go_own(tx, rows[0].performance, to.holder)
        claims.hand_over(tx, hold, to.holder, to.channel)
        told = {**_first_told(tx, hold), "until": rows[0].held_until, "holder": to.holder, "channel": to.channel}
        line = entry(
            who, "hand_over", request, mark, now, rows, about=hold, took=seats_of(rows), freed=" ".join(freed),
            state="held", held_until=rows[0].held_until,
        )  # fmt: skip
        return told, [line]

    return from_told(house, once(house, request, mark, deed))


def release(house: House, who: Who, hold: str, request: str) -> None:
    """Let the seats go; harmless when they are gone already, AlreadySold when they were sold."""
    mark = fingerprint("release", who, hold=hold)

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        rows = claims.of_holds(tx, [hold])
        with suppress(HoldLapsed):
            intact(tx, who, hold, rows)
        return {}, _let_go(tx, who, request, mark, now, rows)

    once(house, request, mark, deed)


def release_all(house: House, who: Who, request: str) -> None:
    """Let go of everything this holder holds: the caller has hung up."""
    repeats.must_be_usable(request)
    mark = fingerprint("release_all", who)
    with house.books.read() as tx:  # most hold nothing any more: no need to take SQLite's one pen from who sells
        if not claims.of_holder(tx, who.holder) or repeats.answered(tx, request, mark):
            return

    def deed(tx: Transaction, now: int) -> tuple[Told, list[Entry]]:
        return {}, _let_go(tx, who, request, mark, now, claims.of_holder(tx, who.holder, lock=True))

    once(house, request, mark, deed)


def _let_go(tx: Transaction, who: Who, request: str, mark: str, now: int, rows: Sequence[ClaimRow]) -> list[Entry]:
    lines = []
    for group in by_performance(rows):
        claims.free(tx, group[0].performance, [row.seat for row in group])
        lines.append(entry(who, "release", request, mark, now, group, about=group[0].hold or "", freed=seats_of(group)))
    return lines


def held_by(house: House, who: Who) -> tuple[Hold, ...]:
    """All that this holder holds and nobody took, with its end, which may have passed."""
    with house.books.read() as tx:
        whole = _whole(claims.of_holder(tx, who.holder))
        return tuple(_standing(house, group, _first_told(tx, group[0].hold or "")) for group in whole)


def held_by_all(house: House, holders: Collection[str]) -> dict[str, tuple[Hold, ...]]:
    """The same for many holders at once; whoever holds nothing has no place in it."""
    if not holders:
        return {}
    with house.books.read() as tx:
        rows = claims.of_holders(tx, holders)
        made = ledger.made(tx, {row.hold for row in rows if row.hold}) if rows else {}
    found: dict[str, tuple[Hold, ...]] = {}
    for holder in dict.fromkeys(row.holder for row in rows):
        whole = _whole([row for row in rows if row.holder == holder])
        found[holder] = tuple(_standing(house, group, made[group[0].hold or ""].told) for group in whole)
    return found


def _whole(rows: Sequence[ClaimRow]) -> list[list[ClaimRow]]:
    """One holder's rows by performance, those holds left out of which somebody took a seat."""
    return [group for group in by_performance(rows) if len(group) == group[0].size and group[0].hold]


def _standing(house: House, group: Sequence[ClaimRow], first_told: Told) -> Hold:
    """A hold as it stands now: the seats and prices it was made with, its present holder and end."""
    return from_told(house, {**first_told, "until": group[0].held_until, "holder": group[0].holder})


def _first_told(tx: Transaction, hold: str) -> Told:
    """What was told when the hold was made: its seats and prices never change."""
    return ledger.about(tx, hold)[0].told
