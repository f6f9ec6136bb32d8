"""Customers are found or made by their number, and the waiting list serves them in order."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from booking import BadWish, HoldLapsed, NotEligible, UnknownCustomer, Wish
from booking.tables import waiting

NUMBER = "+33612345678"


def test_a_number_is_one_customer(house):
    first = house.service.customer(NUMBER, language="fr")

    assert house.service.customer(NUMBER) == first
    assert house.service.customer("+441632960001").id != first.id


def test_what_is_known_stays_and_what_was_missing_is_added(house):
    house.service.customer(NUMBER, language="fr")
    known = house.service.customer(NUMBER, language="en", name="Tosca")

    assert (known.language, known.name) == ("fr", "Tosca")


@pytest.mark.parametrize("number", ["", "0612345678", "+33 6", "anonymous", None, "+" + "1" * 20])
def test_what_is_no_number_is_refused(house, number):
    with pytest.raises(BadWish):
        house.service.customer(number)


def test_consent_and_memory_are_kept_piece_by_piece(house):
    customer = house.service.customer(NUMBER)
    house.service.consent(customer.id, sms=True)
    house.service.consent(customer.id, email=False)
    house.service.remember(customer.id, category="2", seat="aisle")
    known = house.service.remember(customer.id, seat="")

    assert known.consent == {"sms": True, "email": False}
    assert known.remembered == {"category": "2"}


def test_a_forgotten_customer_leaves_her_orders_without_her(house):
    customer, clerk = house.service.customer(NUMBER), house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    order = clerk.confirm(hold.id, customer=customer.id, request="r2")
    assert house.service.orders_of(customer.id) == (order,)

    house.service.forget_customer(customer.id)

    assert clerk.order(order.reference).customer is None
    with pytest.raises(UnknownCustomer):
        house.service.remember(customer.id, category="1")


def fill(house, category):
    """Block every seat of a category but two; those two."""
    evening = house.evening("oneguine", 6)
    from booking import read_hall

    seats = [seat.id for seat in read_hall("GAR").seats if seat.category == category]
    clerk = house.clerk("agent", "agent:1")
    first = clerk.hold_best(evening.id, Wish(2, category=category), request=house.request())
    kept = {seat.id for seat in first.seats}
    clerk.block(evening.id, [seat for seat in seats if seat not in kept], "full", request=house.request())
    return evening, clerk, clerk.confirm(first.id, request=house.request())


def test_who_waits_longest_is_offered_first_and_has_a_day(house):
    evening, agent, order = fill(house, "OPT")
    wish = Wish(2, category="OPT")
    first = house.clerk(holder="CA1").wait(evening.id, wish, request="w1")
    second = house.clerk(holder="CA2").wait(evening.id, wish, request="w2")
    assert house.service.offer_waiting(request="o1") == ()

    agent.cancel(order.reference, request="c")
    offered = house.service.offer_waiting(request="o2")

    assert [each.id for each in offered] == [first.id]
    assert (offered[0].offered_until - house.clock()).total_seconds() == 86400
    hold = house.clerk(holder="CA9").accept(first.id, request="a")
    assert len(house.clerk(holder="CA9").confirm(hold.id, request="b").sold) == 2
    assert [each.state for each in house.service.waiting(evening.id)] == ["taken", "waiting"]
    assert second.id in {each.id for each in house.service.waiting(evening.id)}
    assert house.service.audit().wrong == ()


def test_a_party_that_cannot_be_served_does_not_keep_the_others_waiting(house):
    """The first wants a row that a new plan of the hall no longer has."""
    evening, agent, order = fill(house, "OPT")
    gone = house.clerk(holder="CA1").wait(evening.id, Wish(1, category="OPT"), request="w1")
    second = house.clerk(holder="CA2").wait(evening.id, Wish(2, category="OPT"), request="w2")
    with house.engine.begin() as connection:
        kept = connection.execute(select(waiting.c.wish).where(waiting.c.id == gone.id)).scalar_one()
        unknown = {**kept, "named": ["GAR:NOWHERE:1:1"]}
        connection.execute(update(waiting).where(waiting.c.id == gone.id).values(wish=unknown))
    agent.cancel(order.reference, request="c")

    assert [each.id for each in house.service.offer_waiting(request="o1")] == [second.id]
    assert [each.state for each in house.service.waiting(evening.id)] == ["waiting", "offered"]


def test_an_offer_not_taken_lapses_and_the_next_is_served(house):
    evening, agent, order = fill(house, "OPT")
    wish = Wish(2, category="OPT")
    first = house.clerk(holder="CA1").wait(evening.id, wish, request="w1")
    second = house.clerk(holder="CA2").wait(evening.id, wish, request="w2")
    agent.cancel(order.reference, request="c")
    house.service.offer_waiting(request="o1")
    house.clock.forward(hours=24)

    offered = house.service.offer_waiting(request="o2")

    assert [each.id for each in offered] == [second.id]
    assert [each.state for each in house.service.waiting(evening.id)] == ["lapsed", "offered"]
    with pytest.raises(HoldLapsed):
        house.clerk(holder="CA1").accept(first.id, request="a")


def test_an_offer_asked_for_again_is_told_again_though_nobody_else_waits(house):
    evening, agent, order = fill(house, "OPT")
    house.clerk(holder="CA1").wait(evening.id, Wish(2, category="OPT"), request="w1")
    agent.cancel(order.reference, request="c")
    offered = house.service.offer_waiting(request="o1")

    assert len(offered) == 1
    assert house.service.offer_waiting(request="o1") == offered


def test_only_the_young_wait_for_their_preview_and_are_offered_it(house):
    preview, clerk = house.evening(nth=0), house.clerk(holder="CA1")
    with pytest.raises(NotEligible):
        clerk.wait(preview.id, Wish(2), request="w0")
    young = clerk.wait(preview.id, Wish(2), request="w1", eligible=("under28",))

    assert [each.id for each in house.service.offer_waiting(request="o1")] == [young.id]


def test_who_withdrew_is_passed_over(house):
    evening, agent, order = fill(house, "OPT")
    first = house.clerk(holder="CA1").wait(evening.id, Wish(2, category="OPT"), request="w1")
    house.clerk(holder="CA1").withdraw(first.id, request="w2")
    agent.cancel(order.reference, request="c")

    assert house.service.offer_waiting(request="o") == ()


def test_a_customer_is_found_by_part_of_her_name_whatever_the_accents_and_by_her_digits(house):
    mimi = house.service.customer(NUMBER, name="Mimì Lucia")
    house.service.customer("+441632960001", name="Élodie Œuvrard")

    assert [house.service.find_customers(text) for text in ("MIMI", "mimì luc", "06 12 34", "345678")] == [(mimi,)] * 4
    assert house.service.find_customers("elodie")[0].name.startswith("Élodie")
    assert house.service.find_customers("mi") == house.service.find_customers("%%%") == ()
    assert house.service.known_customer(mimi.id) == mimi
    with pytest.raises(UnknownCustomer):
        house.service.known_customer("nobody")
