"""Asked again with the same request id, the answer is the same: both are one line of the ledger."""

from __future__ import annotations

from booking.errors import BadWish, RequestMismatch
from booking.store import Transaction, ledger
from booking.store.ledger import Written

LONGEST = 100


def must_be_usable(request: str) -> None:
    """BadWish for a request id that is empty, too long or no text."""
    if not isinstance(request, str) or not 0 < len(request) <= LONGEST:
        raise BadWish("request", str(request)[:LONGEST])


def answered(tx: Transaction, request: str, fingerprint: str) -> Written | None:
    """What this very request was answered before, if it was; RequestMismatch if it asked for something else."""
    found = ledger.answered(tx, request)
    if found is not None and found.fingerprint != fingerprint:
        raise RequestMismatch(request)
    return found
