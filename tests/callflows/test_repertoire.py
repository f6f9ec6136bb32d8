"""Kinds, houses, tariffs and days make the list of titles shorter; what is left aside first, and what last."""

from datetime import UTC, datetime

import pytest

from booking import read_season
from callflows.evenings import WHEN
from callflows.repertoire import loosened, narrows, suited

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def productions():
    return read_season().productions


def titles(productions, said):
    return [production.id for production in suited(productions, said, NOW)]


def test_a_kind_and_a_house_leave_only_such_titles(productions):
    found = suited(productions, {"genre": "ballet", "hall": "GAR"}, NOW)

    assert len(found) == 6 and all(p.genre == "ballet" and p.hall == "GAR" for p in found)


def test_a_month_leaves_only_titles_that_are_played_then(productions):
    march = {"hall": "BAS", "date_from": "2027-03-01", "date_to": "2027-03-31"}

    assert titles(productions, march) == ["tosca", "romeo-et-juliette"]


def test_the_next_title_comes_first(productions):
    found = suited(productions, {"genre": "opera"}, NOW)

    assert found[0].id == "la-boheme"


def test_a_tariff_of_some_evenings_leaves_their_titles(productions):
    assert set(titles(productions, {"tariff": "family", "genre": "ballet"})) == {
        "la-bayadere",
        "le-lac-des-cygnes",
        "giselle",
    }


def test_a_tariff_that_every_evening_has_leaves_all(productions):
    assert titles(productions, {"tariff": "senior"}) == titles(productions, {})
    assert not narrows({"tariff": "senior"}) and narrows({"tariff": "family"})


def test_contemporary_and_classical_share_no_title(productions):
    modern, old = (set(titles(productions, {"style": style})) for style in ("contemporary", "classical"))

    assert modern and old and not modern & old and "gala-de-mars" not in old


def test_what_is_over_is_not_offered(productions):
    later = datetime(2027, 7, 14, 12, tzinfo=UTC)

    assert suited(productions, {}, later) == []


def test_the_days_are_left_aside_before_the_house_and_the_house_before_the_kind():
    steps = list(loosened({"genre": "opera", "hall": "GAR", "date": "2026-12-25"}))

    assert steps[0] == WHEN and steps[1] == (*WHEN, "hall") and steps[2] == (*WHEN, "hall", "genre")
