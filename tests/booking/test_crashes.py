"""A process that dies at any statement of a deed; then the same request again: exactly once.

The deed runs in a forked process that ends by `os._exit` just before its n-th statement or commit, for every n and
once more just after the commit, with the answer lost. The parent then asks again with the same request id.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable

import pytest
from sqlalchemy import event, text

from booking import Wish
from booking.store import ledger
from booking.store.ledger import Entry
from ivr.database import engine_for

pytestmark = pytest.mark.proof
DIED, DONE = 77, 0


def dies_at(number: int, url: str, deed: Callable[[object], object], make_house) -> bool:
    """Do a deed in another process, which dies at its statement `number`; False if it had fewer and lived."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forks
        pid = os.fork()
    if pid == 0:
        try:
            _child(number, url, deed, make_house)
        finally:
            os._exit(DIED + 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == DIED


def _child(number: int, url: str, deed: Callable[[object], object], make_house) -> None:
    engine = engine_for(url)
    house = make_house(engine)
    house.service.programme()
    seen = iter(range(1, 1000))

    def count(*_: object) -> None:
        if next(seen) == number:
            os._exit(DIED)

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    deed(house)
    count()  # the deed is done and its answer is lost
    os._exit(DONE)


def crash_everywhere(engine, make_house, prepare, deed, check) -> int:
    """For every statement: prepare, die there, do it again, check. How many statements there were."""
    url = engine.url.render_as_string(hide_password=False)
    for number in range(1, 100):
        with engine.begin() as connection:
            for table in ("claims", "ledger", "orders"):
                connection.execute(text(f"DELETE FROM booking_{table}"))
        house = make_house(engine)
        prepared = prepare(house)
        engine.dispose()
        died = dies_at(number, url, lambda child, prepared=prepared: deed(child, prepared), make_house)
        again = make_house(engine)
        answer = deed(again, prepared)
        check(again, answer, number)
        assert deed(make_house(engine), prepared) == answer
        assert again.service.audit().wrong == ()
        if not died:
            return number - 1
    raise AssertionError("a deed of a hundred statements")


def rows(engine, query: str) -> list[tuple]:
    """What the tables say."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.mark.parametrize("has_an_old_one", [False, True])
def test_a_hold_happens_once_wherever_the_process_dies(engine, make_house, has_an_old_one):
    def prepare(house):
        """The caller may have a hold already, which the new one replaces."""
        evening = house.evening()
        if has_an_old_one:
            house.clerk().hold_best(evening.id, Wish(3, category="2"), request="old")
        return evening.id

    def deed(house, evening):
        return house.clerk().hold_best(evening, Wish(2, category="1"), request="new")

    def check(house, answer, number):
        assert [each.id for each in house.clerk().holds()] == [answer.id]
        assert rows(engine, "SELECT count(*) FROM booking_claims") == [(2,)]
        assert rows(engine, "SELECT count(*) FROM booking_ledger WHERE request = 'new'") == [(1,)]

    assert 3 <= crash_everywhere(engine, make_house, prepare, deed, check) <= 12


def test_a_sale_happens_once_wherever_the_process_dies(engine, make_house):
    def prepare(house):
        return house.clerk().hold_best(house.evening().id, Wish(2), request="hold").id

    def deed(house, hold):
        return house.clerk().confirm(hold, request="confirm")

    def check(house, answer, number):
        assert rows(engine, "SELECT reference FROM booking_orders") == [(answer.reference,)]
        assert rows(engine, "SELECT DISTINCT state, reference FROM booking_claims") == [("sold", answer.reference)]
        assert rows(engine, "SELECT sum(cents) FROM booking_ledger") == [(answer.paid,)]

    assert 5 <= crash_everywhere(engine, make_house, prepare, deed, check) <= 9


def test_an_exchange_happens_once_wherever_the_process_dies(engine, make_house):
    def prepare(house):
        clerk = house.clerk()
        hold = clerk.hold_best(house.evening(nth=5).id, Wish(2, category="1"), request="h1")
        order = clerk.confirm(hold.id, request="c1")
        return order.reference, clerk.hold_best(house.evening(nth=6).id, Wish(2, category="1"), request="h2").id

    def deed(house, prepared):
        return house.clerk().exchange(prepared[0], prepared[1], request="x")

    def check(house, answer, number):
        assert rows(engine, "SELECT count(*) FROM booking_claims") == [(2,)]
        assert house.clerk().order(answer.reference) == answer

    crash_everywhere(engine, make_house, prepare, deed, check)


def test_control_without_the_request_in_the_ledger_a_repeated_hold_is_another_one(engine, make_house, monkeypatch):
    """What a lost answer would cost if requests were not remembered."""
    honest = ledger.write
    forgetful = iter(range(10**6))

    def write(tx, entry: Entry) -> bool:
        from dataclasses import replace

        return honest(tx, replace(entry, request=f"{entry.request}-{os.getpid()}-{next(forgetful)}"))

    monkeypatch.setattr(ledger, "write", write)

    def deed(house, evening):
        return house.clerk().hold_best(evening, Wish(2, category="1"), request="new")

    with pytest.raises(AssertionError):
        crash_everywhere(engine, make_house, lambda house: house.evening().id, deed, lambda *_: None)
