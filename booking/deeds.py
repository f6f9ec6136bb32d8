"""How every deed but a hold is done: once per request, in one transaction, tried again when others were quicker."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from booking import repeats
from booking.errors import BookingError, HouseBusy
from booking.house import House, Who
from booking.store import Busy, Clash, Transaction, ledger
from booking.store.claims import ClaimRow
from booking.store.ledger import Entry

Told = dict[str, Any]
Deed = Callable[[Transaction, int], tuple[Told, list[Entry]]]
"""Given the transaction and the moment: what to answer, and what to write down (nothing, if nothing moved)."""


class Stale(Exception):
    """Another was quicker, or the performance has changed: undo, look again."""


def once(house: House, request: str, mark: str, deed: Deed, *, look_first: bool = True) -> Told:
    """Do a deed and remember its answer under the request id; asked again, only the answer.

    A deed that is refused when it has been done already need not `look_first` whether it has: a repetition is found out
    by that refusal, or by the ledger, which takes a request once.
    """
    repeats.must_be_usable(request)
    for _ in range(house.rules.tries):
        try:
            with house.books.write() as tx:
                return _do(house, tx, request, mark, deed, look_first)
        except (Stale, Clash):
            look_first = True
            house.programme()
        except Busy:
            break
        except BookingError:
            # The same request may have been answered in another transaction while this one waited for its locks.
            with house.books.read() as tx:
                found = repeats.answered(tx, request, mark)
            if found is None:
                raise
            return found.told
    raise HouseBusy()


def _do(house: House, tx: Transaction, request: str, mark: str, deed: Deed, look_first: bool) -> Told:
    found = repeats.answered(tx, request, mark) if look_first else None
    if found is not None:
        return found.told
    told, entries = deed(tx, house.now())
    lines = [replace(entry, line=line) for line, entry in enumerate(entries)]
    if lines:
        lines[0] = replace(lines[0], body=json.dumps(told))
    if not ledger.write_all(tx, lines):
        raise Stale
    return told


def entry(who: Who, deed: str, request: str, mark: str, now: int, rows: Sequence[ClaimRow], **moved: Any) -> Entry:
    """A line of the ledger about rows of one performance."""
    return Entry(
        request, mark, deed, now, who.channel, who.holder, performance=rows[0].performance if rows else "", **moved
    )


def seats_of(rows: Sequence[ClaimRow]) -> str:
    """Their seats as the ledger writes them."""
    return " ".join(row.seat for row in rows)


def by_performance(rows: Sequence[ClaimRow]) -> list[list[ClaimRow]]:
    """Rows grouped by their performance, in the order of the performances' ids."""
    groups: dict[str, list[ClaimRow]] = {}
    for row in rows:
        groups.setdefault(row.performance, []).append(row)
    return [groups[performance] for performance in sorted(groups)]
