"""A machine that does whatever the house can do, in any order, every deed twice, on SQLite and PostgreSQL at once.

A plain dictionary is the model. It does not know which seats are best; it knows which were free, who had what, and what
must come of each deed. After every step both databases must hold exactly the model's seats, and at the end both audits
must be clean. `SOUFFLEUR_PROOF=long` runs many more and longer histories.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from booking import Allotment, BookingError, QuotaExhausted, Rules, SeatsTaken, SoldOut, Wish, changes, choosing
from booking.store import claims, quick

pytestmark = [pytest.mark.postgres, pytest.mark.proof]
LONG = os.environ.get("SOUFFLEUR_PROOF") == "long"
EVENINGS = (5, 6)
HOLDERS = ("CA1", "CA2", "CA3")
ROW = tuple(f"BAS:PART:1:{number}" for number in range(1, 9))
"""All that there is to be had in this small world: eight seats of the first row, the rest is never asked for."""


@dataclass
class Kept:
    """A hold as the model sees it; `ids` are its names in the two databases."""

    ids: tuple[str, ...]
    holder: str
    evening: int
    seats: tuple[str, ...]
    since: datetime
    until: datetime
    over: str = ""
    """What became of it: `gone` or `sold`."""
    order: int | None = None


@dataclass
class Party:
    """A place on the waiting list as the model sees it; the seats it is offered are held for `waiting#<number>`."""

    ids: tuple[str, ...]
    evening: int
    seats: tuple[str, ...]
    state: str = "waiting"
    hold: int | None = None


@dataclass
class World:
    """What is true: whose hold every seat has, the orders, the channels' shares, and who waits."""

    holds: list[Kept] = field(default_factory=list)
    seats: dict[tuple[int, str], int] = field(default_factory=dict)
    """(evening, seat) -> number of the hold that has it last."""
    blocked: set[tuple[int, str]] = field(default_factory=set)
    orders: list[tuple[tuple[str, ...], list[tuple[int, str]]]] = field(default_factory=list)
    quotas: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    """Evening -> the most seats the telephone may sell, and until when that is so."""
    kept_back: dict[int, tuple[set[str], datetime]] = field(default_factory=dict)
    """Evening -> seats that only the web sells, and until when that is so."""
    parties: list[Party] = field(default_factory=list)

    def is_kept_back(self, place: tuple[int, str], now: datetime) -> bool:
        """Whether the web has it for itself."""
        seats, until = self.kept_back.get(place[0], (set(), now))
        return now < until and place[1] in seats

    def quota_left(self, evening: int, own: int | None, now: datetime) -> int:
        """How many seats the telephone may still take; one's own hold, which would be let go, does not count."""
        quota, until = self.quotas.get(evening, (0, now))
        if now >= until:
            return len(ROW)
        counted = [place for place, owner in self.seats.items() if place[0] == evening and owner != own]
        return max(0, quota - sum(self.is_taken(place, now) for place in counted))

    def is_taken(self, place: tuple[int, str], now: datetime) -> bool:
        """Sold, blocked, or held and not lapsed."""
        if place in self.blocked:
            return True
        number = self.seats.get(place)
        return number is not None and (self.holds[number].over == "sold" or self.holds[number].until > now)

    def let_go(self, number: int) -> None:
        """A hold's seats are free, those that it still has."""
        self.holds[number].over = "gone"
        for place in [place for place, owner in self.seats.items() if owner == number]:
            del self.seats[place]

    def own(self, holder: str, evening: int) -> int | None:
        """The holder's hold for an evening; one whose first seat was taken by others is no longer found."""
        for number, hold in enumerate(self.holds):
            lead = (evening, min(hold.seats)) if hold.seats else None
            if not hold.over and (hold.holder, hold.evening) == (holder, evening) and self.seats.get(lead) == number:
                return number
        return None

    def is_whole(self, number: int) -> bool:
        """Whether nobody took a seat of it."""
        hold = self.holds[number]
        return all(self.seats.get((hold.evening, seat)) == number for seat in hold.seats)


