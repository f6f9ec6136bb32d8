"""Whatever the house can say, it understands: every number, date, hour, price and telephone number of the prompts."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from callflows.understanding import Programme, understand, vocabulary
from callflows.understanding.vocabulary import TOPICS
from prompts.phrases import joined, phrases_of

LANGUAGES = ("fr", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_seats_is_understood(language: str, programme: Programme, today: date) -> None:
    phrases = phrases_of(language)
    for number in [*range(1, 131), 199, 200, 201, 271, 999, 1000, 1979, 2745]:
        said = joined(phrases.number(number))
        meaning = understand(said, language=language, context="ask_quantity", programme=programme, today=today)
        assert meaning.slots.get("quantity") == number, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_a_year_is_understood_with_and_without_the_year(language: str, programme: Programme,
                                                                     today: date) -> None:
    phrases = phrases_of(language)
    for ahead in range(1, 365):
        day = today + timedelta(days=ahead)
        for year in (False, True):
            said = joined(phrases.date(day, year=year))
            meaning = understand(said, language=language, context="ask_date", programme=programme, today=today)
            assert meaning.slots.get("date") == day.isoformat(), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_curtain_time_is_understood(language: str, programme: Programme, today: date) -> None:
    for hour in range(11, 23):
        for minute in (0, 15, 30, 45):
            said = joined(phrases_of(language).time(time(hour, minute)))
            meaning = understand(said, language=language, context="ask_time", programme=programme, today=today)
            assert meaning.slots.get("time") == f"{hour:02d}:{minute:02d}", said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_price_is_understood(language: str, programme: Programme, today: date) -> None:
    for cents in [*range(500, 30100, 100), 550, 8750, 12_345, 19_999]:
        said = joined(phrases_of(language).price(cents))
        meaning = understand(said, language=language, context="ask_seats", programme=programme, today=today)
        assert meaning.slots.get("max_price") == pytest.approx(cents / 100), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", ["+33612345678", "+33639981234", "+33142751230", "+33700909191", "+33698989898"])
def test_telephone_numbers_are_understood_as_they_are_read_back(language: str, number: str, programme: Programme,
                                                                today: date) -> None:
    said = joined(phrases_of(language).phone(number))
    meaning = understand(said, language=language, context="ask_phone", programme=programme, today=today)
    assert number in (meaning.slots.get("phone"), *meaning.candidates), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_references_are_understood_as_they_are_read_back(language: str, programme: Programme, today: date) -> None:
    for reference in ("1234567", "4480192", "9001770", "7771001"):
        said = joined(phrases_of(language).reference(reference))
        meaning = understand(said, language=language, context="ask_order_ref", programme=programme, today=today)
        assert meaning.slots.get("order_ref") == reference, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_of_the_programme_is_understood(language: str, programme: Programme, today: date) -> None:
    for show in programme.shows:
        for name in show.names:
            meaning = understand(name, language=language, context="ask_production", programme=programme, today=today)
            assert show.id in (meaning.slots.get("production"), *meaning.candidates), name


@pytest.mark.parametrize("context", TOPICS)
@pytest.mark.parametrize(("language", "word"), [("fr", "conseiller"), ("en", "agent")])
def test_a_person_can_be_called_for_at_every_question(
    context: str, language: str, word: str, programme: Programme
) -> None:
    """The welcome promises it; a recogniser hears only what stands in the question's vocabulary."""
    assert word in vocabulary(context, language=language, programme=programme)
