"""Holding seats: what the caller is promised."""

from __future__ import annotations

import pytest

from booking import (
    AlreadySold,
    BadWish,
    ChannelClosed,
    HoldLapsed,
    HoldTooOld,
    LimitExceeded,
    NotOnSale,
    NotYours,
    RequestMismatch,
    SeatsTaken,
    SoldOut,
    UnknownHold,
    UnknownPerformance,
    UnknownSeat,
    Wish,
)


def seats(hold):
    return {seat.id for seat in hold.seats}


def test_two_seats_are_held_for_ten_minutes_at_the_price_of_their_category(house):
    hold = house.clerk().hold_best(house.evening().id, Wish(2, category="1"), request="r")

    assert len(hold.seats) == 2
    assert {seat.category for seat in hold.seats} == {"1"}
    assert hold.total == 2 * hold.performance.prices["1"]
    assert (hold.held_until - house.clock()).total_seconds() == 600


def test_what_many_hold_is_read_at_once_as_each_would_read_it(house):
    clerks = [house.clerk(holder=f"CA{number}") for number in range(4)]
    for clerk in clerks[:3]:
        clerk.hold_best(house.evening().id, Wish(2), request=house.request())
    (given,) = clerks[0].holds()
    clerks[0].hold_best(house.evening(nth=4).id, Wish(3), request=house.request())
    clerks[0].hand_over(given.id, "CA3", request=house.request())
    house.clock.forward(minutes=11)
    (lapsed,) = clerks[1].holds()
    named = Wish(1, named=(lapsed.seats[0].id,))
    house.clerk("web", "w").hold_best(house.evening().id, named, request=house.request())

    found = house.service.holds_of([clerk.holder for clerk in clerks] + ["nobody"])

    assert {clerk.holder: found.get(clerk.holder, ()) for clerk in clerks} == {c.holder: c.holds() for c in clerks}
    assert [len(found.get(clerk.holder, ())) for clerk in clerks] == [1, 0, 1, 1]
    assert house.service.holds_of([]) == {}


def test_what_one_holds_nobody_else_is_offered(house):
    wish = Wish(2, category="OPT")
    first = house.clerk(holder="CA1").hold_best(house.evening().id, wish, request="r1")
    second = house.clerk(holder="CA2").hold_best(house.evening().id, wish, request="r2")

    assert not seats(first) & seats(second)


def test_asked_again_with_the_same_request_the_answer_is_the_same(house):
    clerk = house.clerk()
    first = clerk.hold_best(house.evening().id, Wish(2), request="r")

    assert clerk.hold_best(house.evening().id, Wish(2), request="r") == first
    assert len(clerk.holds()) == 1


def test_the_same_request_with_other_content_is_refused_and_changes_nothing(house):
    clerk = house.clerk()
    first = clerk.hold_best(house.evening().id, Wish(2), request="r")

    with pytest.raises(RequestMismatch) as refusal:
        clerk.hold_best(house.evening().id, Wish(3), request="r")

    assert refusal.value.request == "r"
    assert clerk.holds() == (first,)


def test_a_new_hold_lets_the_old_one_go(house):
    clerk, evening = house.clerk(), house.evening()
    old = clerk.hold_best(evening.id, Wish(2, category="1"), request="r1")
    new = clerk.hold_best(evening.id, Wish(2, category="2"), request="r2")

    assert clerk.holds() == (new,)
    with pytest.raises(HoldLapsed):
        clerk.confirm(old.id, request="r3")


def test_a_refusal_leaves_the_old_hold_alone(house):
    clerk, evening = house.clerk(), house.evening()
    old = clerk.hold_best(evening.id, Wish(2), request="r1")

    with pytest.raises(SoldOut):
        clerk.hold_best(evening.id, Wish(2, max_price=1), request="r2")

    assert clerk.holds() == (old,)


def test_holds_for_two_performances_stand_side_by_side(house):
    clerk = house.clerk()
    clerk.hold_best(house.evening(nth=3).id, Wish(2), request="r1")
    clerk.hold_best(house.evening(nth=4).id, Wish(2), request="r2")

    assert len(clerk.holds()) == 2


def test_a_hold_ends_on_the_stroke_of_its_time(house):
    """Held until T means: not to be had at T minus a microsecond, to be had at T."""
    evening = house.evening()
    hold = house.clerk(holder="CA1").hold_best(evening.id, Wish(2), request="r1")
    named = Wish(2, named=tuple(seat.id for seat in hold.seats))

    house.clock.now = hold.held_until
    house.clock.forward(microseconds=-1)
    with pytest.raises(SeatsTaken):
        house.clerk(holder="CA2").hold_best(evening.id, named, request="r2")
    house.clock.forward(microseconds=1)
    taken = house.clerk(holder="CA2").hold_best(evening.id, named, request="r3")

    assert seats(taken) == seats(hold)


