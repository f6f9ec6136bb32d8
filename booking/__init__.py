"""What is true: seats, prices, holds, orders, customers. Knows nothing of telephones.

Others import from this door only. `BookingService(engine, clock)` gives out clerks; a clerk serves one holder over one
channel, and each of its wishes is one transaction. What leaves the package are frozen dataclasses and named errors.
"""

from __future__ import annotations

from booking.allotments import Allotment
from booking.audit import Audit
from booking.clerk import Clerk
from booking.errors import (
    AlreadySold,
    BadSeason,
    BadWish,
    BookingError,
    ChannelClosed,
    HoldLapsed,
    HoldTooOld,
    HouseBusy,
    LimitExceeded,
    NotEligible,
    NotExchangeable,
    NothingMatches,
    NotOnSale,
    NotTogether,
    NotYours,
    PriceOutOfReach,
    QuotaExhausted,
    RequestMismatch,
    SeatsTaken,
    SoldOut,
    TooLate,
    UnknownCustomer,
    UnknownHold,
    UnknownOrder,
    UnknownPerformance,
    UnknownSeat,
    UnknownTariff,
)
from booking.halls.hall import Hall, hall_ids, read_hall
from booking.halls.seat import Category, Seat, Section
from booking.house import Rules
from booking.model import (
    CHANNELS,
    CategoryOpen,
    Channel,
    Customer,
    Held,
    Hold,
    OnSale,
    Order,
    OrderLine,
    Performance,
    Production,
    Waiting,
)
from booking.seasons.season import Season
from booking.seasons.season_file import demo_opening, read_season
from booking.service import BookingService
from booking.wishes import Wish

__all__ = [
    "CHANNELS",
    "Allotment",
    "AlreadySold",
    "Audit",
    "BadSeason",
    "BadWish",
    "BookingError",
    "BookingService",
    "Category",
    "CategoryOpen",
    "Channel",
    "ChannelClosed",
    "Clerk",
    "Customer",
    "Hall",
    "Held",
    "Hold",
    "HoldLapsed",
    "HoldTooOld",
    "HouseBusy",
    "LimitExceeded",
    "NotEligible",
    "NotExchangeable",
    "NotOnSale",
    "NotTogether",
    "NotYours",
    "NothingMatches",
    "OnSale",
    "Order",
    "OrderLine",
    "Performance",
    "PriceOutOfReach",
    "Production",
    "QuotaExhausted",
    "RequestMismatch",
    "Rules",
    "Season",
    "Seat",
    "SeatsTaken",
    "Section",
    "SoldOut",
    "TooLate",
    "UnknownCustomer",
    "UnknownHold",
    "UnknownOrder",
    "UnknownPerformance",
    "UnknownSeat",
    "UnknownTariff",
    "Waiting",
    "Wish",
    "demo_opening",
    "hall_ids",
    "read_hall",
    "read_season",
]
