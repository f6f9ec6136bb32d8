"""A worker of one channel, run as a process of its own by test_kill.py: sells to one party after the other.

It writes one line of JSON before and after each deed. When the database goes away it asks again with the same request
id, as every channel must, until it is back.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, TimeoutError

from booking import BookingError, BookingService, HouseBusy, SoldOut, Wish
from ivr.database import engine_for

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
MOST_TRIES = 600


def tell(**facts: Any) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def insistently(deed: Callable[[], Any]) -> Any:
    """Again with the same request while the house is busy or the database away."""
    for _ in range(MOST_TRIES):
        try:
            return deed()
        except (DBAPIError, TimeoutError, HouseBusy):
            threading.Event().wait(0.05)
    raise SystemExit("the database never came back")


def main(url: str, channel: str, name: str, performance: str, parties: int) -> None:
    """Hold for each party; four in five buy, the fifth changes her mind."""
    service = BookingService(engine_for(url), lambda: NOON)
    lot = random.Random(name)
    for number in range(parties):
        clerk = insistently(lambda n=number: service.clerk(channel, f"{name}-{n}"))
        wish = Wish(lot.choice((1, 2, 2, 3, 4)), sections=("PART",), row_max=5, together=False)
        try:
            ask = f"{name}-{number}"
            hold = insistently(lambda r=ask, c=clerk, w=wish: c.hold_best(performance, w, request=f"{r}-hold"))
            if lot.random() < 0.8:
                tell(deed="sell", party=ask)
                order = insistently(lambda r=ask, c=clerk, h=hold: c.confirm(h.id, request=f"{r}-sell"))
                tell(sold=order.reference, party=ask, seats=[line.seat for line in order.lines])
            else:
                insistently(lambda r=ask, c=clerk, h=hold: c.release(h.id, request=f"{r}-release"))
        except SoldOut as refusal:
            tell(sold_out=refusal.left, wanted=wish.quantity)
        except BookingError as refusal:
            tell(wrong=repr(refusal))
    tell(done=name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
