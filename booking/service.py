"""BookingService: the one thing that others are handed; it gives out clerks and keeps the house in order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine

from booking import allotments, changes, customers, holds, waiting_list
from booking.allotments import Allotment
from booking.audit import Audit, audit
from booking.clerk import Clerk
from booking.errors import BadSeason, BadWish
from booking.halls.hall import hall_ids, read_hall
from booking.house import Clock, House, Rules
from booking.model import Channel, Customer, Held, Hold, Order, Production, Waiting
from booking.moments import moment
from booking.programme import season_rows
from booking.seasons.season import Season, Tariff
from booking.seating.hall_masks import masks_of
from booking.seating.placements import prepare
from booking.store import claims
from booking.store import programme as programme_rows
from booking.store import waiting as waiting_rows


class BookingService:
    """The house's seats, on SQLite or PostgreSQL; any number of threads, processes and machines may have one each."""

    def __init__(self, engine: Engine, clock: Clock, rules: Rules | None = None) -> None:
        self._house = House(engine, clock, rules or Rules())

    def clerk(self, channel: Channel, holder: str, key: str | None = None, *, brief: bool = False) -> Clerk:
        """A clerk for one holder (a call, an agent, a customer of the web) over one channel.

        A distributor is a channel with a `key`; ChannelClosed if it does not fit. A `brief` clerk serves for one turn.
        """
        if not isinstance(holder, str) or not 0 < len(holder) <= 80:
            raise BadWish("holder", str(holder)[:80])
        return Clerk(self._house, allotments.who_is(self._house, channel, holder, key), brief=brief)

    def programme(self) -> tuple[Production, ...]:
        """All productions of the season, with their performances; empty while no season is loaded."""
        return self._house.programme().productions

    def prepare(self) -> None:
        """Work out now what the first searches in each hall would otherwise let a caller wait for."""
        for hall in map(read_hall, hall_ids()):
            masks_of(hall)
            prepare(hall)

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

    def cancel_performance(self, performance_id: str, *, request: str) -> tuple[str, ...]:
        """Call a performance off and refund every order that has seats for it; the references.

        Interrupted half way, the same request goes on where it stopped: each refund is a deed of its own.
        """
        allotments.cancel_performance(self._house, performance_id, request)
        with self._house.books.read() as tx:
            references = claims.references(tx, performance_id)
        return tuple(changes.refund_all(self._house, allotments.HOUSE, references, performance_id, request))

    def allot(self, share: Allotment, *, request: str) -> None:
        """Give a channel its own share of a performance until a release date."""
        allotments.allot(self._house, share, request)

    def withdraw_allotment(self, performance_id: str, channel: Channel, *, request: str) -> None:
        """Take a channel's share back."""
        allotments.withdraw(self._house, performance_id, channel, request)

    def admit(self, channel: Channel, name: str, key: str) -> None:
        """Admit a distributor under a key of at least 16 signs, or give it another key."""
        allotments.admit(self._house, channel, name, key)

    def waiting(self, performance_id: str) -> tuple[Waiting, ...]:
        """Everybody on the waiting list of a performance, in order."""
        return waiting_list.show(self._house, performance_id)

    def offer_waiting(self, *, request: str, performance_id: str | None = None) -> tuple[Waiting, ...]:
        """Offer what came back to those who waited longest, for one performance or all; housekeeping calls it."""
        with self._house.books.read() as tx:
            wanted = [performance_id] if performance_id else waiting_rows.performances(tx, self._house.now())
        return tuple(made for each in wanted for made in waiting_list.offer(self._house, each, request))

    def customer(self, phone: str, *, language: str = "", name: str = "") -> Customer:
        """The customer with this number (E.164), made when there is none."""
        return customers.find_or_make(self._house, phone, language=language, name=name)

    def known_customer(self, customer: str) -> Customer:
        """The customer with this id, or UnknownCustomer."""
        return customers.known(self._house, customer)

    def customers_among(self, *, phones: Collection[str] = (), ids: Collection[str] = ()) -> tuple[Customer, ...]:
        """Those with one of these numbers (E.164) or ids, in one question; nobody is made for being looked up."""
        return customers.among(self._house, phones, ids)

    def find_customers(self, text: str) -> tuple[Customer, ...]:
        """Those with part of this name, whatever the accents, or with these digits in their number; 20 at most."""
        return customers.found(self._house, text)

    def tariffs(self) -> tuple[Tariff, ...]:
        """The season's tariffs: what they are called, and for whom they are."""
        return tuple(self._house.programme().tariffs.values())

    def change_customer(self, customer: str, **values: str) -> Customer:
        """Another `name`, `language` or `email`."""
        return customers.change(self._house, customer, **values)

    def consent(self, customer: str, **given: bool) -> Customer:
        """What she may be contacted for: `sms`, `email`, `voice`; and `recording`: may what she says be kept?"""
        return customers.consent(self._house, customer, **given)

    def remember(self, customer: str, **facts: str) -> Customer:
        """Keep small facts for the next call."""
        return customers.remember(self._house, customer, **facts)

    def forget_customer(self, customer: str) -> None:
        """Erase the person; her orders stay without her."""
        customers.forget(self._house, customer)

    def orders_of(self, customer: str) -> tuple[Order, ...]:
        """What a customer bought, newest first."""
        return customers.orders_of(self._house, customer)

    def held(self) -> tuple[Held, ...]:
        """Who holds what now, the soonest end first."""
        with self._house.books.read() as tx:
            rows = claims.held(tx, self._house.now())
        return tuple(Held(*row[:4], int(row[4]), moment(row[5])) for row in rows)

    def holds_of(self, holders: Collection[str]) -> dict[str, tuple[Hold, ...]]:
        """What each of these holds and nobody took, as a clerk's `holds` has it, in two questions for all of them."""
        return holds.held_by_all(self._house, holders)

    def audit(self) -> Audit:
        """Rebuild the present from the ledger and compare it with the tables."""
        return audit(self._house)
