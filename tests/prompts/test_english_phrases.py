"""English phrases: tables, and num2words as an oracle."""

from datetime import date, datetime, time

import pytest
from num2words import num2words

from prompts.phrases import NoPhrases, joined, phrases_of, take_key

en = phrases_of("en")


def said(words):
    return joined(words)


def test_numbers_are_those_of_num2words():
    numbers = [*range(1_100), *range(1_100, 1_000_000, 9_973), 1_000_001, 2_000_000]

    assert [said(en.number(n)) for n in numbers] == [num2words(n, lang="en_GB").replace(",", "") for n in numbers]


def test_ordinals_are_those_of_num2words():
    numbers = range(1, 130)

    assert [said(en.ordinal(n)) for n in numbers] == [num2words(n, lang="en_GB", to="ordinal") for n in numbers]


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "zero euros"), (100, "one euro"), (1, "one cent"), (18_000, "one hundred and eighty euros"),
        (18_050, "one hundred and eighty euros and fifty cents"), (-500, "minus five euros"),
    ],
)  # fmt: skip
def test_prices(cents, words):
    assert said(en.price(cents)) == words


@pytest.mark.parametrize(
    ("day", "year", "words"),
    [
        ("2026-12-12", False, "Saturday the twelfth of December"),
        ("2026-12-12", True, "Saturday the twelfth of December twenty twenty-six"),
        ("2009-03-01", True, "Sunday the first of March two thousand and nine"),
        ("1905-05-22", True, "Monday the twenty-second of May nineteen oh five"),
        ("2027-01-31", False, "Sunday the thirty-first of January"),
    ],
)
def test_dates(day, year, words):
    assert said(en.date(date.fromisoformat(day), year=year)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("19:30", "half past seven in the evening"), ("20:00", "eight o’clock in the evening"),
        ("14:30", "half past two in the afternoon"), ("19:45", "a quarter to eight in the evening"),
        ("11:15", "a quarter past eleven in the morning"), ("18:20", "twenty past six in the evening"),
        ("19:07", "seven minutes past seven in the evening"), ("19:59", "one minute to eight in the evening"),
        ("12:00", "noon"), ("00:00", "midnight"), ("23:45", "a quarter to midnight"), ("00:30", "half past midnight"),
        ("11:45", "a quarter to twelve in the morning"), ("12:30", "half past twelve in the afternoon"),
        ("13:00", "one o’clock in the afternoon"),
    ],
)  # fmt: skip
def test_times(at, words):
    assert said(en.time(time.fromisoformat(at))) == words


def test_a_date_and_its_time():
    assert said(en.date_time(datetime(2026, 12, 12, 19, 30))) == (
        "Saturday the twelfth of December at half past seven in the evening"
    )


def test_seats_rows_and_boxes():
    seats = [{"row": 12, "number": 15}, {"row": 12, "number": 17}, {"row": 23, "number": 1, "box": True}]

    assert said(en.seats(seats)) == "row twelve, seats fifteen and seventeen, and box twenty-three, seat one"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+442079460018", "zero two zero, seven nine, four six, zero zero, one eight"),
        ("+33612345678", "plus three three, six one two, three four, five six, seven eight"),
    ],
)
def test_telephone_numbers_digit_by_digit(number, words):
    assert said(en.phone(number)) == words


def test_no_seats_are_many_in_english():
    assert [en.is_one(n) for n in (0, 1, 2)] == [False, True, False]


def test_everything_that_is_said_of_numbers_is_in_the_vocabulary():
    known = {*en.vocabulary(), ","}
    days = [date.fromordinal(n) for n in range(date(2026, 12, 1).toordinal(), date(2027, 12, 1).toordinal())]

    said_words = {word for n in range(0, 40_000, 33) for word in en.price(n)}
    said_words |= {word for day in days for word in en.date(day, year=True)}
    said_words |= {word for minute in range(1440) for word in en.time(time(minute // 60, minute % 60))}

    assert said_words <= known


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_fragments_are_recorded_under_one_key(language):
    vocabulary = phrases_of(language).vocabulary()

    assert len({take_key(word) for word in vocabulary}) == len(vocabulary)


@pytest.mark.parametrize("language", ["xx", "common", "../fr", "", "fr.fr"])
def test_a_language_that_nobody_wrote_has_no_phrases(language):
    with pytest.raises(NoPhrases):
        phrases_of(language)
