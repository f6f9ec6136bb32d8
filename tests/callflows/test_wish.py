"""What was said becomes what is wished for, in the words of each hall."""

import pytest

from booking import read_hall
from callflows.wish import wish_from

BASTILLE, GARNIER = read_hall("BAS"), read_hall("GAR")


def wish(hall, **said):
    return wish_from({"quantity": 2, **said}, hall)


def test_nothing_but_a_number_leaves_all_open():
    assert wish(BASTILLE).sections == () and wish(BASTILLE).category is None


def test_euros_become_cents():
    assert wish(BASTILLE, max_price=50, max_total=120).max_price == 5000
    assert wish(BASTILLE, max_total=120).max_total == 12000


def test_a_place_is_named_as_callers_name_it():
    assert wish(GARNIER, section="ground").sections == ("ground",)


def test_a_tier_of_boxes_is_its_sections():
    assert set(wish(GARNIER, box_tier=2).sections) == {"L2F", "L2C"}
    assert wish(GARNIER, box_tier=2, section="boxes_front").sections == ("L2F",)


def test_row_and_seats_are_the_seats_themselves():
    assert wish(GARNIER, row=12, seats=[15, 17], section="ground").named == ("GAR:ORCH:12:15", "GAR:ORCH:12:17")


def test_a_row_alone_is_a_row():
    assert wish(GARNIER, row=5).rows == (5,)


@pytest.mark.parametrize(
    "said", [{"side": "left"}, {"parity": "odd"}, {"position": "aisle"}, {"view": "full"}, {"wheelchair": 1}]
)
def test_plain_wishes_go_over_as_they_are(said):
    ((name, value),) = said.items()

    assert getattr(wish(GARNIER, **said), name) == value


def test_together_is_the_rule_and_apart_is_said():
    assert wish(GARNIER, together=True).together is None
    assert wish(GARNIER, together=False).together is False


def test_the_number_of_a_gallery_is_one_gallery_and_no_number_of_seats():
    assert wish(read_hall("BAS"), section="gallery", level=4).sections == ("GAL4",)
    assert wish(read_hall("BAS"), section="gallery", level=9).sections == ("gallery",)
