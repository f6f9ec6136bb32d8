"""Prices: modulation, tariffs, who may have which and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.errors import UnknownTariff
from booking.halls.hall import read_hall
from booking.seasons.pricing import modulated, price_of, prices_of, tariff_price, tariffs_open, total_of
from booking.seasons.season import Performance, Season, Tariff
from booking.seasons.season_file import read_season


@pytest.fixture(scope="module")
def season() -> Season:
    return read_season()


def the(season: Season, performance_id: str) -> Performance:
    return next(it for it in season.performances if it.id == performance_id)


@pytest.mark.parametrize(
    ("price", "percent", "dearer"),
    [
        (16_000, 10, 17_600),
        (14_500, 10, 16_000),  # 159.50 is rounded half up to the euro
        (2_500, 10, 2_800),  # 27.50
        (17_500, -10, 15_800),  # 157.50
        (1_500, 10, 1_500),  # fifteen euros and less stay
        (1_600, 10, 1_800),
        (13_500, 0, 13_500),
    ],
)
def test_an_evening_is_dearer_or_cheaper(price: int, percent: int, dearer: int) -> None:
    assert modulated(price, percent, 1_500) == dearer


@given(st.integers(0, 400).map(lambda euros: euros * 100), st.sampled_from([-10, 0, 10]))
def test_modulated_prices_are_whole_euros_near_the_share(price: int, percent: int) -> None:
    found = modulated(price, percent, 1_500)

    assert found % 100 == 0
    assert abs(found - price * (100 + percent) / 100) <= (50 if price > 1_500 else price * 0.1)


@given(st.integers(0, 40_000), st.integers(0, 200))
def test_no_tariff_costs_more_than_the_full_price(price: int, percent: int) -> None:
    share = Tariff("x", {"fr": "x"}, percent=percent)
    flat = Tariff("y", {"fr": "y"}, flat={"*": 3_500})

    assert 0 <= tariff_price(price, "1", share) <= price
    assert tariff_price(price, "1", flat) == min(price, 3_500)


def test_under_forty_is_forty_percent_less(season: Season) -> None:
    evening = next(it for it in season.performances if "under40" in it.tariffs)
    prices = prices_of(evening, season, "under40")

    assert prices["OPT"] == evening.prices["OPT"] * 60 // 100
    assert sum("under40" in it.tariffs for it in season.performances) == 10


def test_a_tariff_the_performance_does_not_have_is_unknown(season: Season) -> None:
    with pytest.raises(UnknownTariff):
        prices_of(the(season, "la-bayadere_20261203s"), season, "family")


def test_the_price_of_seats_is_that_of_their_categories(season: Season) -> None:
    evening, hall = the(season, "la-bayadere_20261203s"), read_hall("BAS")
    seats = [hall.by_id["BAS:PART:8:2"], hall.by_id["BAS:BAL2:9:2"]]

    assert [price_of(seat, evening, season) for seat in seats] == [17_600, 3_900]
    assert total_of(seats, evening.prices) == 21_500


def test_who_may_have_what_and_when(season: Season) -> None:
    """The last minutes belong to the box office, previews to the young on the telephone and the web."""
    evening, preview = the(season, "la-bayadere_20261203s"), the(season, "la-bayadere_20261202s")
    before, soon = evening.starts_at - timedelta(hours=3), evening.starts_at - timedelta(minutes=20)

    def names(performance: Performance, channel: str, now=soon, who: str | None = None) -> set[str]:  # type: ignore[no-untyped-def]
        return {tariff.id for tariff in tariffs_open(performance, season, channel, now, who)}

    assert names(evening, "box_office", before) == {"full"}
    assert names(evening, "box_office") == {"full", "last_minute"}
    assert names(evening, "phone") == {"full"}
    assert names(evening, "box_office", who="under40") == {"full"}
    assert names(preview, "phone") == {"under28"}
    assert names(preview, "box_office") == set()
