"""All that can go wrong when somebody wants seats; named for what happened, carrying facts, never sentences.

BookingError
├─ BadWish                     the wish makes no sense             (field, value)
│  ├─ UnknownPerformance                                           (performance)
│  ├─ UnknownSeat              no such seat in that hall           (seat)
│  ├─ UnknownHold                                                  (hold)
│  ├─ UnknownOrder                                                 (reference)
│  ├─ UnknownTariff                                                (tariff)
│  └─ UnknownCustomer                                              (customer)
├─ NotOnSale                   too early, too late, cancelled      (performance, state, opens_at, closes_at, channels)
├─ ChannelClosed               this channel does not sell that     (channel, what, channels)
├─ NotEligible                 a tariff for others              (tariff, who)
├─ LimitExceeded               more than one holder may have       (limit, wanted)
├─ QuotaExhausted              the channel's own share is gone     (channel, left)
├─ SoldOut                     not enough seats                    (left, wanted, category)
│  ├─ NotTogether              enough, but not side by side        (longest)
│  ├─ NothingMatches           free seats, but none as wished for   (instead, drop)
│  ├─ SeatsTaken               the very seats asked for are gone   (seats)
│  └─ PriceOutOfReach          enough, but all dearer              (cheapest, asked)
├─ HoldLapsed                  the ten minutes are over and somebody took a seat   (hold)
├─ HoldTooOld                  may not be extended any more        (hold, held_until)
├─ NotYours                    another holder has it               (hold)
├─ AlreadySold                 released or confirmed too late      (reference)
├─ TooLate                     exchange or cancel after the last hour (reference, until)
├─ NotExchangeable             cancelled, or of another production (reference, why)
├─ RequestMismatch             same request id, other content      (request)
├─ HouseBusy                   could not get at the seats in time  (performance)
└─ BadSeason                   a season or hall file cannot be read (file, place, remedy)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class BookingError(Exception):
    """Something that can happen to an honest wish; the fields say what a voice needs to tell it."""

    def __str__(self) -> str:
        return repr(self)


@dataclass
class BadWish(BookingError):
    """The wish itself makes no sense: no seats, a negative price, a hall that does not exist."""

    field: str = ""
    value: str = ""


@dataclass
class UnknownPerformance(BadWish):
    """There is no such performance in this season."""

    performance: str = ""


@dataclass
class UnknownSeat(BadWish):
    """There is no such seat in the hall of this performance."""

    seat: str = ""


@dataclass
class UnknownHold(BadWish):
    """Nobody ever had this hold, or it was let go."""

    hold: str = ""


@dataclass
class UnknownOrder(BadWish):
    """No order has this reference."""

    reference: str = ""


@dataclass
class UnknownTariff(BadWish):
    """The season knows no such tariff."""

    tariff: str = ""


@dataclass
class UnknownCustomer(BadWish):
    """No customer has this number or id."""

    customer: str = ""


@dataclass
class NotOnSale(BookingError):
    """Too early, too late, not by this channel, or cancelled: `state` as in OnSale."""

    performance: str = ""
    state: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    channels: tuple[str, ...] = ()


@dataclass
class ChannelClosed(BookingError):
    """This channel never sells that (a category, a tariff, a deed); `channels` do."""

    channel: str = ""
    what: str = ""
    channels: tuple[str, ...] = ()


@dataclass
class NotEligible(BookingError):
    """This tariff is for certain people only: for any one of `who` (under28, senior …)."""

    tariff: str = ""
    who: tuple[str, ...] = ()


@dataclass
class LimitExceeded(BookingError):
    """More seats than one holder may have."""

    limit: int = 0
    wanted: int = 0


@dataclass
class QuotaExhausted(BookingError):
    """Seats are free, but this channel's own share of them is used up."""

    channel: str = ""
    left: int = 0


@dataclass
class SoldOut(BookingError):
    """Not enough free seats for the wish; `left` is how many are."""

    left: int = 0
    wanted: int = 0
    category: str | None = None
    instead: tuple[str, ...] = ()
    """Categories that would serve if the wish named them, best first."""
    drop: tuple[str, ...] = ()
    """Parts of the wish without any one of which there would be seats."""


@dataclass
class NotTogether(SoldOut):
    """Enough seats, but never so many side by side; `longest` is the longest free run."""

    longest: int = 0


@dataclass
class NothingMatches(SoldOut):
    """Seats are free, but none as wished for (place, view, side…); `drop` tells what to give up."""


@dataclass
class SeatsTaken(SoldOut):
    """The very seats asked for are gone."""

    seats: tuple[str, ...] = ()


@dataclass
class PriceOutOfReach(SoldOut):
    """Enough seats, but none so cheap; `cheapest` is what one costs (cents)."""

    cheapest: int = 0
    asked: int = 0


@dataclass
class HoldLapsed(BookingError):
    """The time of the hold is over and somebody else took a seat of it."""

    hold: str = ""


@dataclass
class HoldTooOld(BookingError):
    """The hold has been extended as often as the house allows."""

    hold: str = ""
    held_until: datetime | None = None


@dataclass
class NotYours(BookingError):
    """The hold or order belongs to another holder."""

    hold: str = ""


@dataclass
class AlreadySold(BookingError):
    """The seats of this hold were sold; `reference` is the order."""

    reference: str = ""


@dataclass
class TooLate(BookingError):
    """The last hour for this deed has passed."""

    reference: str = ""
    until: datetime | None = None


@dataclass
class NotExchangeable(BookingError):
    """These seats cannot be exchanged so; `why` is a word: `sold`, `production`, `cancelled`…"""

    reference: str = ""
    why: str = ""


@dataclass
class RequestMismatch(BookingError):
    """The request id was used before for something else."""

    request: str = ""


@dataclass
class HouseBusy(BookingError):
    """Too many wanted the same seats at once; asking again is harmless."""

    performance: str = ""


@dataclass
class BadSeason(BookingError):
    """A file of halls or seasons cannot be read; where, and what would mend it."""

    file: str = ""
    place: str = ""
    remedy: str = ""
