"""The append-only ledger: written last in every transaction, so that its numbers give the order for every seat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text

from booking.store.statement import Statement
from booking.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of one performance. Line 0 of a request also carries, as its body, what the request was answered."""

    request: str
    fingerprint: str
    deed: str
    at: int
    channel: str
    holder: str
    about: str = ""
    """The hold, order reference or place on the waiting list."""
    performance: str = ""
    version: int | None = None
    """The version of the performance that the deed relied upon; it must still be that one."""
    took: str = ""
    """Seat ids with blanks between, now in `state`."""
    freed: str = ""
    state: str = ""
    held_until: int | None = None
    cents: int = 0
    """Money received (or, negative, given back)."""
    body: str = "{}"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in the ledger."""

    no: int
    request: str
    line: int
    fingerprint: str
    deed: str
    at: int
    channel: str
    holder: str
    about: str
    performance: str
    took: str
    freed: str
    state: str
    held_until: int | None
    cents: int
    body: str

    @property
    def told(self) -> dict[str, Any]:
        """The body, read."""
        read: dict[str, Any] = json.loads(self.body)
        return read


Moved = tuple[int, str, str, str, int | None]
"""(no, took, freed, state, held until)"""

FIELDS = (
    "request", "line", "fingerprint", "deed", "at", "channel", "holder", "about", "performance", "took", "freed",
    "state", "held_until", "cents", "body",
)  # fmt: skip
_INTO = f"INSERT INTO booking_ledger ({', '.join(FIELDS)}) "
_ONCE = " ON CONFLICT (request, line) DO NOTHING"
_PLAIN = Statement(f"{_INTO}VALUES ({', '.join(':' + name for name in FIELDS)}){_ONCE}")


def cast(name: str, prefix: str = "") -> str:
    """A parameter with its type: PostgreSQL cannot tell that of a bare one in a SELECT list."""
    kinds = {"line": "integer", "at": "bigint", "held_until": "bigint", "cents": "integer"}
    return f"CAST(:{prefix}{name} AS {kinds.get(name, 'text')})"


_UNDER = (
    f"{_INTO}SELECT {', '.join(cast(name) for name in FIELDS)} FROM booking_performances "
    "WHERE id = :performance AND version = :version"
)
_GUARDED = {True: Statement(f"{_UNDER}{_ONCE}"), False: Statement(f"{_UNDER} FOR SHARE{_ONCE}")}


def write(tx: Transaction, entry: Entry) -> bool:
    """Write an entry; False if the request was written before or the performance has changed: undo, and look again.

    With a version, the performance's row is locked against change until the end of the transaction.
    """
    values: dict[str, object] = {name: getattr(entry, name) for name in FIELDS}
    if entry.version is None:
        return _PLAIN(tx, values).rowcount == 1
    values["version"] = entry.version
    return _GUARDED[tx.dialect.name == "sqlite"](tx, values).rowcount == 1


_READ = f"SELECT no, {', '.join(FIELDS)} FROM booking_ledger"
_ANSWER = Statement(f"{_READ} WHERE request = :request AND line = 0")
_SINCE = Statement(
    "SELECT no, took, freed, state, held_until FROM booking_ledger "
    "WHERE performance = :performance AND no > :no ORDER BY no"
)
_NEWS = Statement(
    "SELECT no, took, freed, state, held_until FROM booking_ledger WHERE performance = :performance AND no > :no "
    "UNION ALL SELECT -1, hold, '', '', NULL FROM booking_claims WHERE performance = :performance AND lead = :holder "
    "ORDER BY 1"
)
_LAST = Statement("SELECT coalesce(max(no), 0) FROM booking_ledger WHERE performance = :performance")
_ALL = text(f"{_READ} ORDER BY no")
_MADE = text(f"{_READ} WHERE about IN :holds AND deed = 'hold'").bindparams(bindparam("holds", expanding=True))
_ABOUT = Statement(f"{_READ} WHERE about = :about ORDER BY no")


def answered(tx: Transaction, request: str) -> Written | None:
    """What a request was answered, if it was ever done."""
    row = _ANSWER(tx, {"request": request}).first()
    return Written(*row) if row else None


def about(tx: Transaction, subject: str) -> list[Written]:
    """The whole story of a hold or an order."""
    return [Written(*row) for row in _ABOUT(tx, {"about": subject})]


def made(tx: Transaction, holds: Iterable[str]) -> dict[str, Written]:
    """By hold, the entry with which it was made."""
    found = (Written(*row) for row in tx.execute(_MADE, {"holds": sorted(holds)}))
    return {entry.about: entry for entry in found}


def since(tx: Transaction, performance: str, no: int) -> list[Moved]:
    """What moved after entry `no`."""
    return [tuple(row) for row in _SINCE(tx, {"performance": performance, "no": no})]


def news(tx: Transaction, performance: str, no: int, holder: str) -> tuple[bool, list[Moved]]:
    """Whether the holder has a hold there already, and what moved after entry `no`."""
    asked = {"performance": performance, "no": no, "holder": holder}
    rows: list[Moved] = [tuple(row) for row in _NEWS(tx, asked)]
    if rows and rows[0][0] == -1:
        return True, rows[1:]
    return False, rows


def last(tx: Transaction, performance: str) -> int:
    """The number of the newest entry of a performance, 0 if there is none."""
    return int(_LAST(tx, {"performance": performance}).scalar_one())


def all_entries(tx: Transaction) -> Iterator[Written]:
    """The whole ledger from its beginning, read little by little."""
    for row in tx.execution_options(yield_per=1000).execute(_ALL):
        yield Written(*row)


def write_all(tx: Transaction, entries: Iterable[Entry]) -> bool:
    """Write the lines of one request in the order of their performances; False as for `write`."""
    return all(write(tx, entry) for entry in entries)
