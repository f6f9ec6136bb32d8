"""The hold in one statement: claims and ledger entry together, both or neither, without a transaction around them.

On PostgreSQL this is one round trip. The ledger's own NOT NULLs undo the statement when a seat was not to be had or the
performance has changed, and its unique request when the same was asked before: the database says so by an integrity
error, which becomes a Clash. The performance's row is looked at, not locked: a hold made in the very moment in which a
performance is called off does no harm, since a sale does lock it. SQLite, where a round trip costs nothing, does the
same in a short transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import TextClause, text

from booking.store import claims, ledger
from booking.store.claims import NewClaim
from booking.store.ledger import Entry
from booking.store.transactions import Clash, Transaction


@cache
def _statement(seats: int) -> TextClause:
    """One for each number of seats, so that each is prepared once."""
    fields = [name for name in ledger.FIELDS if name not in ("performance", "took")]
    return text(
        f"WITH taken AS ({claims.take_statement(seats)} RETURNING 1) "
        f"INSERT INTO booking_ledger ({', '.join(fields)}, performance, took) "
        f"SELECT {', '.join(ledger.cast(name, prefix='l_') for name in fields)}, "
        "(SELECT id FROM booking_performances WHERE id = :performance AND version = :version), "
        f"CASE WHEN (SELECT count(*) FROM taken) = {seats} THEN CAST(:l_took AS text) END"
    )


def hold(tx: Transaction, new: NewClaim, seats: Sequence[tuple[str, str, int]], now: int, entry: Entry) -> None:
    """Claim the seats and write the entry, or Clash and nothing."""
    if tx.dialect.name == "sqlite":
        if not claims.take(tx, new, seats, now):
            raise Clash(seats=True)
        if not ledger.write(tx, entry):
            raise Clash()
        return
    values = claims.parameters(new, sorted(seats), now)
    for name in ledger.FIELDS:
        values[f"l_{name}"] = getattr(entry, name)
    del values["l_performance"]
    tx.execute(_statement(len(seats)), {**values, "version": entry.version})