def machine(  # noqa: C901  # one class with all its rules, made here so that it can see the houses
    houses: list[Any], clock: Any, empty: Callable[[], None]
) -> type[RuleBasedStateMachine]:
    """The machine on these houses, which share a clock."""

    a_holder, an_evening = st.sampled_from(HOLDERS), st.sampled_from(EVENINGS)

    a_hold_was_made = precondition(lambda self: self.world.holds)
    somebody_waits = precondition(lambda self: self.world.parties)

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            empty()
            clock.now = datetime.fromisoformat("2026-11-21T11:00:00+00:00")
            self.world = World()
            self.requests = 0
            self.evenings = {nth: houses[0].evening(nth=nth).id for nth in EVENINGS}

        def both(self, deed: Callable[[Any, int, str], Any]) -> list[Any]:
            """The deed on every house, twice with one request: the same answer both times."""
            self.requests += 1
            answers = []
            for number, house in enumerate(houses):
                first, second = (outcome(lambda n=number, h=house: deed(h, n, f"r{self.requests}")) for _ in "12")
                assert first == second
                answers.append(first)
            kinds = {type(answer).__name__ for answer in answers}
            assert len(kinds) == 1, answers
            return answers

        @initialize(quantity=st.integers(1, 2))
        def an_evening_before(self, quantity: int) -> None:
            """No history begins in an empty house: somebody has bought, somebody holds, somebody waits."""
            self.hold_these("CA1", 5, set(ROW[:2]))
            self.sell(0, "CA1", "box_office")
            self.hold_any("CA2", 6, quantity)
            self.wait("CA3", 6, {*self.world.holds[1].seats, ROW[7]})

        @rule(holder=a_holder, nth=an_evening, chosen=st.sets(st.sampled_from(ROW), min_size=1, max_size=4))
        def hold_these(self, holder: str, nth: int, chosen: set[str]) -> None:
            named = tuple(sorted(chosen))
            own = self.world.own(holder, nth)
            taken = [seat for seat in named if self.world.is_taken((nth, seat), clock.now)
                     and self.world.seats.get((nth, seat)) != own]
            taken += [seat for seat in named if (nth, seat) in self.world.blocked and seat not in taken]
            taken += [seat for seat in named if self.world.is_kept_back((nth, seat), clock.now)]
            left = self.world.quota_left(nth, own, clock.now)
            answers = self.hold(holder, nth, Wish(len(named), named=named))
            if taken:
                assert all(isinstance(answer, SeatsTaken) for answer in answers), (answers, taken)
            elif len(named) > left:
                assert answers == [QuotaExhausted("phone", left)] * len(houses), (answers, left)
            else:
                self.remember(answers, holder, nth)

        @rule(holder=a_holder, nth=an_evening, quantity=st.integers(1, 4))
        def hold_any(self, holder: str, nth: int, quantity: int) -> None:
            """The best of the row: all but its eight seats are avoided."""
            own = self.world.own(holder, nth)
            mine = {place for place, owner in self.world.seats.items() if owner == own}
            free = [seat for seat in ROW if (nth, seat) in mine or not self.world.is_taken((nth, seat), clock.now)]
            free = [seat for seat in free if not self.world.is_kept_back((nth, seat), clock.now)]
            left = self.world.quota_left(nth, own, clock.now)
            answers = self.hold(holder, nth, Wish(quantity, sections=("PART",), rows=(1,), avoid=REST, together=False))
            if len(free) < quantity:
                assert all(isinstance(answer, SoldOut) for answer in answers), answers
            elif quantity > left:
                assert answers == [QuotaExhausted("phone", left)] * len(houses), (answers, left)
            else:
                self.remember(answers, holder, nth)

        def hold(self, holder: str, nth: int, wish: Wish) -> list[Any]:
            return self.both(lambda house, _, request: house.clerk("phone", holder).hold_best(
                self.evenings[nth], wish, request=request))

        def remember(self, answers: list[Any], holder: str, nth: int) -> None:
            """Both houses gave the same free seats."""
            assert not isinstance(answers[0], BookingError), answers
            seats = {tuple(sorted(seat.id for seat in answer.seats)) for answer in answers}
            assert len(seats) == 1, answers
            own = self.world.own(holder, nth)
            if own is not None:
                self.world.let_go(own)
            chosen = seats.pop()
            assert not any(self.world.is_taken((nth, seat), clock.now) for seat in chosen)
            number = len(self.world.holds)
            kept = Kept(tuple(answer.id for answer in answers), holder, nth, chosen, clock.now, answers[0].held_until)
            self.world.holds.append(kept)
            for seat in chosen:
                self.world.seats[(nth, seat)] = number

        def fate(self, number: int, holder: str) -> str:
            """What a deed on a hold must come to."""
            hold = self.world.holds[number]
            rows = [place for place, owner in self.world.seats.items() if owner == number]
            if hold.over == "sold" and rows:
                return "AlreadySold"
            if not rows:
                return "HoldLapsed"
            if hold.holder != holder:
                return "NotYours"
            return "" if self.world.is_whole(number) else "HoldLapsed"

        def pick(self, data: st.DataObject) -> int:
            """One of the holds there ever were, the young ones more often."""
            count = len(self.world.holds)
            return data.draw(st.integers(max(0, count - 4), count - 1))

        def mostly_the_owner(self, data: st.DataObject, number: int, holder: str) -> str:
            """Somebody else now and then; nobody may speak for the waiting list."""
            owner = self.world.holds[number].holder
            return holder if owner not in HOLDERS or data.draw(st.integers(0, 3)) == 3 else owner

        @a_hold_was_made
        @rule(data=st.data(), holder=a_holder, collection=st.sampled_from(["box_office", "e_ticket"]))
        def confirm(self, data: st.DataObject, holder: str, collection: str) -> None:
            number = self.pick(data)
            self.sell(number, self.mostly_the_owner(data, number, holder), collection)

        def sell(self, number: int, holder: str, collection: str) -> None:
            fate = self.fate(number, holder)
            ids = self.world.holds[number].ids
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).confirm(
                ids[n], collection=collection, request=request))
            assert fate == (type(answers[0]).__name__ if isinstance(answers[0], BookingError) else ""), (answers, fate)
            if not fate:
                hold = self.world.holds[number]
                hold.over, hold.order = "sold", len(self.world.orders)
                places = [(hold.evening, seat) for seat in hold.seats]
                self.world.orders.append((tuple(answer.reference for answer in answers), places))

        @a_hold_was_made
        @rule(data=st.data(), holder=a_holder)
        def extend(self, data: st.DataObject, holder: str) -> None:
            number = self.pick(data)
            holder = self.mostly_the_owner(data, number, holder)
            hold = self.world.holds[number]
            fate = self.fate(number, holder)
            until = max(hold.until, min(clock.now + timedelta(minutes=10), hold.since + timedelta(minutes=30)))
            if not fate and until <= clock.now:
                fate = "HoldTooOld"
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).extend(
                hold.ids[n], request=request))
            assert fate == (type(answers[0]).__name__ if isinstance(answers[0], BookingError) else ""), (answers, fate)
            if not fate:
                hold.until = until

        @a_hold_was_made
        @rule(data=st.data(), holder=a_holder, to=a_holder)
        def hand_over(self, data: st.DataObject, holder: str, to: str) -> None:
            number = self.pick(data)
            holder = self.mostly_the_owner(data, number, holder)
            hold = self.world.holds[number]
            fate = self.fate(number, holder)
            other = self.world.own(to, hold.evening)
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).hand_over(
                hold.ids[n], to, request=request))
            assert fate == (type(answers[0]).__name__ if isinstance(answers[0], BookingError) else ""), (answers, fate)
            if not fate and to != holder:
                if other is not None:
                    self.world.let_go(other)
                hold.holder = to

        @a_hold_was_made
        @rule(data=st.data(), holder=a_holder)
        def release(self, data: st.DataObject, holder: str) -> None:
            number = self.pick(data)
            holder = self.mostly_the_owner(data, number, holder)
            hold = self.world.holds[number]
            fate = self.fate(number, holder)
            rows = [place for place, owner in self.world.seats.items() if owner == number]
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).release(
                hold.ids[n], request=request))
            if fate in ("AlreadySold", "NotYours"):
                assert type(answers[0]).__name__ == fate
                return
            assert answers == [None] * len(houses), answers
            if rows:
                self.world.let_go(number)

        @precondition(lambda self: any(not hold.over for hold in self.world.holds[-3:]))
        @rule(holder=a_holder)
        def hang_up(self, holder: str) -> None:
            self.both(lambda house, _, request: house.clerk("phone", holder).release_all(request=request))
            for nth in EVENINGS:
                own = self.world.own(holder, nth)
                if own is not None:
                    self.world.let_go(own)

        @precondition(lambda self: any(places for _, places in self.world.orders))
        @rule(data=st.data())
        def cancel(self, data: st.DataObject) -> None:
            number = data.draw(st.integers(0, len(self.world.orders) - 1))
            references, places = self.world.orders[number]
            answers = self.both(lambda house, n, request: house.clerk("phone", "CA1").cancel(
                references[n], request=request))
            assert isinstance(answers[0], BookingError) == (not places), answers
            for place in places:
                del self.world.seats[place]
            self.world.orders[number] = (references, [])

        @precondition(lambda self: self.world.orders)
        @rule(data=st.data(), holder=a_holder)
        def exchange(self, data: st.DataObject, holder: str) -> None:
            """Seats of an order against a hold; both evenings are days away."""
            number = self.pick(data)
            order = data.draw(st.integers(0, len(self.world.orders) - 1))
            self.swap(order, number, self.mostly_the_owner(data, number, holder))

        def swap(self, order: int, number: int, holder: str) -> None:
            (references, places), hold = self.world.orders[order], self.world.holds[number]
            fate = self.fate(number, holder) if places else "NotExchangeable"
            if not fate and len(places) != len(hold.seats):
                fate = "NotExchangeable"
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).exchange(
                references[n], hold.ids[n], request=request))
            assert fate == (type(answers[0]).__name__ if isinstance(answers[0], BookingError) else ""), (answers, fate)
            if fate:
                return
            assert len({answer.paid for answer in answers}) == 1, answers
            for place in places:
                del self.world.seats[place]
            hold.over, hold.order = "sold", order
            self.world.orders[order] = (references, [(hold.evening, seat) for seat in hold.seats])

        @rule(nth=an_evening, quota=st.integers(1, 7), seats=st.sets(st.sampled_from(ROW), min_size=1, max_size=2),
              minutes=st.sampled_from([5, 40]), what=st.sampled_from(["quota", "seats", "back"]))  # fmt: skip
        def share(self, nth: int, quota: int, seats: set[str], minutes: int, what: str) -> None:
            """The telephone gets a most that it may sell, the web seats of its own, or both shares are taken back."""
            until, evening = clock.now + timedelta(minutes=minutes), self.evenings[nth]
            if what == "quota":
                self.allot(Allotment(evening, "phone", until, (), quota))
                self.world.quotas[nth] = (quota, until)
            elif what == "seats":
                self.allot(Allotment(evening, "web", until, tuple(sorted(seats))))
                self.world.kept_back[nth] = (seats, until)
            else:
                for channel, shares in (("phone", self.world.quotas), ("web", self.world.kept_back)):
                    self.both(lambda house, _, request, c=channel: house.service.withdraw_allotment(
                        evening, c, request=request))
                    shares.pop(nth, None)

        def allot(self, share: Allotment) -> None:
            self.both(lambda house, _, request: house.service.allot(share, request=request))

        @rule(holder=a_holder, nth=an_evening, chosen=st.sets(st.sampled_from(ROW), min_size=1, max_size=3))
        def wait(self, holder: str, nth: int, chosen: set[str]) -> None:
            """For seats by name: otherwise the best for a party depend on its id, which is another in each house."""
            named = tuple(sorted(chosen))
            answers = self.both(lambda house, _, request: house.clerk("phone", holder).wait(
                self.evenings[nth], Wish(len(named), named=named), request=request))
            assert {answer.state for answer in answers} == {"waiting"}, answers
            self.world.parties.append(Party(tuple(answer.id for answer in answers), nth, named))

        @somebody_waits
        @rule(nth=an_evening)
        def offer(self, nth: int) -> None:
            """Those who waited longest first; for whom there is nothing, there is no offer, and the next is served."""
            answers = self.both(lambda house, _, request: house.service.offer_waiting(
                request=request, performance_id=self.evenings[nth]))
            served = []
            for number, party in enumerate(self.world.parties):
                if party.state == "waiting" and party.evening == nth and self.may_be_offered(party):
                    assert all(isinstance(answer, tuple) and len(answer) > len(served) for answer in answers), answers
                    made = [answer[len(served)] for answer in answers]
                    assert [each.id for each in made] == list(party.ids), (answers, party)
                    self.hold_for(number, tuple(each.hold for each in made), made[0].offered_until)
                    served.append(number)
            assert {len(answer) for answer in answers} == {len(served)}, (answers, served)

        def may_be_offered(self, party: Party) -> bool:
            places = [(party.evening, seat) for seat in party.seats]
            gone = any(self.world.is_taken(place, clock.now) or self.world.is_kept_back(place, clock.now)
                       for place in places)
            return not gone and len(places) <= self.world.quota_left(party.evening, None, clock.now)

        def hold_for(self, number: int, ids: tuple[str, ...], until: datetime) -> None:
            party = self.world.parties[number]
            party.state, party.hold = "offered", len(self.world.holds)
            kept = Kept(ids, f"waiting#{number}", party.evening, party.seats, clock.now, until)
            self.world.holds.append(kept)
            for seat in party.seats:
                self.world.seats[(party.evening, seat)] = party.hold

        @somebody_waits
        @rule(data=st.data(), holder=a_holder, withdraws=st.sampled_from([False, False, True]))
        def answer_an_offer(self, data: st.DataObject, holder: str, withdraws: bool) -> None:
            """Accept it, or wait no longer."""
            number = data.draw(st.integers(0, len(self.world.parties) - 1))
            party = self.world.parties[number]
            if withdraws:
                self.both(lambda house, n, request: house.clerk("phone", holder).withdraw(
                    party.ids[n], request=request))
                party.state = "withdrawn"
                return
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).accept(
                party.ids[n], request=request))
            fate = self.fate_of_offer(number)
            assert fate == (type(answers[0]).__name__ if isinstance(answers[0], BookingError) else ""), (answers, fate)
            if not fate:
                other = self.world.own(holder, party.evening)
                if other is not None:
                    self.world.let_go(other)
                self.world.holds[party.hold].holder, party.state = holder, "taken"

        def fate_of_offer(self, number: int) -> str:
            party = self.world.parties[number]
            if party.hold is None:
                return "UnknownHold"
            return "NotYours" if party.state == "withdrawn" else self.fate(party.hold, f"waiting#{number}")

        @rule(nth=an_evening, seat=st.sampled_from(ROW))
        def block_or_unblock(self, nth: int, seat: str) -> None:
            place = (nth, seat)
            was, taken = place in self.world.blocked, self.world.is_taken(place, clock.now)

            def deed(house: Any, _: int, request: str) -> None:
                clerk = house.clerk("agent", "agent:1")
                if was:
                    clerk.unblock(self.evenings[nth], [seat], request=request)
                else:
                    clerk.block(self.evenings[nth], [seat], "camera", request=request)

            answers = self.both(deed)
            if was:
                self.world.blocked.discard(place)
            elif taken:
                assert all(isinstance(answer, SeatsTaken) for answer in answers)
                return
            else:
                self.world.blocked.add(place)
                self.world.seats.pop(place, None)
            assert answers == [None] * len(houses), answers

        @rule(data=st.data())
        def time_passes(self, data: st.DataObject) -> None:
            """Often to the very edge of a hold."""
            ends = [hold.until for hold in self.world.holds if hold.until > clock.now]
            jumps = [clock.now + timedelta(minutes=minutes) for minutes in (4, 11)]
            ends += [until for shares in (self.world.quotas, self.world.kept_back) for _, until in shares.values()]
            jumps += [end + timedelta(microseconds=edge) for end in ends[-3:] for edge in (-1, 0)]
            clock.now = max(clock.now, data.draw(st.sampled_from(jumps)))

        @invariant()
        def the_tables_hold_what_the_model_holds(self) -> None:
            taken = self.world.seats.items()
            expected = {(self.evenings[nth], seat): self.stands(owner) for (nth, seat), owner in taken}
            expected |= {(self.evenings[nth], seat): "blocked" for nth, seat in self.world.blocked}
            for house in houses:
                with house.engine.connect() as connection:
                    rows = connection.execute(text("SELECT performance, seat, state FROM booking_claims"))
                    assert {(row[0], row[1]): row[2] for row in rows} == expected

        @invariant()
        def the_list_is_what_the_model_has(self) -> None:
            for n, house in enumerate(houses):
                with house.engine.connect() as connection:
                    rows = connection.execute(text("SELECT id, state FROM booking_waiting ORDER BY no"))
                    assert [tuple(row) for row in rows] == [(each.ids[n], each.state) for each in self.world.parties]

        def stands(self, number: int) -> str:
            return "sold" if self.world.holds[number].over == "sold" else "held"

        def teardown(self) -> None:
            for house in houses:
                assert house.service.audit().wrong == ()

    return Machine


