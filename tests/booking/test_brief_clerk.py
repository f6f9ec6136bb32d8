"""A brief clerk talks about the programme as of a second ago; what she sells is checked against the present one."""

from __future__ import annotations

import pytest

from booking import NotOnSale, Wish, read_hall


def test_a_brief_clerk_speaks_of_one_programme_for_a_whole_turn(house, make_house):
    clerk = house.service.clerk("phone", "CA1", brief=True)
    before = clerk.on_sale(house.evening().id)
    make_house(house.engine).service.cancel_performance(house.evening().id, request="off")

    assert clerk.on_sale(house.evening().id) == before


def test_what_another_process_called_off_is_known_to_the_next_turn_a_second_later(house, make_house):
    evening = house.evening()
    assert house.service.clerk("phone", "CA1", brief=True).on_sale(evening.id).state == "open"
    make_house(house.engine).service.cancel_performance(evening.id, request="off")
    house.clock.forward(seconds=1)

    assert house.service.clerk("phone", "CA1", brief=True).on_sale(evening.id).state == "cancelled"


def test_a_brief_clerk_holds_nothing_that_was_called_off_within_the_second(house, make_house):
    evening = house.evening()
    clerk = house.service.clerk("phone", "CA1", brief=True)
    assert clerk.on_sale(evening.id).state == "open"
    make_house(house.engine).service.cancel_performance(evening.id, request="off")

    with pytest.raises(NotOnSale):
        clerk.hold_best(evening.id, Wish(2), request="r1")


def test_a_brief_clerk_sells_nothing_that_was_called_off_within_the_second(house, make_house):
    evening = house.evening()
    clerk = house.service.clerk("phone", "CA1", brief=True)
    hold = clerk.hold_best(evening.id, Wish(2), request="r1")
    make_house(house.engine).service.cancel_performance(evening.id, request="off")

    with pytest.raises(NotOnSale):
        clerk.confirm(hold.id, request="r2")


def test_the_sections_of_a_category_are_those_with_a_chair_still_free(house):
    """Worked out from bits; here from the seats themselves."""
    evening, clerk = house.evening(), house.clerk()
    hall = read_hall(evening.hall)
    house.service.clerk("phone", "CA2").hold_best(evening.id, Wish(9, category="1"), request="r1")

    for told in clerk.categories(evening.id):
        chairs = {seat.section for seat in hall.seats if seat.category == told.id and seat.kind == "seat"}
        assert set(told.sections) == chairs


def test_a_section_without_a_free_chair_is_not_told(house):
    evening, clerk = house.evening(), house.clerk()
    chairs = [seat for seat in read_hall(evening.hall).seats if seat.category == "1" and seat.kind == "seat"]
    section = min({seat.section for seat in chairs}, key=[seat.section for seat in chairs].count)
    seats = [seat.id for seat in chairs if seat.section == section]
    house.clerk("box_office", "window 1").block(evening.id, seats, "a camera", request="r1")
    told = next(each for each in clerk.categories(evening.id) if each.id == "1")

    assert section not in told.sections
    assert told.sections
