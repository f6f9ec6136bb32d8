"""Two and three transactions on PostgreSQL, stepped statement by statement through the orders in which they can meet.

Every wish runs in a thread of its own and stops before each of its statements. A schedule says who goes next; whoever
waits for a lock, or has ended, is passed over. At the end all run on, and the house must look as if they had come one
after the other. The controls take one guard away and demand that the same schedules find the harm.
"""

from __future__ import annotations

import itertools
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest
from sqlalchemy import event, text

from booking import BookingError, BookingService, Wish, holds
from booking.store import claims, ledger, quick
from booking.store.statement import Statement

pytestmark = [pytest.mark.postgres, pytest.mark.proof]
LONG = os.environ.get("SOUFFLEUR_PROOF") == "long"
STEPS = 5
"""Statements of a hold, its commit included."""
PAIR = ("BAS:PART:15:1", "BAS:PART:15:2")
OTHER = ("BAS:PART:15:3", "BAS:PART:15:4")


class Stepped:
    """One wish in its own thread, which stops before every statement until it is told to go on."""

    def __init__(self, director: Director, wish: Callable[[], object]) -> None:
        self.director = director
        self.free = False
        self.ended = threading.Event()
        self.waits = threading.Event()
        self.go = threading.Semaphore(0)
        self.pid: int | None = None
        self.result: object = None
        self.thread = threading.Thread(target=self._run, args=(wish,), daemon=True)

    def _run(self, wish: Callable[[], object]) -> None:
        self.director.mine.stepped = self
        self.stop()
        try:
            self.result = wish()
        except BookingError as refusal:
            self.result = refusal
        except BaseException as trouble:
            self.result = trouble
        self.ended.set()
        self.waits.set()

    def stop(self) -> None:
        """Called before each statement."""
        if self.free:
            return
        self.waits.set()
        self.go.acquire()

    def step(self) -> None:
        """Let one statement run, until the next stop, the end, or a lock that another has."""
        if self.ended.is_set() or not self.waits.is_set():
            return
        self.waits.clear()
        self.go.release()
        while not self.waits.wait(0.002):
            if self.director.is_blocked(self.pid):
                return

    def run_on(self) -> None:
        """No more stops."""
        self.free = True
        self.go.release()


class Director:
    """Steps several wishes on one engine."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.mine = threading.local()
        self.deadlocks = 0
        self.watch = engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def directing(self) -> Iterator[Director]:
        """While stepping, every statement and every commit of a wish asks first."""
        hooks = [("before_cursor_execute", self._before), ("commit", self._at_commit), ("handle_error", self._noted)]
        for name, hook in hooks:
            event.listen(self.engine, name, hook)
        try:
            yield self
        finally:
            for name, hook in hooks:
                event.remove(self.engine, name, hook)
            self.watch.close()

    def _before(self, connection, *_) -> None:
        self._ask(connection)

    def _at_commit(self, connection) -> None:
        self._ask(connection)

    def _ask(self, connection) -> None:
        stepped = getattr(self.mine, "stepped", None)
        if stepped is not None:
            stepped.pid = connection.connection.dbapi_connection.info.backend_pid
            stepped.stop()

    def _noted(self, context) -> None:
        if getattr(context.original_exception, "sqlstate", None) == "40P01":
            self.deadlocks += 1

    def is_blocked(self, pid: int | None) -> bool:
        """Whether a connection waits for a lock."""
        if pid is None:
            return False
        return bool(self.watch.execute(text(f"SELECT cardinality(pg_blocking_pids({pid}))")).scalar())

    def play(self, schedule: tuple[int, ...], wishes: list[Callable[[], object]]) -> list[object]:
        """What each wish came to when they met in this order."""
        players = [Stepped(self, wish) for wish in wishes]
        for player in players:
            player.thread.start()
            player.waits.wait()
        for who in schedule:
            players[who].step()
        for player in players:
            player.run_on()
        for player in players:
            player.thread.join(30)
            assert not player.thread.is_alive()
            if not isinstance(player.result, BookingError) and isinstance(player.result, BaseException):
                raise player.result
        return [player.result for player in players]


def schedules(players: int, most: int) -> list[tuple[int, ...]]:
    """All orders of the players' steps, or a fair sample of so many (everything in the long form for two)."""
    steps = STEPS + 1
    if players == 2:
        every = [
            tuple(0 if i in chosen else 1 for i in range(2 * steps))
            for chosen in map(set, itertools.combinations(range(2 * steps), steps))
        ]
        return every if LONG else random.Random(1).sample(every, most)
    lot = random.Random(2)
    drawn = [who for who in range(players) for _ in range(steps)]
    return [tuple(lot.sample(drawn, len(drawn))) for _ in range(most * 20 if LONG else most)]