def outcome(deed: Callable[[], Any]) -> Any:
    """What came of it; a refusal is an outcome too."""
    try:
        return deed()
    except BookingError as refusal:
        return refusal


REST = tuple(f"BAS:PART:1:{number}" for number in range(9, 60))


@pytest.fixture
def houses(sqlite_engine, postgres_engine, make_house) -> list[Any]:
    """One on each database, with one clock."""
    rules = Rules(offer=timedelta(minutes=25))
    return [make_house(sqlite_engine, rules), make_house(postgres_engine, rules)]


def play(houses: list[Any], clock: Any, examples: int, steps: int) -> None:
    """Let the machine run."""

    def empty() -> None:
        for house in houses:
            with house.engine.begin() as connection:
                for table in ("claims", "ledger", "orders", "waiting", "allotments"):
                    connection.execute(text(f"DELETE FROM booking_{table}"))
            house.service._house.__post_init__()  # as after a start

    chosen = settings(
        max_examples=examples * (20 if LONG else 1), stateful_step_count=steps * (3 if LONG else 1), deadline=None,
        suppress_health_check=list(HealthCheck), derandomize=not LONG, database=None,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(machine(houses, clock, empty), settings=chosen)


def test_whatever_happens_both_databases_agree_with_the_model(houses, clock):
    play(houses, clock, examples=11, steps=50)


def a_history(houses: list[Any], clock: Any) -> Any:
    """A machine to be led by hand: CA1 has bought two seats on the fifth evening, CA2 holds two on the sixth."""
    led = machine(houses, clock, lambda: None)()
    led.an_evening_before(2)
    led.the_tables_hold_what_the_model_holds()
    return led


def test_control_without_the_expiry_check_the_model_notices(houses, clock, monkeypatch):
    """A claim that takes a lapsed hold for a living one."""
    honest = claims.take_statement
    for module, name in ((claims, "_take"), (quick, "_statement")):
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))
    monkeypatch.setattr(claims, "take_statement", lambda seats: honest(seats).replace("<= :now", "<= 0 * :now"))
    led = a_history(houses, clock)
    clock.forward(minutes=11)
    with pytest.raises(AssertionError):
        led.hold_these("CA3", 6, set(led.world.holds[1].seats))


