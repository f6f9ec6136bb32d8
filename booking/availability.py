"""What is free of a performance, as bits: remembered by each process, brought up to date before each search.

What is remembered may be stale: then the claim fails and is tried again on fresh bits. It can never sell a seat twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booking.halls.hall import Hall
from booking.store import Transaction, claims, ledger
from booking.store.ledger import Moved

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
    living: int
    """All held bits together."""
    soonest: int
    """When the first of them lapses."""

    def at(self, now: int) -> int:
        """The bits taken at a moment: a hold that ends now is over."""
        if now < self.soonest:
            return self.firm | self.living
        bits = self.firm
        for until, mask in self.held:
            if until > now:
                bits |= mask
        return bits


_NEVER = 1 << 62


def _taken(no: int, read_at: int, firm: int, held: Sequence[tuple[int, int]], now: int) -> Taken:
    alive = tuple(pair for pair in held if pair[0] > now)
    bits = 0
    for _, mask in alive:
        bits |= mask
    return Taken(no, read_at, firm, alive, bits, min((until for until, _ in alive), default=_NEVER))


class Availability:
    """The taken seats of every performance this process has been asked about."""

    def __init__(self) -> None:
        self._taken: dict[str, Taken] = {}

    def taken(self, tx: Transaction, performance: str, hall: Hall, now: int, *, anew: bool = False) -> int:
        """The bits that are taken now."""
        known = None if anew else self._fresh(performance, now)
        known = _brought_up(known, ledger.since(tx, performance, known.no), hall, now) if known else None
        return self._keep(performance, known or _read(tx, performance, hall, now)).at(now)

    def look(
        self, tx: Transaction, performance: str, holder: str, hall: Hall, now: int, *, anew: bool = False
    ) -> tuple[int, bool]:
        """The bits that are taken now, and whether the holder has a hold there already; one question as a rule."""
        known = (None if anew else self._fresh(performance, now)) or _read(tx, performance, hall, now)
        has_one, news = ledger.news(tx, performance, known.no, holder)
        return self._keep(performance, _brought_up(known, news, hall, now)).at(now), has_one

    def _fresh(self, performance: str, now: int) -> Taken | None:
        known = self._taken.get(performance)
        return known if known is not None and 0 <= now - known.read_at < REREAD_AFTER else None

    def _keep(self, performance: str, known: Taken) -> Taken:
        self._taken[performance] = known
        return known


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
    return _taken(no, now, firm, held, now)


def _brought_up(known: Taken, news: Sequence[Moved], hall: Hall, now: int) -> Taken:
    """What is freed is taken off; what is taken is added, and may stay among the held until its time is over."""
    if not news:
        return known
    firm, held = known.firm, list(known.held)
    for _, took, freed, state, until in news:
        if freed:
            gone = hall.mask(freed.split(" "))
            firm &= ~gone
            held = [(end, mask & ~gone) for end, mask in held]
        if took and state == "held" and until is not None:
            bits = hall.mask(took.split(" "))
            firm &= ~bits
            held.append((until, bits))
        elif took:
            firm |= hall.mask(took.split(" "))
    return _taken(news[-1][0], known.read_at, firm, held, now)