@pytest.fixture
def stage(postgres_engine, clock, make_house):
    """Plays wishes through many schedules; the database is emptied before each, the house looked through after."""

    def play(make_wishes, check, players=2, most=30) -> Director:
        seen = Director(postgres_engine)
        with seen.directing():
            for number, schedule in enumerate(schedules(players, most)):
                with postgres_engine.begin() as connection:
                    for table in ("claims", "ledger", "orders"):
                        connection.execute(text(f"DELETE FROM booking_{table}"))
                house = make_house(postgres_engine)
                wishes = make_wishes(house, number)
                results = seen.play(schedule, wishes)
                check(house, results)
                assert house.service.audit().wrong == (), schedule
        return seen

    return play


def held(results) -> list[object]:
    """Those that were not refused."""
    return [result for result in results if not isinstance(result, BookingError)]


def hold(house, holder, seats, request, evening=None):
    """A wish for these very seats."""
    clerk, evening = house.clerk(holder=holder), evening or house.evening()
    return lambda: clerk.hold_best(evening.id, Wish(len(seats), named=seats), request=request)


def taken(engine) -> int:
    """How many rows of claims there are."""
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM booking_claims")).scalar_one()


def test_two_callers_after_the_same_seats_one_gets_them(stage, postgres_engine):
    def wishes(house, number):
        return [hold(house, "CA1", PAIR, "r1"), hold(house, "CA2", PAIR, "r2")]

    def check(house, results):
        assert len(held(results)) == 1
        assert taken(postgres_engine) == 2

    stage(wishes, check)


def test_three_callers_after_overlapping_pairs_never_share_a_seat(stage, postgres_engine):
    pairs = (PAIR, (PAIR[1], OTHER[0]), (OTHER[0], PAIR[0]))

    def wishes(house, number):
        return [hold(house, f"CA{i}", pair, f"r{i}") for i, pair in enumerate(pairs)]

    def check(house, results):
        assert len(held(results)) == 1
        assert taken(postgres_engine) == 2

    seen = stage(wishes, check, players=3, most=40)
    assert seen.deadlocks == 0


def test_one_request_delivered_twice_at_once_has_one_answer(stage, postgres_engine):
    def wishes(house, number):
        return [hold(house, "CA1", PAIR, "same"), hold(house, "CA1", PAIR, "same")]

    def check(house, results):
        assert results[0] == results[1]
        assert taken(postgres_engine) == 2

    stage(wishes, check)


def test_one_holder_with_two_wishes_at_once_ends_with_one_hold(stage, postgres_engine):
    def wishes(house, number):
        return [hold(house, "CA1", PAIR, "r1"), hold(house, "CA1", OTHER, "r2")]

    def check(house, results):
        assert len(house.clerk(holder="CA1").holds()) == 1
        assert taken(postgres_engine) == 2

    stage(wishes, check)


def test_a_lapsed_hold_is_either_sold_or_taken_over_never_both(stage, postgres_engine):
    def wishes(house, number):
        caller = house.clerk(holder="CA1")
        old = caller.hold_best(house.evening().id, Wish(2, named=PAIR), request="old")
        house.clock.forward(minutes=11)
        return [lambda: caller.confirm(old.id, request="c"), hold(house, "CA2", PAIR, "r2")]

    def check(house, results):
        assert len(held(results)) == 1
        assert taken(postgres_engine) == 2

    stage(wishes, check)


def test_two_holders_who_swap_seats_both_get_an_answer(stage, postgres_engine):
    def wishes(house, number):
        hold(house, "CA1", PAIR, "a")()
        hold(house, "CA2", OTHER, "b")()
        house.clock.forward(minutes=11)
        return [hold(house, "CA1", OTHER, "r1"), hold(house, "CA2", PAIR, "r2")]

    def check(house, results):
        assert len(held(results)) >= 1
        assert taken(postgres_engine) == 2 * len({each.holder for each in held(results)})

    stage(wishes, check, most=12)


def overtake(postgres_engine, make_house) -> Iterator[tuple[str, ...]]:
    """One caller has looked; another takes the seats and lets them go, so many steps of it; then the first claims them.

    What the audit finds wrong, for each number of steps.
    """
    director = Director(postgres_engine)
    with director.directing():
        for before, steps in itertools.product(range(3, 6), range(4, 10)):
            with postgres_engine.begin() as connection:
                for table in ("claims", "ledger", "orders"):
                    connection.execute(text(f"DELETE FROM booking_{table}"))
            house = make_house(postgres_engine)
            other = house.clerk(holder="CA2")

            def come_and_go(house=house, other=other):
                held = hold(house, "CA2", PAIR, "r2")()
                return other.release(held.id, request="r3")

            director.play((*(0,) * before, *(1,) * steps, 0), [hold(house, "CA1", PAIR, "r1"), come_and_go])
            yield house.service.audit().wrong


def test_the_ledger_tells_in_which_order_seats_changed_hands(postgres_engine, make_house):
    assert [wrong for wrong in overtake(postgres_engine, make_house) if wrong] == []


def test_control_with_numbers_drawn_before_the_claim_the_ledger_tells_it_in_another_order(
    postgres_engine, make_house, monkeypatch
):
    honest = quick._statement

    def numbered_early(seats):
        return Statement(honest(seats).sql.replace("SELECT CASE", "SELECT nextval('booking_ledger_no_seq') + 0 * CASE"))

    monkeypatch.setattr(quick, "_statement", numbered_early)

    assert [wrong for wrong in overtake(postgres_engine, make_house) if wrong]


