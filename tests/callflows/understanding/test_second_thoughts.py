"""Who comes along, what is refused, what is corrected, and numbers that are no numbers of seats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callflows.understanding import Meaning

Hear = Callable[..., Meaning]


@pytest.mark.parametrize(
    ("words", "language", "slots"),
    [
        ("ma soeur son mari et moi", "fr", {"quantity": 3}),
        ("ma femme et moi et nos deux petits enfants", "fr", {"quantity": 4, "children": 2}),
        ("je viens avec mes parents", "fr", {"quantity": 3}),
        ("un couple d'amis et nous deux", "fr", {"quantity": 4}),
        ("me my husband and our three kids", "en", {"quantity": 5, "children": 3}),
        ("my mother who's eighty five and me", "en", {"quantity": 2}),
        ("quatre au lieu de trois", "fr", {"quantity": 4}),
    ],
)
def test_people_named_one_by_one_are_counted(hear: Hear, words: str, language: str, slots: dict[str, Any]) -> None:
    assert hear(words, "ask_quantity", language).slots == slots


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("place quatre", "fr"),
        ("en galerie quatre pour la bohème", "fr"),
        ("loge numéro douze", "fr"),
        ("c'est la troisième fois que j'appelle", "fr"),
        ("seat thirty two", "en"),
        ("my subscription of twenty years", "en"),
    ],
)
def test_a_seat_a_box_or_an_age_is_no_number_of_seats(hear: Hear, words: str, language: str) -> None:
    assert "quantity" not in hear(words, "main_menu", language).slots


@pytest.mark.parametrize(
    ("words", "day", "left_out"),
    [
        ("pas le douze le treize", "2026-12-13", ["2026-12-12"]),
        ("le quinze pas le douze", "2026-12-15", ["2026-12-12"]),
        ("n'importe quel jour sauf le neuf", None, ["2026-12-09"]),
    ],
)
def test_a_day_left_out_is_never_the_day_that_is_wished_for(
    hear: Hear, words: str, day: str | None, left_out: list[str]
) -> None:
    slots = hear(words, "ask_date").slots

    assert slots.get("date") == day and slots["not_dates"] == left_out


def test_a_bare_day_after_another_date_is_in_the_month_of_that_date(hear: Hear) -> None:
    assert hear("le dix neuf décembre non le vingt deux", "ask_date").slots["date"] == "2026-12-22"
    assert hear("le vingt deux", "ask_date").slots["date"] == "2026-11-22"


def test_two_numbers_or_places_are_told_as_candidates(hear: Hear) -> None:
    assert hear("six ou sept", "ask_quantity").candidates == (6, 7)
    assert hear("entre quatre et six", "ask_quantity").candidates == (4, 5, 6)
    assert hear("au balcon ou à l'orchestre", "ask_seats").candidates == ("balcony", "ground")


@pytest.mark.parametrize(
    "words", ["un peu plus au milieu", "je voudrais être mieux placé", "si c'est possible à gauche"]
)
def test_a_wish_that_holds_a_small_yes_is_no_yes(hear: Hear, words: str) -> None:
    assert hear(words, "confirm").slots.get("confirm") != "yes"


def test_a_number_alone_where_a_place_was_asked_for_is_confirmed_as_a_price(hear: Hear) -> None:
    meaning = hear("soixante quinze", "ask_seats")

    assert meaning.slots == {"max_price": 75} and meaning.unsure == ("max_price",)
