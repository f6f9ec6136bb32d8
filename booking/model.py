"""What leaves this package: productions, performances, holds, orders; frozen, and never a database row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from booking.halls.seat import Seat

Channel = str
"""Who sells: `mail`, `box_office`, `agent`, `phone`, `web`, or the key of a distributor."""

CHANNELS: tuple[Channel, ...] = ("mail", "box_office", "agent", "phone", "web")
"""The five channels every house has; distributors come with the season."""


@dataclass(frozen=True)
class Performance:
    """One evening (or afternoon) of a production."""

    id: str
    production: str
    hall: str
    starts_at: datetime
    """Aware, UTC."""
    local: datetime
    """The same moment, aware, in the hall's own time zone: what is printed and spoken."""
    kind: str
    """`normal`, `premiere`, `avant_premiere_jeunes`, `reveillon`, `gala`…"""
    prices: Mapping[str, int]
    """Category id -> price in cents."""
    opens: Mapping[Channel, datetime] = field(default_factory=dict)
    """Channel -> when it begins to sell (aware, UTC); a channel that is missing never sells this performance."""
    closes: Mapping[Channel, datetime] = field(default_factory=dict)
    """Channel -> when it stops (aware, UTC); a channel that is missing stops when the curtain rises."""
    limit: int = 9
    """Seats one holder may have at once."""
    tariffs: tuple[str, ...] = ("full",)
    cancelled: bool = False
    title: str = ""
    version: int = 1
    """Rises with every change to this performance, so that nobody sells by yesterday's rules."""

    @property
    def date(self) -> date:
        """The day printed on the ticket."""
        return self.local.date()

    @property
    def time(self) -> time:
        """The hour printed on the ticket."""
        return self.local.time()


@dataclass(frozen=True)
class Production:
    """One title of the season, with its performances in order of time."""

    id: str
    code: str
    """Three digits, as in the brochure."""
    title: str
    hall: str
    genre: str
    performances: tuple[Performance, ...] = ()
    alt_titles: tuple[str, ...] = ()
    style: str = ""
    composer: str = ""
    choreographer: str = ""
    language: str = ""
    surtitles: tuple[str, ...] = ()
    minutes: int = 0
    intervals: int = 0
    new_production: bool = False
    contemporary: bool = False
    core_repertoire: bool = False


@dataclass(frozen=True)
class OnSale:
    """Whether a channel sells a performance now, and if not, since or until when."""

    state: Literal["open", "not_yet", "over", "other_channel", "cancelled"]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    channels: tuple[Channel, ...] = ()
    """The channels that sell it now."""


@dataclass(frozen=True)
class CategoryOpen:
    """A price category as one channel may sell it now."""

    id: str
    price: int
    """Cents."""
    free: int
    sections: tuple[str, ...] = ()
    """Section ids with at least one free seat."""


@dataclass(frozen=True)
class Hold:
    """Exact seats kept for one holder at a price that stays while the hold lives."""

    id: str
    performance: Performance
    seats: tuple[Seat, ...]
    prices: tuple[int, ...]
    """Cents, one for each seat."""
    held_until: datetime
    together: bool = True
    arrangement: str = "together"
    """`together`, `2+2` (one pair behind the other), `same_box`, `near`, or `apart` when that was no matter."""
    reasons: tuple[str, ...] = ()
    """What there is to say about them: `no_block`, `strapontin`, `mixed`, `lone_seat`, `wheelchair`."""
    tariff: str = "full"
    holder: str = ""
    channel: Channel = ""

    @property
    def total(self) -> int:
        """Cents for all seats."""
        return sum(self.prices)

    @property
    def price_each(self) -> int:
        """Cents for one seat: the dearest, should they differ."""
        return max(self.prices)


@dataclass(frozen=True)
class Held:
    """One line of who holds what now."""

    performance: str
    holder: str
    channel: Channel
    seats: int
    total: int
    """Cents."""
    held_until: datetime


@dataclass(frozen=True)
class OrderLine:
    """One seat of an order."""

    performance: str
    seat: str
    category: str
    price: int
    """Cents, as paid."""
    tariff: str = "full"
    state: Literal["sold", "cancelled", "exchanged", "refunded", "reseated"] = "sold"


@dataclass(frozen=True)
class Order:
    """What somebody bought, under a reference of seven digits."""

    reference: str
    lines: tuple[OrderLine, ...]
    customer: str | None
    channel: Channel
    collection: str
    made_at: datetime
    paid: int = 0
    """Cents received over the order's whole life, fees included."""
    refunded: int = 0
    """Cents given back."""
    reason: str = ""
    """Why nothing was paid (a guest of the house), or empty."""

    @property
    def sold(self) -> tuple[OrderLine, ...]:
        """The seats that are still this order's."""
        return tuple(line for line in self.lines if line.state == "sold")

    @property
    def total(self) -> int:
        """Cents for the seats that are still this order's."""
        return sum(line.price for line in self.sold)


@dataclass(frozen=True)
class Customer:
    """What we remember of somebody who called or bought."""

    id: str
    phone: str
    """E.164, or empty."""
    name: str = ""
    language: str = ""
    email: str = ""
    consent: Mapping[str, bool] = field(default_factory=dict)
    """For what she may be contacted: `sms`, `email`, `voice`; and `recording`: may what she says be kept?"""
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """A place on the waiting list of one performance."""

    id: str
    performance: str
    quantity: int
    state: Literal["waiting", "offered", "taken", "lapsed", "withdrawn"]
    customer: str | None
    hold: str | None = None
    offered_until: datetime | None = None
