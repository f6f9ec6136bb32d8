"""A clerk serves one holder over one channel; each of its wishes is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from booking import blocks, changes, holds, orders, showing, waiting_list
from booking.errors import BadWish
from booking.house import House, Who
from booking.model import CategoryOpen, Channel, Hold, OnSale, Order, Performance, Production, Waiting
from booking.programme import Programme
from booking.wishes import Wish


class Clerk:
    """Everything one may wish of the house. Every wish that changes something names its `request`:

    asked again with the same request id and content, the answer is the same and nothing happens twice; with other
    content it is RequestMismatch. Refusals are not remembered: asking again may succeed.

    A `brief` clerk serves for one turn of a call: she speaks of one and the same programme, as of a second ago at
    most; what is sold is checked against the programme of that very moment in any case.
    """

    def __init__(self, house: House, who: Who, *, brief: bool = False) -> None:
        self._house = house
        self._who = who
        self._brief = brief
        self._seen: Programme | None = None

    @property
    def channel(self) -> Channel:
        """The channel this clerk sells over."""
        return self._who.channel

    @property
    def holder(self) -> str:
        """On whose behalf seats are held."""
        return self._who.holder

    def programme(self) -> tuple[Production, ...]:
        """All productions of the season, with their performances."""
        return self._programme().productions

    def performance(self, performance_id: str) -> Performance:
        """One performance, or UnknownPerformance."""
        return self._programme().performance(performance_id)

    def performances(
        self,
        production: str | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        *,
        hall: str | None = None,
        on_sale: bool = False,
    ) -> tuple[Performance, ...]:
        """The performances still to come, in order of time; dates are the hall's own, both included."""
        return showing.performances(
            self._house, self._programme(), self._who, production, date_from, date_to, hall, on_sale
        )

    def on_sale(self, performance_id: str) -> OnSale:
        """Whether this channel sells a performance now; if not, since or until when, and who does."""
        return showing.on_sale(self._house, self._programme(), self._who, performance_id)

    def categories(self, performance_id: str, tariff: str | None = None) -> tuple[CategoryOpen, ...]:
        """What this channel may sell now, dearest first, with price (cents) and free seats; full ones too, with 0."""
        return showing.categories(self._house, self._programme(), self._who, performance_id, tariff)

    def hold_best(
        self,
        performance_id: str,
        wish: Wish,
        *,
        request: str,
        tariff: str | None = None,
        eligible: tuple[str, ...] = (),
    ) -> Hold:
        """Hold the best seats for ten minutes; a former hold for this performance is let go in the same transaction.

        Without `tariff` it is the performance's usual one. One that is for certain people only (a preview for the
        under 28 has no other) wants one of them in `eligible` (under28, senior …): whoever asks vouches for it.

        Errors: BadWish, UnknownPerformance, UnknownSeat, UnknownTariff, NotOnSale, ChannelClosed, NotEligible,
        LimitExceeded, QuotaExhausted, SoldOut (NotTogether, SeatsTaken, PriceOutOfReach), RequestMismatch, HouseBusy;
        the former hold stays then.
        """
        return holds.hold_best(self._house, self._who, performance_id, wish, request, tariff, eligible)

    def extend(self, hold_id: str, *, request: str) -> Hold:
        """Ten more minutes from now, up to thirty in all; HoldTooOld after that."""
        return holds.extend(self._house, self._who, hold_id, request)

    def release(self, hold_id: str, *, request: str) -> None:
        """Let the seats go; harmless when they are gone; AlreadySold with the reference when they were sold."""
        holds.release(self._house, self._who, hold_id, request)

    def release_all(self, *, request: str) -> None:
        """Let go of everything this holder holds."""
        holds.release_all(self._house, self._who, request)

    def hand_over(self, hold_id: str, to_holder: str, *, request: str, to_channel: Channel | None = None) -> Hold:
        """Give the hold to another holder without a gap: same seats, same price, same end."""
        to = Who(to_channel or self.channel, to_holder)
        return holds.hand_over(self._house, self._who, hold_id, to, request)

    def holds(self) -> tuple[Hold, ...]:
        """What this holder holds and nobody took; `held_until` may have passed."""
        return holds.held_by(self._house, self._who)

    def confirm(
        self, hold: str | Sequence[str], *, request: str, customer: str | None = None, collection: str = "box_office"
    ) -> Order:
        """Sell one hold or several in one order at the prices held; a lapsed hold too, while nobody took its seats.

        Errors: HoldLapsed, AlreadySold, NotYours, UnknownHold, NotOnSale (cancelled), RequestMismatch, HouseBusy.
        """
        sale = orders.Sale((hold,) if isinstance(hold, str) else tuple(hold), customer, collection)
        return orders.confirm(self._house, self._who, sale, request)

    def order(self, reference: str) -> Order:
        """The order as it is now, or UnknownOrder."""
        return orders.find(self._house, reference)

    def give(self, hold: str | Sequence[str], reason: str, *, request: str, customer: str | None = None) -> Order:
        """The seats of a hold for nothing, to a guest of the house; staff only, and never without a reason."""
        changes.must_be_staff(self._who, "give")
        if not reason:
            raise BadWish("reason", "")
        chosen = (hold,) if isinstance(hold, str) else tuple(hold)
        return orders.confirm(self._house, self._who, orders.Sale(chosen, customer, reason=reason[:120]), request)

    def cancel(
        self,
        reference: str,
        *,
        request: str,
        performance: str | None = None,
        seats: Sequence[str] = (),
        refund: bool = False,
    ) -> Order:
        """Give back an order's seats: all for its only (or the named) performance, or some.

        Dated shows are not refunded, but a cancelled performance always is; otherwise `refund` is staff's to grant.
        Errors: UnknownOrder, NotExchangeable, TooLate, ChannelClosed.
        """
        return changes.cancel(self._house, self._who, reference, performance, seats, refund, request)

    def exchange(self, reference: str, hold: str, *, request: str, performance: str | None = None) -> Order:
        """As many seats of another date of the same production, held beforehand; until 48 hours before the old one.

        Errors: UnknownOrder, UnknownHold, HoldLapsed, TooLate, NotExchangeable (production, count, cancelled…).
        """
        return changes.exchange(self._house, self._who, reference, hold, performance, request)

    def reseat(self, reference: str, hold: str, *, request: str, performance: str | None = None) -> Order:
        """Other seats of the same categories, same price, same performance (named if there are several); staff only."""
        return changes.reseat(self._house, self._who, reference, hold, performance, request)

    def quote(self, reference: str, hold: str, *, performance: str | None = None) -> int:
        """Cents that `exchange` of these held seats would cost now; 0 for a `reseat`, if the hold is for `performance`.

        Raises what the deed would raise.
        """
        return changes.quote(self._house, self._who, reference, hold, performance)

    def block(self, performance_id: str, seats: Sequence[str], reason: str, *, request: str) -> None:
        """Keep free seats back with a reason; staff only; SeatsTaken names those that are not free."""
        blocks.block(self._house, self._who, performance_id, seats, reason, request)

    def unblock(self, performance_id: str, seats: Sequence[str], *, request: str) -> None:
        """Put blocked seats on sale again; staff only."""
        blocks.unblock(self._house, self._who, performance_id, seats, request)

    def wait(
        self,
        performance_id: str,
        wish: Wish,
        *,
        request: str,
        customer: str | None = None,
        eligible: tuple[str, ...] = (),
    ) -> Waiting:
        """A place on the waiting list of a performance; whom its tariff is for is checked now, as in `hold_best`."""
        party = waiting_list.Party(wish, customer, eligible)
        return waiting_list.wait(self._house, self._who, performance_id, party, request)

    def withdraw(self, waiting_id: str, *, request: str) -> Waiting:
        """Wait no longer."""
        return waiting_list.withdraw(self._house, self._who, waiting_id, request)

    def accept(self, waiting_id: str, *, request: str) -> Hold:
        """Take the seats that were offered: the hold becomes this holder's; HoldLapsed if they are gone."""
        return waiting_list.accept(self._house, self._who, waiting_id, request)

    def _programme(self) -> Programme:
        if not self._brief:
            return self._house.programme()
        if self._seen is None:
            self._seen = self._house.programme_lately()
        return self._seen
