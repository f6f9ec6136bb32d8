"""What was said about the day, against the calendar."""

import pytest

from booking import read_season
from callflows.evenings import fitting, nearest


@pytest.fixture(scope="module")
def boheme():
    """La Bohème's performances in the demo season, in order of time."""
    return next(p for p in read_season().productions if p.id == "la-boheme").performances


def days(performances):
    return [performance.local.date().isoformat() for performance in performances]


def test_a_date_finds_its_evening(boheme):
    assert days(fitting(boheme, {"date": "2026-12-15"})) == ["2026-12-15"]


def test_a_weekday_finds_every_such_day(boheme):
    found = fitting(boheme, {"weekdays": ["mar"]})
    assert found and all(p.local.weekday() == 1 for p in found)


def test_a_weekday_that_does_not_suit_is_left_out(boheme):
    assert all(p.local.weekday() != 1 for p in fitting(boheme, {"not_weekdays": ["mar"]}))


def test_a_period_has_both_its_ends(boheme):
    first, last = days(boheme)[0], days(boheme)[2]
    assert days(fitting(boheme, {"date_from": first, "date_to": last})) == days(boheme)[:3]


def test_the_afternoon_is_the_matinee(boheme):
    found = fitting(boheme, {"part_of_day": "matinee"})
    assert found and all(p.local.hour < 17 for p in found)


def test_the_first_night_and_the_last(boheme):
    assert [p.kind for p in fitting(boheme, {"performance_kind": "premiere"})] == ["premiere"]
    assert fitting(boheme, {"performance_kind": "last"}) == [boheme[-1]]


def test_the_earliest_is_one(boheme):
    assert fitting(boheme, {"earliest": True}) == [boheme[0]]


def test_nothing_said_fits_everything(boheme):
    assert fitting(boheme, {}) == list(boheme)


def test_a_day_without_performance_has_nearest_ones_in_order(boheme):
    found = days(nearest(boheme, {"date": "2026-12-16"}))
    assert found == sorted(found) and "2026-12-15" in found


def test_a_day_left_out_is_not_offered_unless_it_is_asked_for(boheme):
    out = days(boheme)[0]

    assert out not in days(fitting(boheme, {"not_dates": [out]}))
    assert days(fitting(boheme, {"not_dates": [out], "date": out})) == [out]
