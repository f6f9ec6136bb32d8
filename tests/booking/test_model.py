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
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from booking import BookingError, SeatsTaken, SoldOut, Wish
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
class World:
    """What is true: whose hold every seat has, and the orders."""

    holds: list[Kept] = field(default_factory=list)
    seats: dict[tuple[int, str], int] = field(default_factory=dict)
    """(evening, seat) -> number of the hold that has it last."""
    blocked: set[tuple[int, str]] = field(default_factory=set)
    orders: list[tuple[tuple[str, ...], list[tuple[int, str]]]] = field(default_factory=list)

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

        @rule(holder=a_holder, nth=an_evening, chosen=st.sets(st.sampled_from(ROW), min_size=1, max_size=4))
        def hold_these(self, holder: str, nth: int, chosen: set[str]) -> None:
            named = tuple(sorted(chosen))
            own = self.world.own(holder, nth)
            taken = [seat for seat in named if self.world.is_taken((nth, seat), clock.now)
                     and self.world.seats.get((nth, seat)) != own]
            taken += [seat for seat in named if (nth, seat) in self.world.blocked and seat not in taken]
            answers = self.hold(holder, nth, Wish(len(named), named=named))
            if taken:
                assert all(isinstance(answer, SeatsTaken) for answer in answers), (answers, taken)
            else:
                self.remember(answers, holder, nth)

        @rule(holder=a_holder, nth=an_evening, quantity=st.integers(1, 4))
        def hold_any(self, holder: str, nth: int, quantity: int) -> None:
            """The best of the row: all but its eight seats are avoided."""
            own = self.world.own(holder, nth)
            mine = {place for place, owner in self.world.seats.items() if owner == own}
            free = [seat for seat in ROW if (nth, seat) in mine or not self.world.is_taken((nth, seat), clock.now)]
            answers = self.hold(holder, nth, Wish(quantity, sections=("PART",), rows=(1,), avoid=REST, together=False))
            if len(free) < quantity:
                assert all(isinstance(answer, SoldOut) for answer in answers), answers
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

        def pick(self, data: st.DataObject) -> int | None:
            """One of the holds there ever were, the young ones more often."""
            count = len(self.world.holds)
            return data.draw(st.integers(max(0, count - 4), count - 1)) if count else None

        @rule(data=st.data(), holder=a_holder, collection=st.sampled_from(["box_office", "e_ticket"]))
        def confirm(self, data: st.DataObject, holder: str, collection: str) -> None:
            number = self.pick(data)
            if number is None:
                return
            holder = data.draw(st.sampled_from([holder, self.world.holds[number].holder]))
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

        @rule(data=st.data(), holder=a_holder)
        def extend(self, data: st.DataObject, holder: str) -> None:
            number = self.pick(data)
            if number is None:
                return
            hold = self.world.holds[number]
            fate = self.fate(number, holder)
            until = min(clock.now + timedelta(minutes=10), hold.since + timedelta(minutes=30))
            if not fate and until <= clock.now:
                fate = "HoldTooOld"
            answers = self.both(lambda house, n, request: house.clerk("phone", holder).extend(
                hold.ids[n], request=request))
            assert fate == (type(answers[0]).__name__ if isinstance(answers[0], BookingError) else ""), (answers, fate)
            if not fate:
                hold.until = until

        @rule(data=st.data(), holder=a_holder, to=a_holder)
        def hand_over(self, data: st.DataObject, holder: str, to: str) -> None:
            number = self.pick(data)
            if number is None:
                return
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

        @rule(data=st.data(), holder=a_holder)
        def release(self, data: st.DataObject, holder: str) -> None:
            number = self.pick(data)
            if number is None:
                return
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

        @rule(holder=a_holder)
        def hang_up(self, holder: str) -> None:
            self.both(lambda house, _, request: house.clerk("phone", holder).release_all(request=request))
            for nth in EVENINGS:
                own = self.world.own(holder, nth)
                if own is not None:
                    self.world.let_go(own)

        @rule(data=st.data())
        def cancel(self, data: st.DataObject) -> None:
            if not self.world.orders:
                return
            number = data.draw(st.integers(0, len(self.world.orders) - 1))
            references, places = self.world.orders[number]
            answers = self.both(lambda house, n, request: house.clerk("phone", "CA1").cancel(
                references[n], request=request))
            assert isinstance(answers[0], BookingError) == (not places), answers
            for place in places:
                del self.world.seats[place]
            self.world.orders[number] = (references, [])

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
    return [make_house(sqlite_engine), make_house(postgres_engine)]


def play(houses: list[Any], clock: Any, examples: int, steps: int) -> None:
    """Let the machine run."""

    def empty() -> None:
        for house in houses:
            with house.engine.begin() as connection:
                for table in ("claims", "ledger", "orders"):
                    connection.execute(text(f"DELETE FROM booking_{table}"))
            house.service._house.availability.__init__()  # type: ignore[misc]  # as after a start

    chosen = settings(
        max_examples=examples * (20 if LONG else 1), stateful_step_count=steps * (3 if LONG else 1), deadline=None,
        suppress_health_check=list(HealthCheck), derandomize=not LONG, database=None,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(machine(houses, clock, empty), settings=chosen)


def test_whatever_happens_both_databases_agree_with_the_model(houses, clock):
    play(houses, clock, examples=16, steps=50)


def test_control_without_the_expiry_check_the_model_notices(houses, clock, monkeypatch):
    """A claim that takes a lapsed hold for a living one."""
    honest = claims.take_statement
    for module, name in ((claims, "_take"), (quick, "_statement")):
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))
    monkeypatch.setattr(claims, "take_statement", lambda seats: honest(seats).replace("<= :now", "<= 0 * :now"))
    with pytest.raises(AssertionError):
        play(houses, clock, examples=16, steps=50)
