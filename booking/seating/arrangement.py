"""What the search answers: seats with the way they hang together, or a refusal with its reason and facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from booking.halls.seat import Seat
from booking.wishes import Fault

Kind = Literal["together", "2+2", "same_box", "near", "apart"]
Reason = Literal[
    "bad_wish", "unknown_seat", "taken", "reserved", "sold_out", "not_together", "price", "nothing_matches"
]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Seats for a party.

    `kind`: "together" side by side; "2+2" in adjacent rows, one behind the other; "same_box"; "near" each other;
    "apart" only when the party does not mind. `groups` are the seats side by side in each row, `reasons` what there is
    to say: "no_block" (nothing side by side), "strapontin" (a folding seat is among them), "mixed" (several
    categories), "lone_seat" (a single seat stays alone beside them), "wheelchair" (a wheelchair place is among them).
    """

    seats: tuple[Seat, ...]
    kind: Kind
    groups: tuple[tuple[Seat, ...], ...]
    reasons: tuple[str, ...] = ()

    @property
    def together(self) -> bool:
        """Whether everybody sits side by side in one row."""
        return self.kind == "together"

    @property
    def seat_ids(self) -> tuple[str, ...]:
        """The ids of the seats."""
        return tuple(seat.id for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there are no seats, with the facts a voice needs.

    `left` seats answer the wish (for "sold_out": its category, or the house), `longest` of them side by side;
    `cheapest` and `asked` are cents for one seat; `seats` those that are unknown, taken or reserved. `instead` are the
    categories that would serve if the wish named them, best first; `drop` the parts of the wish without any one of
    which there would be seats.
    """

    reason: Reason
    wanted: int
    left: int = 0
    longest: int = 0
    category: str | None = None
    cheapest: int | None = None
    asked: int | None = None
    seats: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
