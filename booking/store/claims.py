"""Rows of (performance, seat): taken, let go, sold. The primary key is what keeps a seat from being sold twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import TextClause, bindparam, text

from booking.store.statement import Statement
from booking.store.transactions import Transaction

_COLUMNS = (
    "performance, seat, state, hold, size, holder, lead, channel, category, tariff, price, held_since, held_until"
)


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Everything that several seats of one hold (or block) have in common."""

    performance: str
    state: str
    hold: str | None
    holder: str
    channel: str
    tariff: str
    held_since: int
    held_until: int | None
    lead: str | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One seat as it stands in the table."""

    performance: str
    seat: str
    state: str
    hold: str | None
    size: int
    holder: str
    channel: str
    category: str
    tariff: str
    price: int
    held_since: int
    held_until: int | None
    reference: str | None


def take_statement(seats: int) -> str:
    """The claim of so many seats as SQL.

    A lapsed row in the way is taken over; a living one is left, and then fewer rows are counted than seats asked for.
    """
    rows = ", ".join(
        f"(:performance, :s{i}, :state, :hold, :size, :holder, {':lead' if i == 0 else 'NULL'}, :channel, :c{i}, "
        f":tariff, :p{i}, :held_since, :held_until)"
        for i in range(seats)
    )
    taken_over = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[2:])
    return (
        f"INSERT INTO booking_claims ({_COLUMNS}) VALUES {rows} ON CONFLICT (performance, seat) DO UPDATE "
        f"SET {taken_over}, reference = NULL "
        "WHERE booking_claims.state = 'held' AND booking_claims.held_until <= :now"
    )


@cache
def _take(seats: int) -> Statement:
    """One statement for each number of seats, so that each is compiled and prepared once."""
    return Statement(take_statement(seats))


def parameters(new: NewClaim, seats: Sequence[tuple[str, str, int]], now: int, size: int = 0) -> dict[str, object]:
    """What `take_statement` wants for these seats (id, category, cents), which are in the order of their ids."""
    values: dict[str, object] = {name: getattr(new, name) for name in NewClaim.__slots__}
    values["size"] = size or len(seats)
    values["now"] = now
    for i, (seat, category, price) in enumerate(seats):
        values[f"s{i}"], values[f"c{i}"], values[f"p{i}"] = seat, category, price
    return values


def take(tx: Transaction, new: NewClaim, seats: Sequence[tuple[str, str, int]], now: int) -> bool:
    """Claim seats (id, category, cents) if every one of them is free or lapsed; after False, undo the transaction.

    Seats are claimed in the order of their ids, as in every transaction, so that two never wait for each other.
    """
    ordered = sorted(seats)
    for start in range(0, len(ordered), _MOST_ROWS):
        part = ordered[start : start + _MOST_ROWS]
        named = new if start == 0 else replace(new, lead=None)
        if _take(len(part))(tx, parameters(named, part, now, len(ordered))).rowcount != len(part):
            return False
    return True


_MOST_ROWS = 9  # an order's limit; blocks of more seats go in several statements


_LET_GO_OWN = text(
    "DELETE FROM booking_claims WHERE state = 'held' AND hold = "
    "(SELECT hold FROM booking_claims WHERE performance = :performance AND lead = :holder) RETURNING seat"
)


def let_go_own(tx: Transaction, performance: str, holder: str) -> list[str]:
    """Free what a holder still holds for a performance; which seats they were."""
    return list(tx.execute(_LET_GO_OWN, {"performance": performance, "holder": holder}).scalars())


_DELETE = text("DELETE FROM booking_claims WHERE performance = :performance AND seat IN :seats").bindparams(
    bindparam("seats", expanding=True)
)


def free(tx: Transaction, performance: str, seats: Iterable[str]) -> int:
    """Free these seats whatever they were; the caller has locked and checked them."""
    return tx.execute(_DELETE, {"performance": performance, "seats": sorted(seats)}).rowcount


_ROW = (
    "performance, seat, state, hold, size, holder, channel, category, tariff, price, held_since, held_until, reference"
)
_OF_HOLDS = f"SELECT {_ROW} FROM booking_claims WHERE hold IN :holds ORDER BY performance, seat"
_OF_HOLDER = f"SELECT {_ROW} FROM booking_claims WHERE state = 'held' AND hold IN " \
    "(SELECT hold FROM booking_claims WHERE lead = :holder) ORDER BY performance, seat"
_OF_SEATS = f"SELECT {_ROW} FROM booking_claims WHERE performance = :performance AND seat IN :seats ORDER BY seat"


@cache
def _of(statement: str, holds: int = 0) -> Statement:
    """One statement for each number of holds it names."""
    return Statement(statement.replace(":holds", f"({', '.join(f':hold{i}' for i in range(holds))})"))


def _named(holds: Sequence[str]) -> dict[str, object]:
    return {f"hold{i}": hold for i, hold in enumerate(holds)}


@cache
def _query(statement: str, several: str = "") -> TextClause:
    """A statement that may name several things at once; read once."""
    return text(statement).bindparams(bindparam(several, expanding=True)) if several else text(statement)


def _locking(tx: Transaction) -> str:
    return "" if tx.dialect.name == "sqlite" else " FOR UPDATE"


def of_holds(tx: Transaction, holds: Sequence[str], *, lock: bool = True) -> list[ClaimRow]:
    """The rows of some holds in seat order, locked until the end of the transaction."""
    query = _of(_OF_HOLDS + (_locking(tx) if lock else ""), len(holds))
    return [ClaimRow(*row) for row in query(tx, _named(holds))]


def of_holder(tx: Transaction, holder: str, *, lock: bool = False) -> list[ClaimRow]:
    """All that a holder holds, lapsed or not, in seat order."""
    query = _of(_OF_HOLDER + (_locking(tx) if lock else ""))
    return [ClaimRow(*row) for row in query(tx, {"holder": holder})]


_OF_HOLDERS = f"SELECT {_ROW} FROM booking_claims WHERE state = 'held' AND hold IN " \
    "(SELECT hold FROM booking_claims WHERE lead IN :holders) ORDER BY performance, seat"


def of_holders(tx: Transaction, holders: Iterable[str]) -> list[ClaimRow]:
    """All that each of these holds, lapsed or not, in seat order."""
    return [ClaimRow(*row) for row in tx.execute(_query(_OF_HOLDERS, "holders"), {"holders": sorted(holders)})]


def of_seats(tx: Transaction, performance: str, seats: Iterable[str]) -> list[ClaimRow]:
    """The rows of these seats, in seat order, locked."""
    query = _query(_OF_SEATS + _locking(tx), "seats")
    return [ClaimRow(*row) for row in tx.execute(query, {"performance": performance, "seats": sorted(seats)})]


_SELL = (
    "UPDATE booking_claims SET state = 'sold', reference = :reference, held_until = NULL, lead = NULL "
    "WHERE state = 'held' AND hold IN :holds"
)


def sell(tx: Transaction, holds: Sequence[str], reference: str) -> int:
    """Held rows become sold ones; how many."""
    return _of(_SELL, len(holds))(tx, {"reference": reference, **_named(holds)}).rowcount


_KEEP = text(
    "UPDATE booking_claims SET held_until = :until WHERE state = 'held' AND hold = :hold"
)


def keep_until(tx: Transaction, hold: str, until: int) -> int:
    """Move the end of a hold; how many rows."""
    return tx.execute(_KEEP, {"hold": hold, "until": until}).rowcount


_HAND_OVER = text(
    "UPDATE booking_claims SET holder = CAST(:holder AS VARCHAR), channel = :channel, "
    "lead = CASE WHEN lead IS NULL THEN NULL ELSE CAST(:holder AS VARCHAR) END WHERE state = 'held' AND hold = :hold"
)


def hand_over(tx: Transaction, hold: str, holder: str, channel: str) -> int:
    """Another holder, the same seats; how many rows."""
    return tx.execute(_HAND_OVER, {"hold": hold, "holder": holder, "channel": channel}).rowcount


def _standing(sqlite: bool) -> str:
    joined = "group_concat(seat, ' ')" if sqlite else "string_agg(seat, ' ')"
    return (
        f"SELECT state, held_until, {joined} FROM booking_claims WHERE performance = :performance "
        "GROUP BY state, held_until"
    )


_STANDING = {sqlite: Statement(_standing(sqlite)) for sqlite in (True, False)}


def standing(tx: Transaction, performance: str) -> list[tuple[str, int | None, list[str]]]:
    """What is taken of a performance: (state, held until, seats), a few rows however full the house."""
    rows = _STANDING[tx.dialect.name == "sqlite"](tx, {"performance": performance})
    return [(state, until, seats.split(" ")) for state, until, seats in rows]


_COUNT = text(
    "SELECT count(*) FROM booking_claims WHERE performance = :performance AND channel = :channel "
    "AND (state = 'sold' OR (state = 'held' AND held_until > :now AND hold <> :but))"
)


def count_of_channel(tx: Transaction, performance: str, channel: str, now: int, but: str) -> int:
    """How many seats a channel has sold or holds now, one hold left out."""
    values = {"performance": performance, "channel": channel, "now": now, "but": but}
    return int(tx.execute(_COUNT, values).scalar_one())


_REFERENCES = text(
    "SELECT DISTINCT reference FROM booking_claims "
    "WHERE performance = :performance AND state = 'sold' ORDER BY reference"
)


def references(tx: Transaction, performance: str) -> list[str]:
    """The orders with seats for a performance."""
    return list(tx.execute(_REFERENCES, {"performance": performance}).scalars())


_ALL = text(f"SELECT {_ROW} FROM booking_claims ORDER BY performance, seat")


def everything(tx: Transaction) -> list[ClaimRow]:
    """Every row, for the audit."""
    return [ClaimRow(*row) for row in tx.execute(_ALL)]


_HELD = text(
    "SELECT performance, holder, channel, count(*), sum(price), max(held_until) FROM booking_claims "
    "WHERE state = 'held' AND held_until > :now GROUP BY performance, holder, channel ORDER BY max(held_until), holder"
)


def held(tx: Transaction, now: int) -> list[tuple[str, str, str, int, int, int]]:
    """(performance, holder, channel, seats, cents, until) of every living hold, soonest end first."""
    return [tuple(row) for row in tx.execute(_HELD, {"now": now})]
