"""BookingService: the one thing that others are handed; it gives out clerks and keeps the house in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from booking.clerk import Clerk
from booking.errors import BadSeason, BadWish
from booking.house import Clock, House, Rules
from booking.model import Channel, Production
from booking.programme import season_rows
from booking.season import Season
from booking.store import programme as programme_rows


class BookingService:
    """The house's seats, on SQLite or PostgreSQL; any number of threads, processes and machines may have one each."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules | None = None) -> None:
        self._house = House(engine, clock, rules or Rules())

    def clerk(self, channel: Channel, holder: str) -> Clerk:
        """A clerk for one holder (a call, an agent, a customer of the web) over one channel."""
        if not isinstance(holder, str) or not 0 < len(holder) <= 80:
            raise BadWish("holder", str(holder)[:80])
        return Clerk(self._house, channel, holder)

    def programme(self) -> tuple[Production, ...]:
        """All productions of the season, with their performances; empty while no season is loaded."""
        return self._house.programme().productions

    def load_season(self, season: Season) -> int:
        """Put a season on sale in the place of the one before; how many performances it has.

        BadSeason if seats are held or sold for a performance that the new season no longer has.
        """
        house = self._house
        loaded_at: datetime = house.clock()
        season_row, productions, performances = season_rows(season, loaded_at)
        with house.books.write() as tx:
            lost = programme_rows.claimed_performances(tx) - {row["id"] for row in performances}
            if lost:
                raise BadSeason(season.id, min(lost), "seats are sold for it: keep it, or cancel it first")
            programme_rows.replace(tx, season_row, productions, performances)
        house.programme(anew=True)
        return len(performances)