def test_control_without_the_count_of_the_quota_the_model_notices(houses, clock, monkeypatch):
    """A telephone that sells as if it had no most."""
    monkeypatch.setattr(choosing, "_must_keep_quota", lambda *_: None)
    led = a_history(houses, clock)
    led.share(5, 3, set(), 40, "quota")
    with pytest.raises(AssertionError):
        led.hold_these("CA3", 5, set(ROW[2:4]))


def test_control_when_an_exchange_forgets_the_old_seats_the_model_notices(houses, clock, monkeypatch):
    """They stay sold though nobody has them."""
    monkeypatch.setattr(changes, "_give_back", lambda *_: None)
    led = a_history(houses, clock)
    led.swap(0, 1, "CA2")
    with pytest.raises(AssertionError):
        led.the_tables_hold_what_the_model_holds()


def test_the_three_histories_are_without_fault_when_nothing_is_taken_away(houses, clock):
    led = a_history(houses, clock)
    led.share(5, 3, set(), 40, "quota")
    led.hold_these("CA3", 5, set(ROW[2:4]))
    led.swap(0, 1, "CA2")
    led.the_tables_hold_what_the_model_holds()
    led.hold_these("CA1", 5, set(ROW[4:6]))
    clock.forward(minutes=11)
    led.hold_these("CA3", 5, set(ROW[4:5]))
    led.teardown()