def test_a_lapsed_hold_is_confirmed_while_nobody_took_its_seats(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    house.clock.forward(hours=1)

    assert len(clerk.confirm(hold.id, request="r2").sold) == 2


def test_a_lapsed_hold_that_lost_one_seat_is_over(house):
    evening, clerk = house.evening(), house.clerk()
    hold = clerk.hold_best(evening.id, Wish(2), request="r1")
    house.clock.forward(hours=1)
    house.clerk(holder="CA2").hold_best(evening.id, Wish(1, named=(hold.seats[0].id,)), request="r2")

    with pytest.raises(HoldLapsed):
        clerk.confirm(hold.id, request="r3")


def test_extending_gives_ten_more_minutes_but_not_more_than_thirty_in_all(house):
    clerk = house.clerk()
    start = house.clock()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    for _ in range(3):
        house.clock.forward(minutes=8)
        hold = clerk.extend(hold.id, request=house.request())
    assert (hold.held_until - start).total_seconds() == 1800

    house.clock.forward(minutes=10)
    with pytest.raises(HoldTooOld):
        clerk.extend(hold.id, request=house.request())


def test_released_seats_can_be_had_at_once(house, make_house):
    """Also in another process, which remembered them as taken."""
    evening, other = house.evening(), make_house(house.engine)
    clerk = house.clerk()
    hold = clerk.hold_best(evening.id, Wish(2), request="r1")
    named = Wish(2, named=tuple(seat.id for seat in hold.seats))
    with pytest.raises(SeatsTaken):
        other.clerk(holder="CA2").hold_best(evening.id, named, request="r2")

    clerk.release(hold.id, request="r3")
    clerk.release(hold.id, request="r4")

    assert seats(other.clerk(holder="CA2").hold_best(evening.id, named, request="r5")) == seats(hold)


def test_hanging_up_releases_everything_once_or_twice(house):
    clerk = house.clerk()
    clerk.hold_best(house.evening(nth=3).id, Wish(2), request="r1")
    clerk.hold_best(house.evening(nth=4).id, Wish(2), request="r2")
    clerk.release_all(request="r3")
    clerk.release_all(request="r3")

    assert clerk.holds() == ()


def test_a_hold_goes_from_caller_to_agent_and_back_without_a_gap(house):
    caller, agent = house.clerk("phone", "CA1"), house.clerk("agent", "agent:7")
    hold = caller.hold_best(house.evening().id, Wish(2), request="r1")

    handed = caller.hand_over(hold.id, "agent:7", request="r2")
    assert caller.holds() == ()
    assert [each.id for each in agent.holds()] == [hold.id] == [handed.id]
    assert (handed.seats, handed.total, handed.held_until) == (hold.seats, hold.total, hold.held_until)
    with pytest.raises(NotYours):
        caller.confirm(hold.id, request="r3")

    agent.hand_over(hold.id, "CA1", request="r4")
    assert caller.confirm(hold.id, request="r5").total == hold.total


def test_release_of_what_was_sold_tells_the_reference(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    order = clerk.confirm(hold.id, request="r2")

    with pytest.raises(AlreadySold) as refusal:
        clerk.release(hold.id, request="r3")

    assert refusal.value.reference == order.reference


def test_release_all_keeps_what_was_sold(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    order = clerk.confirm(hold.id, request="r2")
    clerk.release_all(request="r3")

    assert clerk.order(order.reference) == order


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(0), BadWish),
        (Wish(-1), BadWish),
        (Wish(True), BadWish),
        (Wish(10), LimitExceeded),
        (Wish(2, max_price=-5), BadWish),
        (Wish(2, category="99"), BadWish),
        (Wish(1, named=("GAR:ORCH:5:1",)), UnknownSeat),
        (Wish(1, named=("nonsense",)), UnknownSeat),
    ],
)
def test_a_wish_that_makes_no_sense_is_named_and_nothing_is_held(house, wish, error):
    clerk = house.clerk()
    with pytest.raises(error):
        clerk.hold_best(house.evening().id, wish, request="r")

    assert clerk.holds() == ()


@pytest.mark.parametrize("request_id", ["", "x" * 101, None, 7])
def test_a_request_id_must_be_usable(house, request_id):
    with pytest.raises(BadWish):
        house.clerk().hold_best(house.evening().id, Wish(2), request=request_id)


def test_unknown_things_are_named(house):
    clerk = house.clerk()
    with pytest.raises(UnknownPerformance) as performance:
        clerk.hold_best("tosca-on-the-moon", Wish(2), request="r")
    with pytest.raises(UnknownHold) as hold:
        clerk.confirm("no-such-hold", request="r")

    assert performance.value.performance == "tosca-on-the-moon"
    assert hold.value.hold == "no-such-hold"


def test_not_on_sale_yet_tells_when_and_who_sells_meanwhile(house):
    tosca = house.evening("tosca", 5)
    with pytest.raises(NotOnSale) as refusal:
        house.clerk().hold_best(tosca.id, Wish(2), request="r")

    assert refusal.value.state == "not_yet"
    assert refusal.value.opens_at == tosca.opens["phone"]


def test_web_only_for_the_time_being_is_told_with_the_channel(house):
    mayerling = house.evening("mayerling", 5)

    assert house.clerk().on_sale(mayerling.id).state == "not_yet"
    assert "web" in house.clerk().on_sale(mayerling.id).channels


def test_the_cheapest_seats_of_garnier_are_for_the_box_office_on_the_day(house):
    evening = house.evening("oneguine", 5)
    wish = Wish(2, category="6")
    with pytest.raises(ChannelClosed):
        house.clerk("phone").hold_best(evening.id, wish, request="r1")
    with pytest.raises(ChannelClosed):
        house.clerk("box_office").hold_best(evening.id, wish, request="r2")

    house.clock.now = evening.starts_at
    house.clock.forward(hours=-3)
    assert house.clerk("box_office", "desk").hold_best(evening.id, wish, request="r3").total == 2000
    with pytest.raises(LimitExceeded) as refusal:
        house.clerk("box_office", "desk").hold_best(evening.id, Wish(3, category="6"), request="r4")
    assert refusal.value.limit == 2


def test_categories_tell_price_and_what_is_free_for_this_channel(house):
    evening, clerk = house.evening("oneguine", 5), house.clerk()
    before = {each.id: each for each in clerk.categories(evening.id)}
    clerk.hold_best(evening.id, Wish(2, category="1"), request="r")
    after = {each.id: each for each in clerk.categories(evening.id)}

    assert "6" not in before
    assert before["1"].price == evening.prices["1"]
    assert before["1"].free - after["1"].free == 2
