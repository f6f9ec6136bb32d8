"""The hold in one statement: claims and ledger entry together, both or neither, without a transaction around them.

On PostgreSQL this is one round trip. The ledger's own NOT NULLs undo the statement when a seat was not to be had or the
performance has changed, and its unique request when the same was asked before: the database says so by an integrity
error, which becomes a Clash. The performance's row is looked at, not locked: a hold made in the very moment in which a
performance is called off does no harm, since a sale does lock it. SQLite, where a round trip costs nothing, does the
same in a short transaction.

The entry's number is drawn when the seats are claimed, never before: whoever claims may have to wait for somebody who
is just letting go, and entries must stand in the order in which seats changed hands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from booking.store import claims, ledger
from booking.store.claims import NewClaim
from booking.store.ledger import Entry
from booking.store.statement import Statement
from booking.store.transactions import Clash, Transaction

# What the entry shares with the claims is sent once; a type is named wherever PostgreSQL could guess two.
_SHARED = {
    "line": "0", "deed": "'hold'", "freed": "''", "cents": "0", "state": "'held'",
    "at": "CAST(:now AS bigint)", "held_until": "CAST(:held_until AS bigint)",
    "channel": "CAST(:channel AS varchar)", "holder": "CAST(:holder AS varchar)", "about": "CAST(:hold AS varchar)",
}  # fmt: skip
_OWN = ("request", "fingerprint", "body")


@cache
def _statement(seats: int) -> Statement:
    """One for each number of seats, so that each is prepared once."""
    fields = ["no", *_SHARED, *_OWN, "took", "performance"]
    number = f"CASE WHEN (SELECT count(*) FROM taken) = {seats} THEN nextval('booking_ledger_no_seq') END"
    values = [number, *_SHARED.values(), *(f"CAST(:{name} AS text)" for name in (*_OWN, "took"))]
    return Statement(
        f"WITH taken AS ({claims.take_statement(seats)} RETURNING 1) "
        f"INSERT INTO booking_ledger ({', '.join(fields)}) SELECT {', '.join(values)}, "
        "(SELECT id FROM booking_performances WHERE id = :performance AND version = :version)"
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
    values.update(
        request=entry.request, fingerprint=entry.fingerprint, body=entry.body, took=entry.took, version=entry.version
    )
    _statement(len(seats))(tx, values)