def test_nothing_is_sold_once_a_performance_is_called_off(stage, postgres_engine):
    def wishes(house, number):
        evening = house.evening("la-boheme", 1 + number % 12)
        with postgres_engine.begin() as connection:
            connection.execute(text("UPDATE booking_performances SET cancelled = false, version = version + 1"))
            connection.execute(text("UPDATE booking_seasons SET version = version + 1"))
        clerk = house.clerk(holder="CA1")
        mine = clerk.hold_best(evening.id, Wish(2), request="h")
        called_off = house.service.cancel_performance
        return [lambda: clerk.confirm(mine.id, request="c"), lambda: called_off(evening.id, request="x")]

    def check(house, results):
        rest = house.service.cancel_performance(house.evening("la-boheme", 1).id, request="look")
        assert rest == ()
        with postgres_engine.connect() as connection:
            sold = connection.execute(text("SELECT count(*) FROM booking_claims WHERE state = 'sold'")).scalar_one()
        order = results[0]
        assert sold == 0 or order.reference not in results[1]

    stage(wishes, check, most=10)


# Controls: without its guard, each of these must find the harm.


class Harm(Exception):
    """What a control hopes for."""


def weaken(monkeypatch, statement: Callable[[int], str]) -> None:
    """Claim by another statement while the control runs; what was compiled before is forgotten, now and afterwards."""
    compiled = {claims: "_take", quick: "_statement"}
    for module, name in compiled.items():
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))
    monkeypatch.setattr(claims, "take_statement", statement)


def test_control_without_the_constraint_a_seat_is_sold_twice(stage, postgres_engine, monkeypatch):
    """The same schedules, on a table without its key and a claim that only looks before it inserts."""
    honest = claims.take_statement
    weaken(monkeypatch, lambda seats: honest(seats).split(" ON CONFLICT")[0])
    key = "pk_booking_claims"
    with postgres_engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE booking_claims DROP CONSTRAINT {key}"))
    try:

        def wishes(house, number):
            return [hold(house, "CA1", PAIR, "r1"), hold(house, "CA2", PAIR, "r2")]

        def check(house, results):
            if len(held(results)) == 2:
                raise Harm

        with pytest.raises(Harm):
            stage(wishes, check)
    finally:
        with postgres_engine.begin() as connection:
            connection.execute(text("DELETE FROM booking_claims"))
            connection.execute(text(f"ALTER TABLE booking_claims ADD CONSTRAINT {key} PRIMARY KEY (performance, seat)"))


def test_control_without_the_expiry_check_a_living_hold_is_taken_over(stage, monkeypatch):
    honest = claims.take_statement
    weaken(monkeypatch, lambda seats: honest(seats).replace("booking_claims.held_until <= :now", ":now > 0"))

    def wishes(house, number):
        return [hold(house, "CA1", PAIR, "r1"), hold(house, "CA2", PAIR, "r2")]

    def check(house, results):
        if len(held(results)) == 2:
            raise Harm

    with pytest.raises(Harm):
        stage(wishes, check)


def test_control_without_the_order_of_seats_transactions_deadlock(stage, monkeypatch):
    # The long way round, whose statements can be stepped through one by one.
    monkeypatch.setattr(holds, "_hold_quickly", lambda *_: None)

    def disorderly(tx, new, seats, now):
        for seat in reversed(seats) if new.holder == "CA2" else seats:
            if claims._take(1)(tx, claims.parameters(replace(new, lead=None), [seat], now)).rowcount != 1:
                return False
        return True

    monkeypatch.setattr(claims, "take", disorderly)

    def wishes(house, number):
        return [hold(house, "CA1", PAIR, "r1"), hold(house, "CA2", PAIR, "r2")]

    seen = stage(wishes, lambda house, results: None, most=12)
    assert seen.deadlocks > 0


def test_control_without_the_unique_request_a_repetition_happens_twice(stage, postgres_engine, monkeypatch):
    monkeypatch.setattr(ledger, "_GUARDED", {False: Statement(ledger._GUARDED[False].sql.replace(ledger._ONCE, ""))})
    key = "uq_booking_ledger_request_line"
    with postgres_engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE booking_ledger DROP CONSTRAINT {key}"))
    try:

        def wishes(house, number):
            evening = house.evening()
            clerk = house.clerk(holder="CA1")
            again = BookingService(postgres_engine, house.clock).clerk("phone", "CA1")
            wish = Wish(2)
            return [lambda c=c: c.hold_best(evening.id, wish, request="same") for c in (clerk, again)]

        def check(house, results):
            if results[0] != results[1]:
                raise Harm

        with pytest.raises(Harm):
            stage(wishes, check)
    finally:
        with postgres_engine.begin() as connection:
            connection.execute(text("DELETE FROM booking_ledger"))
            connection.execute(text(f"ALTER TABLE booking_ledger ADD CONSTRAINT {key} UNIQUE (request, line)"))
