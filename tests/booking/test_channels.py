"""Five channels and their distributors, each with its own share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from booking import (
    Allotment,
    BadSeason,
    BadWish,
    ChannelClosed,
    LimitExceeded,
    NotEligible,
    NotOnSale,
    QuotaExhausted,
    RequestMismatch,
    SeatsTaken,
    UnknownTariff,
    Wish,
)
from booking.seasons.season_file import read_season

SEATS = ("BAS:PART:15:1", "BAS:PART:15:2", "BAS:PART:15:3", "BAS:PART:15:4")
KEY = "a-key-of-at-least-16-signs"


def test_seats_allotted_to_one_channel_are_sold_by_it_alone_until_their_release(house):
    evening = house.evening()
    until = house.clock() + timedelta(days=3)
    house.service.allot(Allotment(evening.id, "web", until, SEATS), request="a")
    wish = Wish(2, named=SEATS[:2])

    with pytest.raises((SeatsTaken, ChannelClosed)):
        house.clerk("phone").hold_best(evening.id, wish, request="r1")
    assert house.clerk("web", "w").hold_best(evening.id, wish, request="r2")
    house.clock.now = until
    assert house.clerk("phone").hold_best(evening.id, Wish(2, named=SEATS[2:]), request="r3")


def test_another_process_keeps_to_a_new_allotment(house, make_house):
    evening, other = house.evening(), make_house(house.engine)
    other.clerk().hold_best(evening.id, Wish(1), request="warm")
    house.service.allot(Allotment(evening.id, "web", house.clock() + timedelta(days=3), SEATS), request="a")

    with pytest.raises((SeatsTaken, ChannelClosed)):
        other.clerk().hold_best(evening.id, Wish(2, named=SEATS[:2]), request="r1")


def test_a_channel_sells_its_quota_and_no_more(house):
    evening = house.evening()
    house.service.allot(Allotment(evening.id, "phone", house.clock() + timedelta(days=3), (), 5), request="a")
    house.clerk(holder="CA1").hold_best(evening.id, Wish(3), request="r1")

    with pytest.raises(QuotaExhausted) as refusal:
        house.clerk(holder="CA2").hold_best(evening.id, Wish(3), request="r2")
    assert refusal.value.left == 2
    assert house.clerk(holder="CA2").hold_best(evening.id, Wish(2), request="r3")
    assert house.clerk("web", "w").hold_best(evening.id, Wish(9), request="r4")


def test_lapsed_holds_give_their_quota_back_without_a_sweeper(house):
    evening = house.evening()
    house.service.allot(Allotment(evening.id, "phone", house.clock() + timedelta(days=3), (), 3), request="a")
    house.clerk(holder="CA1").hold_best(evening.id, Wish(3), request="r1")
    house.clock.forward(minutes=10)

    assert house.clerk(holder="CA2").hold_best(evening.id, Wish(3), request="r2")


def test_a_distributor_needs_its_key_and_sells_only_what_was_allotted_to_it(house):
    evening = house.evening()
    house.service.admit("fnac", "a distributor", KEY)
    for wrong in (None, "another-key-of-16-signs"):
        with pytest.raises(ChannelClosed):
            house.service.clerk("fnac", "order-1", wrong)
    clerk = house.service.clerk("fnac", "order-1", KEY)
    house.service.allot(Allotment(evening.id, "fnac", house.clock() + timedelta(days=3), SEATS), request="a")

    hold = clerk.hold_best(evening.id, Wish(2), request="r1")

    assert {seat.id for seat in hold.seats} <= set(SEATS)
    assert clerk.confirm(hold.id, request="r2").channel == "fnac"
    assert sum(category.free for category in clerk.categories(evening.id)) == 2


def test_a_distributor_may_not_take_the_name_of_a_channel_or_have_a_short_key(house):
    with pytest.raises(BadWish):
        house.service.admit("phone", "x", KEY)
    with pytest.raises(BadWish):
        house.service.admit("fnac", "x", "short")


def test_a_withdrawn_allotment_is_free_for_all(house):
    evening = house.evening()
    house.service.allot(Allotment(evening.id, "web", house.clock() + timedelta(days=3), SEATS), request="a")
    house.service.withdraw_allotment(evening.id, "web", request="b")

    assert house.clerk("phone").hold_best(evening.id, Wish(2, named=SEATS[:2]), request="r")


def test_the_preview_is_for_the_young_two_each(house):
    preview = house.evening(nth=0)
    with pytest.raises(NotEligible):
        house.clerk().hold_best(preview.id, Wish(2), request="r0")
    hold = house.clerk().hold_best(preview.id, Wish(2), eligible=("under28",), request="r1")

    assert (hold.tariff, hold.total) == ("under28", 2000)


def test_a_tariff_that_the_channel_may_not_use_is_refused(house):
    with pytest.raises(ChannelClosed):
        house.clerk("phone").hold_best(house.evening().id, Wish(2), tariff="last_minute", request="r")


def test_a_tariff_for_others_is_refused_with_whom_it_is_for(house):
    family = house.evening(nth=3)
    with pytest.raises(NotEligible) as refusal:
        house.clerk().hold_best(family.id, Wish(2), tariff="family", request="r")

    assert (refusal.value.tariff, refusal.value.who) == ("family", ("family",))
    with pytest.raises(NotEligible):
        house.clerk().hold_best(family.id, Wish(2), tariff="family", eligible=("under28",), request="r")


def test_who_is_eligible_pays_the_tariff_up_to_its_limit(house):
    family = house.evening(nth=3).id
    hold = house.clerk().hold_best(family, Wish(2), tariff="family", eligible=("senior", "family"), request="r1")

    assert (hold.tariff, hold.prices) == ("family", (2500, 2500))
    with pytest.raises(LimitExceeded) as refusal:
        house.clerk().hold_best(family, Wish(7), tariff="family", eligible=("family",), request="r2")
    assert refusal.value.limit == 6


def test_a_tariff_of_other_evenings_is_unknown_here(house):
    with pytest.raises(UnknownTariff):
        house.clerk().hold_best(house.evening(nth=4).id, Wish(2), tariff="family", eligible=("family",), request="r")
    with pytest.raises(UnknownTariff):
        house.clerk().hold_best(house.evening().id, Wish(2), tariff="under28", eligible=("under28",), request="r")


def test_the_last_minute_has_its_minute_and_its_people(house):
    evening, box_office = house.evening(), house.clerk("box_office")
    with pytest.raises(NotOnSale) as refusal:
        box_office.hold_best(evening.id, Wish(1), tariff="last_minute", eligible=("senior",), request="r1")
    assert refusal.value.opens_at == evening.starts_at - timedelta(minutes=30)

    house.clock.now = evening.starts_at - timedelta(minutes=30)
    hold = box_office.hold_best(evening.id, Wish(1), tariff="last_minute", eligible=("senior",), request="r1")
    assert hold.tariff == "last_minute"


def test_the_same_request_for_other_people_is_another_content(house):
    family = house.evening(nth=3).id
    wish = {"tariff": "family", "request": "r1"}
    first = house.clerk().hold_best(family, Wish(2), eligible=("family",), **wish)

    assert house.clerk().hold_best(family, Wish(2), eligible=("family",), **wish) == first
    with pytest.raises(RequestMismatch):
        house.clerk().hold_best(family, Wish(2), eligible=("family", "senior"), **wish)


def test_the_season_can_be_loaded_again_and_keeps_what_was_sold(house):
    clerk = house.clerk()
    hold = clerk.hold_best(house.evening().id, Wish(2), request="r1")
    order = clerk.confirm(hold.id, request="r2")
    house.service.load_season(read_season())

    assert clerk.order(order.reference) == order
    with pytest.raises(SeatsTaken):
        clerk.hold_best(hold.performance.id, Wish(2, named=tuple(s.id for s in hold.seats)), request="r3")


def test_a_performance_called_off_stays_so_when_the_season_is_loaded_again(house):
    house.service.cancel_performance(house.evening().id, request="off")
    house.service.load_season(read_season())

    assert house.clerk().on_sale(house.evening().id).state == "cancelled"


def test_a_season_that_would_lose_sold_seats_is_refused(house):
    hold = house.clerk().hold_best(house.evening().id, Wish(2), request="r1")
    season = read_season()
    without = replace(season, productions=season.productions[1:])
    with pytest.raises(BadSeason) as refusal:
        house.service.load_season(without)

    assert refusal.value.place == hold.performance.id
    assert house.clerk().holds() == (hold,)
