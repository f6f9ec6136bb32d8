"""French phrases: tables of what people say, and num2words as an oracle that we did not write."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from num2words import num2words

from prompts.phrases import joined, phrases_of

fr = phrases_of("fr")


def said(words):
    return joined(words)


def test_numbers_are_those_of_num2words():
    numbers = [*range(2_000), *range(2_000, 1_000_000, 4_999), 200_000, 80_000, 1_000_000, 3_000_080]

    assert [said(fr.number(n)) for n in numbers] == [num2words(n, lang="fr") for n in numbers]


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (1, "une"), (11, "onze"), (21, "vingt et une"), (71, "soixante et onze"), (81, "quatre-vingt-une"),
        (91, "quatre-vingt-onze"), (101, "cent une"), (121, "cent vingt et une"), (1_001, "mille une"),
        (21_000, "vingt et un mille"), (2, "deux"), (80, "quatre-vingts"),
    ],
)  # fmt: skip
def test_places_are_feminine(n, words):
    assert said(fr.number(n, feminine=True)) == words


def test_ordinals_are_those_of_num2words():
    numbers = [n for n in (*range(2, 180), 1_000, 1_001) if n != 80]

    assert [said(fr.ordinal(n)) for n in numbers] == [num2words(n, lang="fr", to="ordinal") for n in numbers]


def test_ordinals_that_the_oracle_gets_wrong():
    """num2words writes «quatre-vingtsième» and «deux centsième»."""
    assert (said(fr.ordinal(80)), said(fr.ordinal(200))) == ("quatre-vingtième", "deux centième")


def test_the_first_one_has_a_gender():
    assert (said(fr.ordinal(1)), said(fr.ordinal(1, feminine=True))) == ("premier", "première")


def oracle_of_price(cents):
    """num2words takes an int for cents and never leaves «zéro centimes» out: hand in two decimals, and cut."""
    words = num2words(Decimal(cents).scaleb(-2), lang="fr", to="currency", currency="EUR")
    return words.removesuffix(" et zéro centimes")


@pytest.mark.parametrize(
    "cents", [100, 200, 2_100, 8_000, 18_000, 18_050, 21_001, 7_171, 9_999, 23_100, 100_000, 162_099]
)
def test_prices_are_those_of_num2words(cents):
    assert said(fr.price(cents)) == oracle_of_price(cents)


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "zéro euro"), (1, "un centime"), (50, "cinquante centimes"), (101, "un euro et un centime"),
        (18_000, "cent quatre-vingts euros"), (100_000_000, "un million d’euros"), (-1_000, "moins dix euros"),
        (150_000_000, "un million cinq cent mille euros"),
    ],
)  # fmt: skip
def test_prices_that_the_oracle_gets_wrong(cents, words):
    assert said(fr.price(cents)) == words


def test_no_price_ever_says_zero_cents():
    assert not [cents for cents in range(0, 30_000, 25) if "zéro centime" in said(fr.price(cents))]


@pytest.mark.parametrize(
    ("day", "year", "words"),
    [
        ("2026-12-12", False, "samedi douze décembre"),
        ("2026-12-12", True, "samedi douze décembre deux mille vingt-six"),
        ("2027-05-01", False, "samedi premier mai"), ("2027-01-31", False, "dimanche trente et un janvier"),
        ("2027-02-21", False, "dimanche vingt et un février"),
        ("2027-07-13", True, "mardi treize juillet deux mille vingt-sept"),
        ("2027-08-11", False, "mercredi onze août"),
    ],
)  # fmt: skip
def test_dates(day, year, words):
    assert said(fr.date(date.fromisoformat(day), year=year)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("19:30", "dix-neuf heures trente"), ("20:00", "vingt heures"), ("14:30", "quatorze heures trente"),
        ("21:01", "vingt et une heures une"), ("01:00", "une heure"), ("00:00", "minuit"), ("12:00", "midi"),
        ("12:30", "midi trente"), ("00:05", "minuit cinq"), ("11:45", "onze heures quarante-cinq"),
    ],
)  # fmt: skip
def test_times(at, words):
    assert said(fr.time(time.fromisoformat(at))) == words


def test_a_date_and_its_time():
    assert said(fr.date_time(datetime(2026, 12, 12, 19, 30))) == "samedi douze décembre à dix-neuf heures trente"


def seat(row, number, section="GAR:ORCH", box=False):
    return {"row": row, "number": number, "section": section, "box": box}


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        ([seat(12, 15)], "rang douze, place quinze"),
        ([seat(12, 15), seat(12, 17)], "rang douze, places quinze et dix-sept"),
        ([seat(1, 21), seat(1, 22), seat(1, 23)], "rang un, places vingt et un, vingt-deux et vingt-trois"),
        ([seat("F", 21)], "rang F, place vingt et un"),
        (
            [seat(12, 15), seat(12, 17), seat(13, 16)],
            "rang douze, places quinze et dix-sept, et rang treize, place seize",
        ),
        ([seat(23, 1, box=True), seat(23, 2, box=True)], "loge vingt-trois, places un et deux"),
    ],
)
def test_seats_by_row_and_box(seats, words):
    assert said(fr.seats(seats)) == words


def test_sections_are_named_only_when_there_are_several():
    seats, names = [seat(3, 1), seat(1, 4, "GAR:BALC")], {"GAR:ORCH": "à l’orchestre", "GAR:BALC": "au balcon"}

    assert said(fr.seats(seats[:1], names)) == "rang trois, place un"
    assert said(fr.seats(seats, {})) == "rang trois, place un, et rang un, place quatre"
    assert said(fr.seats(seats, names)) == ("à l’orchestre, rang trois, place un, et au balcon, rang un, place quatre")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+33612305678", "zéro six, douze, trente, cinquante-six, soixante-dix-huit"),
        ("0145007080", "zéro un, quarante-cinq, zéro zéro, soixante-dix, quatre-vingts"),
        ("01 71 25 24 23", "zéro un, soixante et onze, vingt-cinq, vingt-quatre, vingt-trois"),
        ("+32475123456", "plus trente-deux, quatre, soixante-quinze, douze, trente-quatre, cinquante-six"),
        ("+12025550100", "plus un, vingt, vingt-cinq, cinquante-cinq, zéro un, zéro zéro"),
        ("3949", "trente-neuf, quarante-neuf"),
    ],
)
def test_telephone_numbers_by_pairs(number, words):
    assert said(fr.phone(number)) == words


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("1234567", "un deux trois, quatre cinq, six sept"),
        ("123-456", "un deux, trois quatre, cinq six"),
        ("7", "sept"),
    ],
)
def test_references_digit_by_digit(reference, words):
    assert said(fr.reference(reference)) == words


@pytest.mark.parametrize(
    ("items", "words"),
    [([], ""), ([("a",)], "a"), ([("a",), ("b",)], "a et b"), ([("a",), ("b",), ("c",)], "a, b et c")],
)
def test_lists(items, words):
    assert said(fr.listed(items)) == words


def test_nothing_is_singular_in_french():
    assert [fr.is_one(n) for n in (0, 1, 2)] == [True, True, False]


def test_everything_that_is_said_of_numbers_is_in_the_vocabulary():
    """A speaker who reads the vocabulary once has recorded every price, date, time and seat."""
    known = {*fr.vocabulary(), ","}
    days = [date.fromordinal(n) for n in range(date(2026, 12, 1).toordinal(), date(2027, 12, 1).toordinal())]

    said_words = {word for n in range(0, 40_000, 33) for word in fr.price(n)}
    said_words |= {word for day in days for word in fr.date(day, year=True)}
    said_words |= {word for minute in range(1440) for word in fr.time(time(minute // 60, minute % 60))}
    said_words |= set(fr.seats([seat(12, 15), seat(99, 1), seat(23, 2, box=True)])) | set(fr.phone("+33612305678"))

    assert said_words <= known
