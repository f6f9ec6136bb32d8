"""Selling, and what becomes of what was sold."""

from __future__ import annotations

import pytest

from booking import (
    AlreadySold,
    BadWish,
    ChannelClosed,
    HoldLapsed,
    NotExchangeable,
    NotOnSale,
    NotYours,
    Rules,
    SeatsTaken,
    TooLate,
    UnknownOrder,
    Wish,
)


def sold(house, nth=3, quantity=2, holder="CA1", category="1", production="la-bayadere"):
    """An order for some seats of an evening."""
    clerk = house.clerk(holder=holder)
    evening = house.evening(production, nth)
    hold = clerk.hold_best(evening.id, Wish(quantity, category=category), request=house.request())
    return clerk.confirm(hold.id, request=house.request())


def test_an_order_has_a_reference_of_seven_digits_and_the_price_that_was_told(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(3), request="r1")
    order = clerk.confirm(hold.id, request="r2")

    assert len(order.reference) == 7 and order.reference.isdigit()
    assert order.total == order.paid == hold.total
    assert {line.seat for line in order.lines} == {seat.id for seat in hold.seats}
    assert clerk.order(order.reference) == order


def test_confirmed_twice_with_one_request_is_one_order(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")

    assert clerk.confirm(hold.id, request="r2") == clerk.confirm(hold.id, request="r2")


def test_confirmed_twice_with_two_requests_tells_the_reference(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    order = clerk.confirm(hold.id, request="r2")

    with pytest.raises(AlreadySold) as refusal:
        clerk.confirm(hold.id, request="r3")

    assert refusal.value.reference == order.reference


def test_several_performances_in_one_order_or_none_of_them(house):
    clerk = house.clerk()
    one = clerk.hold_best(house.evening(nth=3).id, Wish(2), request="r1")
    two = clerk.hold_best(house.evening(nth=4).id, Wish(3), request="r2")
    house.clock.forward(hours=1)
    thief = house.clerk(holder="CA2").hold_best(
        two.performance.id, Wish(1, named=(two.seats[0].id,)), request=house.request()
    )

    with pytest.raises(HoldLapsed):
        clerk.confirm([one.id, two.id], request="r3")
    house.clerk(holder="CA2").release(thief.id, request=house.request())
    two = clerk.hold_best(two.performance.id, Wish(3), request="r4")
    order = clerk.confirm([one.id, two.id], request="r5")

    assert {line.performance for line in order.lines} == {one.performance.id, two.performance.id}
    assert order.total == one.total + two.total


@pytest.mark.parametrize("holds", [[], ["a", "a"]])
def test_no_hold_or_the_same_twice_makes_no_order(house, holds):
    with pytest.raises(BadWish):
        house.clerk().confirm(holds, request="r")


def test_an_unknown_reference_is_named(house):
    with pytest.raises(UnknownOrder) as refusal:
        house.clerk().order("1234567")

    assert refusal.value.reference == "1234567"


def test_cancelled_seats_go_back_on_sale_without_a_refund(house):
    order = sold(house)
    after = house.clerk().cancel(order.reference, request="c")

    assert after.sold == () and after.refunded == 0
    seats = tuple(line.seat for line in order.lines)
    assert house.clerk(holder="CA2").hold_best(order.lines[0].performance, Wish(2, named=seats), request="n")
    assert house.clerk().cancel(order.reference, request="c") == after


def test_one_seat_of_an_order_can_be_given_back(house):
    order = sold(house, quantity=3)
    after = house.clerk().cancel(order.reference, seats=[order.lines[0].seat], request="c")

    assert len(after.sold) == 2
    with pytest.raises(NotExchangeable):
        house.clerk().cancel(order.reference, seats=[order.lines[0].seat], request="c2")


def test_only_staff_refunds(house):
    order = sold(house)
    with pytest.raises(ChannelClosed) as refusal:
        house.clerk("phone").cancel(order.reference, refund=True, request="c1")
    after = house.clerk("agent", "agent:1").cancel(order.reference, refund=True, request="c2")

    assert "agent" in refusal.value.channels
    assert after.refunded == order.paid


def test_nobody_cancels_after_the_curtain(house):
    order = sold(house)
    house.clock.now = house.evening().starts_at
    with pytest.raises(TooLate):
        house.clerk().cancel(order.reference, request="c")


def test_an_exchange_takes_another_date_for_the_difference_and_a_fee(house):
    order, clerk = sold(house, nth=5, category="3"), house.clerk()
    dearer = clerk.hold_best(house.evening(nth=6).id, Wish(2, category="1"), request="h")
    after = clerk.exchange(order.reference, dearer.id, request="x")

    assert {line.performance for line in after.sold} == {dearer.performance.id}
    assert after.paid == dearer.total + 2 * 1000
    assert after.reference == order.reference
    old = tuple(line.seat for line in order.lines)
    assert house.clerk(holder="CA2").hold_best(order.lines[0].performance, Wish(2, named=old), request="n")
    assert clerk.exchange(order.reference, dearer.id, request="x") == after


def test_an_exchange_for_cheaper_seats_gives_nothing_back(house):
    order, clerk = sold(house, nth=5, category="1"), house.clerk()
    cheaper = clerk.hold_best(house.evening(nth=6).id, Wish(2, category="3"), request="h")

    assert clerk.exchange(order.reference, cheaper.id, request="x").paid == order.paid + 2 * 1000


@pytest.mark.parametrize(
    ("production", "quantity", "why"), [("la-boheme", 2, "production"), ("la-bayadere", 3, "count")]
)
def test_an_exchange_is_refused_with_its_reason_and_leaves_all_as_it_was(house, production, quantity, why):
    order, clerk = sold(house, nth=5), house.clerk()
    other = clerk.hold_best(house.evening(production, 6).id, Wish(quantity), request="h")
    with pytest.raises(NotExchangeable) as refusal:
        clerk.exchange(order.reference, other.id, request="x")

    assert refusal.value.why == why
    assert clerk.order(order.reference) == order
    assert clerk.holds() == (other,)


def test_an_exchange_is_too_late_two_days_before(house):
    order, clerk = sold(house, nth=5), house.clerk()
    house.clock.now = house.evening(nth=5).starts_at
    house.clock.forward(hours=-48)
    other = clerk.hold_best(house.evening(nth=8).id, Wish(2), request="h")
    with pytest.raises(TooLate):
        clerk.exchange(order.reference, other.id, request="x")


@pytest.mark.parametrize(("old", "new"), [("3", "1"), ("1", "3")], ids=["dearer", "cheaper"])
def test_what_an_exchange_costs_is_quoted_by_the_rules_it_is_done_by(make_house, engine, old, new):
    """A house with a fee of its own, and the same for either evening's seats."""
    house = make_house(engine, Rules(exchange_fee=250))
    order, clerk = sold(house, nth=5, category=old), house.clerk()
    hold = clerk.hold_best(house.evening(nth=6).id, Wish(2, category=new), request="h")

    quoted = clerk.quote(order.reference, hold.id)

    assert quoted == clerk.exchange(order.reference, hold.id, request="x").paid - order.paid
    assert quoted == max(0, hold.total - order.total) + 2 * 250


def test_a_quote_changes_nothing_and_refuses_what_the_deed_would_refuse(house):
    order, clerk = sold(house, nth=5), house.clerk()
    three = clerk.hold_best(house.evening(nth=6).id, Wish(3), request="h")
    same = house.clerk("agent", "agent:1").hold_best(house.evening(nth=5).id, Wish(2, category="1"), request="i")
    evening = house.evening(nth=5).id
    with pytest.raises(NotExchangeable, match="count"):
        clerk.quote(order.reference, three.id)
    with pytest.raises(NotYours):
        clerk.quote(order.reference, same.id)
    assert house.clerk("agent", "agent:1").quote(order.reference, same.id, performance=evening) == 0

    house.clock.now = house.evening(nth=5).starts_at
    house.clock.forward(hours=-48)
    two = clerk.hold_best(house.evening(nth=8).id, Wish(2), request="j")
    with pytest.raises(TooLate):
        clerk.quote(order.reference, two.id)

    assert clerk.order(order.reference) == order and two in clerk.holds()


def test_of_an_order_for_two_evenings_the_seats_of_one_are_reseated(house):
    agent = house.clerk("agent", "agent:1")
    holds = [agent.hold_best(house.evening(nth=nth).id, Wish(2, category="1"), request=f"h{nth}") for nth in (4, 5)]
    order = agent.confirm([hold.id for hold in holds], request="c")
    evening = house.evening(nth=5).id
    other = agent.hold_best(evening, Wish(2, category="1"), request="other")
    with pytest.raises(NotExchangeable):
        agent.reseat(order.reference, other.id, request="which")

    after = agent.reseat(order.reference, other.id, performance=evening, request="this")

    sold_now = {line.seat for line in after.sold if line.performance == evening}
    assert sold_now == {seat.id for seat in other.seats} and len(after.sold) == 4


def test_a_guest_is_reseated_in_the_same_category_at_the_old_price(house):
    order = sold(house, category="1")
    agent = house.clerk("agent", "agent:1")
    other = agent.hold_best(order.lines[0].performance, Wish(2, category="1"), request="h")
    after = agent.reseat(order.reference, other.id, request="x")

    assert {line.seat for line in after.sold} == {seat.id for seat in other.seats}
    assert after.total == order.total and after.paid == order.paid


def test_reseating_into_another_category_is_refused(house):
    order = sold(house, category="1")
    agent = house.clerk("agent", "agent:1")
    other = agent.hold_best(order.lines[0].performance, Wish(2, category="OPT"), request="h")
    with pytest.raises(NotExchangeable) as refusal:
        agent.reseat(order.reference, other.id, request="x")

    assert refusal.value.why == "category"


def test_a_performance_called_off_refunds_every_order_and_sells_nothing_more(house):
    order, other = sold(house), sold(house, holder="CA2", nth=4)
    clerk = house.clerk(holder="CA3")
    held = clerk.hold_best(house.evening().id, Wish(2), request="h")

    refunded = house.service.cancel_performance(house.evening().id, request="off")

    assert refunded == (order.reference,)
    assert clerk.order(order.reference).refunded == order.paid
    assert clerk.order(other.reference) == other
    assert clerk.on_sale(held.performance.id).state == "cancelled"
    with pytest.raises(NotOnSale):
        clerk.confirm(held.id, request="c")
    with pytest.raises(NotOnSale):
        clerk.hold_best(held.performance.id, Wish(2), request="h2")


def test_another_process_notices_at_once_that_a_performance_is_called_off(house, make_house):
    other = make_house(house.engine)
    evening = other.evening()
    house.service.cancel_performance(evening.id, request="off")

    with pytest.raises(NotOnSale) as refusal:
        other.clerk().hold_best(evening.id, Wish(2), request="h")
    assert refusal.value.state == "cancelled"


def test_guests_of_the_house_pay_nothing_and_staff_says_why(house):
    agent = house.clerk("box_office", "desk")
    house.clock.forward(days=2)
    hold = agent.hold_best(house.evening(nth=9).id, Wish(2), request="h")
    with pytest.raises(BadWish):
        agent.give(hold.id, "", request="g0")
    order = agent.give(hold.id, "press", request="g")

    assert (order.paid, order.reason, {line.tariff for line in order.lines}) == (0, "press", {"comp"})
    with pytest.raises(ChannelClosed):
        house.clerk("phone").give(hold.id, "press", request="g2")


def test_blocked_seats_are_not_sold_until_they_are_unblocked(house):
    evening, agent = house.evening(), house.clerk("agent", "agent:1")
    seats = ("BAS:PART:15:1", "BAS:PART:15:2")
    agent.block(evening.id, seats, "camera", request="b")
    agent.block(evening.id, seats, "camera", request="b")

    with pytest.raises(SeatsTaken):
        house.clerk().hold_best(evening.id, Wish(2, named=seats), request="h1")
    with pytest.raises(SeatsTaken):
        agent.block(evening.id, seats, "director", request="b2")
    agent.unblock(evening.id, seats, request="u")
    assert house.clerk().hold_best(evening.id, Wish(2, named=seats), request="h2")


def test_what_is_held_or_sold_cannot_be_blocked(house):
    order = sold(house)
    with pytest.raises(SeatsTaken) as refusal:
        house.clerk("agent", "a").block(
            order.lines[0].performance, [line.seat for line in order.lines], "x", request="b"
        )

    assert set(refusal.value.seats) == {line.seat for line in order.lines}


def test_the_public_blocks_nothing(house):
    with pytest.raises(ChannelClosed):
        house.clerk("web").block(house.evening().id, ("BAS:PART:15:1",), "x", request="b")


def test_after_all_this_the_ledger_tells_the_same_story_as_the_tables(house):
    order = sold(house, nth=5)
    clerk, agent = house.clerk(), house.clerk("agent", "agent:1")
    other = clerk.hold_best(house.evening(nth=6).id, Wish(2, category="1"), request="h")
    clerk.exchange(order.reference, other.id, request="x")
    agent.block(house.evening().id, ("BAS:PART:15:1",), "camera", request="b")
    lapsed = house.clerk(holder="CA2").hold_best(house.evening().id, Wish(2), request="l")
    house.clock.forward(hours=1)
    named = Wish(2, named=tuple(seat.id for seat in lapsed.seats))
    house.clerk(holder="CA3").hold_best(house.evening().id, named, request="l2")
    agent.cancel(order.reference, refund=True, request="c")

    found = house.service.audit()

    assert found.wrong == ()
    assert found.entries == 8 + 1 and found.orders == 1
