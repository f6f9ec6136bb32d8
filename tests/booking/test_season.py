"""The season as data: what is played, when each channel sells it, and how it is moved in time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.errors import BadSeason
from booking.halls.hall import read_hall
from booking.seasons.season import Season
from booking.seasons.season_file import DEMO_SEASON, demo_opening, read_season

DRAWN_FOR = date(2026, 11, 21)


@pytest.fixture(scope="module")
def season() -> Season:
    """The demo season as it stands in its file."""
    return read_season()


def test_the_demo_season_is_whole(season: Season) -> None:
    assert len(season.productions) == 18
    assert Counter(it.hall for it in season.performances) == {"BAS": 171, "GAR": 159}
    assert sum(len(read_hall(it.hall).seats) for it in season.performances) == 784_056
    assert season.opening == date(2026, 12, 2)
    assert max(it.local.date() for it in season.performances) == date(2027, 7, 13)


def test_every_production_has_a_code_of_its_own(season: Season) -> None:
    """Three digits, to be typed from the brochure."""
    codes = [production.code for production in season.productions]

    assert len(set(codes)) == 18
    assert all(len(code) == 3 and code.isdecimal() and "0" not in code[0] for code in codes)


def test_ids_and_hours_are_those_of_the_hall(season: Season) -> None:
    """A summer evening begins at 17:30 UTC, a winter one at 18:30."""
    winter = next(it for it in season.performances if it.id == "la-bayadere_20261203s")
    summer = next(it for it in season.performances if it.local.month == 6 and it.local.hour == 19)

    assert winter.starts_at == datetime(2026, 12, 3, 18, 30, tzinfo=UTC)
    assert (summer.local - summer.local.replace(tzinfo=UTC)) == timedelta(hours=-2)
    assert {it.id.rpartition("_")[2][:8] == f"{it.local:%Y%m%d}" for it in season.performances} == {True}


def test_prices_fall_with_the_category_and_follow_the_evening(season: Season) -> None:
    for performance in season.performances:
        prices = list(performance.prices.values())
        assert prices == sorted(prices, reverse=True)
        assert list(performance.prices) == [it.id for it in read_hall(performance.hall).categories]
    friday = next(it for it in season.performances if it.id == "la-bayadere_20261204s")
    assert (friday.percent, friday.prices["OPT"], friday.prices["10"]) == (10, 17_600, 1_500)


def test_previews_for_the_young_have_their_own_price_window_and_limit(season: Season) -> None:
    preview = next(it for it in season.performances if it.kind == "avant_premiere_jeunes")

    assert set(preview.prices.values()) == {1_000}
    assert (preview.tariffs, preview.most_per_order) == (("under28",), 2)
    assert preview.window("mail") is preview.window("box_office") is None
    assert preview.window("phone") is not None


def states(season: Season, now: datetime) -> dict[str, set[str]]:
    """For each production, which of web and phone sell it."""
    return {
        production.id: {
            window.channel
            for window in production.windows
            if window.channel in ("web", "phone") and window.opens_at <= now
        }
        for production in season.productions
    }


def test_on_the_day_it_was_drawn_for_every_case_exists(season: Season) -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    found = states(season, noon)

    assert found["la-bayadere"] == {"web", "phone"}
    assert found["mayerling"] == {"web"}
    assert found["tosca"] == set()
    opening = season.production("eugene-oneguine").window("phone")
    assert opening is not None
    assert opening.opens_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


@settings(max_examples=25, deadline=None)
@given(today=st.dates(date(2024, 1, 1), date(2031, 12, 31)))
def test_on_any_day_the_demo_has_every_case(today: date) -> None:
    """Something on sale, something opening by telephone this very day, something for the web only, some not yet."""
    season = read_season(opening=demo_opening(today))
    midnight = datetime(today.year, today.month, today.day, 23, tzinfo=UTC)
    found = states(season, midnight).values()
    opening = {
        window.opens_at.date()
        for production in season.productions
        for window in production.windows
        if window.channel == "phone"
    }

    assert {"web", "phone"} in found
    assert {"web"} in found
    assert set() in found
    assert today in opening
    assert today < season.opening <= today + timedelta(days=18)


@settings(max_examples=25, deadline=None)
@given(opening=st.dates(date(2024, 1, 1), date(2031, 12, 31)))
def test_a_season_moves_by_whole_weeks(opening: date) -> None:
    """Every performance keeps its weekday and its hour on the clock; the first is on or just after the day named."""
    drawn, moved = read_season(), read_season(opening=opening)

    assert timedelta() <= moved.opening - opening < timedelta(days=7)
    assert len({it.id for it in moved.performances}) == 330
    for before, after in zip(drawn.performances, moved.performances, strict=True):
        assert before.local.weekday() == after.local.weekday()
        assert before.local.time() == after.local.time()
        assert after.id == f"{after.production}_{after.local:%Y%m%d}{after.id[-1]}"
        assert all(window.opens_at < after.starts_at for window in after.windows)


def test_a_channel_stops_before_the_performance(season: Season) -> None:
    performance = season.performances[5]
    window = performance.window("phone")

    assert window is not None
    assert window.closes_at(performance.starts_at) == performance.starts_at - timedelta(hours=2)


MISTAKES = [
    ('code = "210"', 'code = "21"', "productions.la-bayadere.code", "three digits"),
    ('code = "210"', 'code = "112"', "productions.la-boheme", "code 112 is there twice"),
    ('hall = "BAS"\ngenre', 'hall = "XXX"\ngenre', "productions.la-bayadere.hall", "use one of BAS, GAR"),
    ('scale = "BAS-AVPJ"', 'scale = "GAR-AVPJ"', "productions.la-bayadere.performances[0].scale", "a scale of BAS"),
    ("at = 2026-12-03T19:30:00", "at = 2026-12-24T19:30:00", "productions.la-bayadere.performances[1].at", "closed"),
    ("at = 2026-12-03T19:30:00", "at = 2026-12-02T19:30:00", "productions.la-bayadere.performances", "in order"),
    ("at = 2026-12-03T19:30:00", 'at = "jeudi"', "productions.la-bayadere.performances[1].at", "a moment such as"),
    ("OPT = 22000, 1 = 20000", "OPT = 12000, 1 = 20000", "scales.BAS-O-A.prices", "cost more"),
    ("OPT = 22000", "OPT = -1", "scales.BAS-O-A.prices.OPT", "0 or more"),
    ("OPT = 22000, ", "", "scales.BAS-O-A.prices.OPT", "add `OPT`"),
    ("mail = 2026-10-04", "male = 2026-10-04", "productions.la-bayadere.opens.male", "known here"),
    ("percent = 60", "procent = 60", "tariffs.under40.procent", "known here"),
]


@pytest.mark.parametrize(("right", "wrong", "place", "remedy"), MISTAKES, ids=[place for _, _, place, _ in MISTAKES])
def test_a_mistake_in_a_season_is_named_with_its_place_and_remedy(
    tmp_path: Path, right: str, wrong: str, place: str, remedy: str
) -> None:
    text = DEMO_SEASON.read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "season.toml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(BadSeason) as error:
        read_season(path)

    assert (error.value.file, error.value.place) == ("season.toml", place)
    assert remedy in error.value.remedy
