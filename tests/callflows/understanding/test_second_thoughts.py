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


@pytest.mark.parametrize(
    ("words", "context", "language", "slots"),
    [
        ("ni au fond ni en galerie", "ask_seats", "fr", {"not_position": "back", "not_section": "gallery"}),
        ("pas la première", "ask_performance", "fr", {"clarify": "choice"}),
        ("la première", "ask_performance", "fr", {"choice": 1}),
        ("le mercredi ça m'arrange pas", "ask_date", "fr", {"not_weekdays": ["mer"]}),
        ("le mercredi ça m'arrange", "ask_date", "fr", {"weekdays": ["mer"]}),
        ("un samedi mais pas celui là", "ask_performance", "fr", {"clarify": "choice"}),
        ("not left", "ask_seats", "en", {"clarify": "side"}),
        ("it wasn't the fifteenth", "confirm", "en", {"not_dates": ["2026-12-15"], "confirm": "no"}),
        ("vous n'auriez pas deux places", "any", "fr", {"intent": "book", "quantity": 2}),
    ],
)
def test_what_stands_behind_a_not_is_never_taken_for_a_wish(
    hear: Hear, words: str, context: str, language: str, slots: dict[str, Any]
) -> None:
    options = ({"date": "2026-12-12", "time": "19:30"}, {"date": "2026-12-15", "time": "19:30"})

    assert hear(words, context, language, options if context == "ask_performance" else ()).slots == slots


@pytest.mark.parametrize(
    ("words", "context", "language", "asked"),
    [
        ("the thirty second of december", "ask_date", "en", "date"),
        ("le vingt trois vingt quatre décembre", "ask_date", "fr", "date"),
        ("on était six mais deux se sont désistés", "ask_quantity", "fr", "quantity"),
        ("la première et la troisième", "ask_performance", "fr", "choice"),
        ("deux peut être trois", "ask_quantity", "fr", "quantity"),
    ],
)
def test_a_figure_of_which_a_part_was_not_understood_is_asked_back(
    hear: Hear, words: str, context: str, language: str, asked: str
) -> None:
    options = [{"date": day, "time": "19:30"} for day in ("2026-12-12", "2026-12-15", "2027-01-10")]
    meaning = hear(words, context, language, options if context == "ask_performance" else ())

    assert meaning.clarify == asked and asked not in meaning.slots


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("le vingt deux euh vingt trois décembre", "2026-12-23"),
        ("le dix sept juin non le dix", "2027-06-10"),
        ("le vingt huit décembre non le trois", "2027-01-03"),
    ],
)
def test_a_second_day_is_near_the_first(hear: Hear, words: str, day: str) -> None:
    assert hear(words, "ask_date").slots["date"] == day


def test_a_number_behind_a_no_corrects_the_last_figure(hear: Hear) -> None:
    assert hear("deux places pour carmen non trois", "main_menu").slots["quantity"] == 3
    assert hear("le douze décembre non treize", "ask_date").clarify == "date"


def test_sundays_of_a_month_are_not_next_sunday(hear: Hear) -> None:
    slots = hear("un dimanche après midi à deux en janvier", "main_menu").slots
    wanted = {"weekdays": ["dim"], "date_from": "2027-01-01", "date_to": "2027-01-31", "quantity": 2}

    assert wanted.items() <= slots.items() and "date" not in slots
    assert "date" in hear("dimanche", "ask_date").slots


def test_a_not_that_denies_nothing_we_know_has_all_read_back(hear: Hear) -> None:
    assert hear("mon mari ne vient plus donc deux places", "ask_quantity").unsure == ("quantity",)
    assert hear("donc deux places", "ask_quantity").unsure == ()
