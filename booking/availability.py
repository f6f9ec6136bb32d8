"""What is free of a performance, as bits: remembered by each process, brought up to date before each search.

What is remembered may be stale: then the claim fails and is tried again on fresh bits. It can never sell a seat twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booking.hall import Hall
from booking.store import Transaction, claims, ledger

REREAD_AFTER = 5_000_000
"""Microseconds after which all is read anew: entries may become visible in another order than their numbers'."""


@dataclass(frozen=True)
class Taken:
    """The seats of one performance that are taken, as of ledger entry `no`."""

    no: int
    read_at: int
    firm: int
    """Bits of what is sold or blocked."""
    held: tuple[tuple[int, int], ...]
    """(held until, bits) of what is held; lapsed ones fall out by themselves."""

    def at(self, now: int) -> int:
        """The bits taken at a moment: a hold that ends now is over."""
        bits = self.firm
        for until, mask in self.held:
            if until > now:
                bits |= mask
        return bits


class Availability:
    """The taken seats of every performance this process has been asked about."""

    def __init__(self) -> None:
        self._taken: dict[str, Taken] = {}

    def forget(self, performance: str) -> None:
        """Read this performance anew next time."""
        self._taken.pop(performance, None)

    def taken(self, tx: Transaction, performance: str, hall: Hall, now: int, *, anew: bool = False) -> int:
        """The bits that are taken now."""
        known = self._taken.get(performance)
        if known is None or anew or not 0 <= now - known.read_at < REREAD_AFTER:
            known = _read(tx, performance, hall, now)
        else:
            known = _brought_up(known, ledger.since(tx, performance, known.no), hall, now)
        self._taken[performance] = known
        return known.at(now)


def _read(tx: Transaction, performance: str, hall: Hall, now: int) -> Taken:
    """All of it from the rows. The ledger's number comes first: entries after it are applied once more, harmlessly."""
    no = ledger.last(tx, performance)
    firm, held = 0, []
    for state, until, seats in claims.standing(tx, performance):
        bits = hall.mask(seats)
        if state == "held" and until is not None:
            held.append((until, bits))
        else:
            firm |= bits
    return Taken(no, now, firm, tuple(held))


def _brought_up(known: Taken, news: Iterable[tuple[int, str, str, str, int | None]], hall: Hall, now: int) -> Taken:
    firm, held, no = known.firm, [pair for pair in known.held if pair[0] > now], known.no
    for number, took, freed, state, until in news:
        no = number
        changed = hall.mask(f"{took} {freed}".split())
        firm &= ~changed
        held = [(end, rest) for end, mask in held if (rest := mask & ~changed)]
        if took:
            bits = hall.mask(took.split())
            if state == "held" and until is not None:
                held.append((until, bits))
            else:
                firm |= bits
    return Taken(no, known.read_at, firm, tuple(held))
