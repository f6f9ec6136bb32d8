"""The voice: text, pieces and sound of one prompt come from the same fragments, and nothing is ever silent."""

import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts import Catalogue, House, Voice
from prompts.limits import FORBIDDEN, fits
from prompts.phrases import take_key
from prompts.voice import GAP

FR = """
name = "français"
locale = "fr-FR"
voice = "v"
[general.missing]
text = "Je cherche mes mots."
[plain]
text = "Combien de places ?"
[offer]
text = "Je vous propose {seats}, pour {price}. D’accord ?"
slots = { seats = "seats", price = "price" }
[count]
text = "{n} {n|place|places}."
slots = { n = "number feminine" }
[only]
text = "{n}"
slots = { n = "number" }
[when]
text = "Le {day}."
slots = { day = "date" }
[at]
text = "{at}"
slots = { at = "date_time" }
[titles]
text = "{t}"
slots = { t = "list title" }
[free]
text = "Vous avez dit {t}."
slots = { t = "text" }
"""


class Recorded:
    """Recordings held in a dict, as a caller's pinned revision holds them."""

    revision = 1

    def __init__(self, takes, sounds=None):
        self.takes, self.sounds = takes, sounds or {}

    def at(self, revision=None):
        return self

    def address(self, key, language, text):
        return self.takes.get((language, key))

    def words(self, key, language):
        return None

    def sound(self, address):
        return self.sounds[address]


@pytest.fixture
def catalogue(tmp_path):
    (tmp_path / "fr.toml").write_text(FR, encoding="utf-8")
    english = 'name = "English"\nlocale = "en-GB"\nvoice = "w"\n[count]\n'
    english += 'text = "{n} {n|seat|seats}."\nslots = { n = "number" }'
    (tmp_path / "en.toml").write_text(english, encoding="utf-8")
    return Catalogue.load(tmp_path)


HOUSE_VOICE = Voice(Catalogue.read()[0])
SEATS = [{"row": 12, "number": 15}, {"row": 12, "number": 17}]


@pytest.mark.parametrize(
    ("key", "slots", "language", "text"),
    [
        ("plain", {}, "fr", "Combien de places ?"),
        ("offer", {"seats": SEATS, "price": 18_000}, "fr",
         "Je vous propose rang douze, places quinze et dix-sept, pour cent quatre-vingts euros. D’accord ?"),
        ("count", {"n": 1}, "fr", "une place."), ("count", {"n": 2}, "fr", "deux places."),
        ("count", {"n": 0}, "fr", "zéro place."), ("count", {"n": 0}, "en", "zero seats."),
        ("count", {"n": "21"}, "fr", "vingt et une places."), ("count", {"n": 3.0}, "en", "three seats."),
        ("titles", {"t": ["Tosca", {"fr": "La Flûte enchantée", "en": "The Magic Flute"}]}, "fr",
         "Tosca et La Flûte enchantée"),
    ],
)  # fmt: skip
def test_what_the_caller_hears(catalogue, key, slots, language, text):
    assert Voice(catalogue).text(key, slots, language) == text


def test_without_recordings_a_prompt_is_read_in_one_breath(catalogue):
    voice = Voice(catalogue)
    slots = {"seats": SEATS, "price": 18_000}

    pieces = voice.pieces("offer", slots)

    assert [(piece.text, piece.take) for piece in pieces] == [(voice.text("offer", slots), None)]


def test_a_prompt_without_slots_is_played_whole(catalogue):
    voice = Voice(catalogue, Recorded({("fr", "plain"): "a.wav"}))

    assert [piece.take for piece in voice.pieces("plain")] == ["a.wav"]


def test_recorded_fragments_are_played_and_the_rest_is_read(catalogue):
    voice = Voice(catalogue, Recorded({("fr", "offer#1"): "1.wav", ("fr", "offer#3"): "3.wav"}))

    pieces = voice.pieces("offer", {"seats": SEATS, "price": 18_000})

    assert [(piece.text, piece.take) for piece in pieces] == [
        ("Je vous propose", "1.wav"),
        ("rang douze, places quinze et dix-sept, pour cent quatre-vingts euros", None),
        (". D’accord ?", "3.wav"),
    ]


def test_with_all_its_words_recorded_a_price_is_played(catalogue):
    words = ["cent", "quatre-vingts", "euros"]
    takes = {("fr", take_key(word)): f"{word}.wav" for word in words}

    pieces = Voice(catalogue, Recorded(takes)).pieces("offer", {"seats": SEATS, "price": 18_000})

    assert [piece.take for piece in pieces if piece.take] == [f"{word}.wav" for word in words]


def test_half_a_recorded_price_is_read_whole(catalogue):
    """Two voices within one number sound worse than one synthetic voice."""
    takes = {("fr", take_key("euros")): "euros.wav"}

    pieces = Voice(catalogue, Recorded(takes)).pieces("offer", {"seats": SEATS, "price": 18_000})

    assert [piece.take for piece in pieces] == [None]


def test_another_language_says_it_in_its_own_voice_and_this_is_reported(catalogue):
    reports = []
    voice = Voice(catalogue, report=lambda *what: reports.append(what))

    pieces = voice.pieces("plain", {}, "en")

    assert [(piece.text, piece.language) for piece in pieces] == [("Combien de places ?", "fr")]
    assert reports == [("spoken in another language", "plain", "en")]


@pytest.mark.parametrize(
    ("key", "slots", "heard"),
    [
        ("nobody.wrote.this", {}, "Je cherche mes mots."),
        ("only", {}, "Je cherche mes mots."),
        ("only", {"n": "deux"}, "Je cherche mes mots."),
        ("only", {"n": None}, "Je cherche mes mots."),
        ("only", {"n": 2.5}, "Je cherche mes mots."),
        ("count", {"n": []}, "place."),
        ("when", {"day": "demain"}, "Le."),
    ],
)
def test_what_is_missing_is_reported_and_never_silence(catalogue, key, slots, heard):
    reports = []
    voice = Voice(catalogue, report=lambda *what: reports.append(what))

    assert "".join(piece.text for piece in voice.pieces(key, slots)) == heard
    assert reports


def test_the_year_is_said_outside_the_season_only(catalogue):
    from datetime import date

    voice = Voice(catalogue, house=House(season=(date(2026, 12, 2), date(2027, 7, 13))))

    assert voice.text("when", {"day": "2027-07-13"}) == "Le mardi treize juillet."
    assert voice.text("when", {"day": "2027-07-14"}) == "Le mercredi quatorze juillet deux mille vingt-sept."


def test_a_utc_time_is_said_as_the_clock_of_the_house(catalogue):
    said = {Voice(catalogue).text("at", {"at": at}) for at in ("2026-12-12T18:30:00+00:00", "2026-12-12T19:30")}

    assert said == {"samedi douze décembre à dix-neuf heures trente"}


def test_a_section_may_be_named_by_its_id(catalogue, tmp_path):
    (tmp_path / "fr.toml").write_text(FR + '[s]\ntext = "{s}"\nslots = { s = "section" }', encoding="utf-8")
    house = House(names={"GAR:ORCH": {"fr": "à l’orchestre", "en": "in the stalls"}})

    assert Voice(Catalogue.load(tmp_path), house=house).text("s", {"s": "GAR:ORCH"}) == "à l’orchestre"


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.text(max_size=6_000))
def test_whatever_a_caller_said_can_be_read_back(text):
    """Each piece fits a carrier's `<Say>` and has no character that XML forbids."""
    for piece in HOUSE_VOICE.pieces("record.read_out", {"text": text}):
        assert fits(piece.text) and not FORBIDDEN.search(piece.text)


def test_seats_of_several_sections_name_them_where_they_have_names(catalogue):
    seats = [{"row": 3, "number": 1, "section": "GAR:ORCH"}, {"row": 1, "number": 4, "section": "GAR:BALC"}]
    named = House(names={"GAR:ORCH": {"fr": "à l’orchestre"}, "GAR:BALC": {"fr": "au balcon"}})
    slots = {"seats": seats, "price": 100}

    assert "GAR" not in Voice(catalogue).text("offer", slots)
    assert "à l’orchestre, rang trois" in Voice(catalogue, house=named).text("offer", slots)


def test_a_french_title_is_never_read_by_an_english_voice():
    """A name with an English form is."""
    voice = Voice(Catalogue.load())

    bare = voice.pieces("buy.not_yet", {"title": "Le Lac des cygnes", "opens": "2027-04-11"}, "en")
    named = voice.pieces("heard.production", {"production": {"fr": "Le Lac des cygnes", "en": "Swan Lake"}}, "en")

    assert [(each.text, each.language) for each in bare][:2] == [("Seats for", "en"), ("Le Lac des cygnes", "fr")]
    assert {each.language for each in bare[2:]} == {"en"}
    assert [(each.text, each.language) for each in named] == [("Swan Lake,", "en")]


def test_a_long_text_is_read_in_several_breaths(catalogue):
    text = "très long, " * 700

    pieces = Voice(catalogue).pieces("free", {"t": text})

    assert len(pieces) > 1
    assert all(len(quote_plus(piece.text)) <= 4_500 for piece in pieces)
    assert " ".join(piece.text for piece in pieces).split() == f"Vous avez dit {text.strip()}.".split()


def test_raw_slots_survive_json(catalogue):
    slots = json.loads(json.dumps({"seats": SEATS, "price": 18_000}))

    assert Voice(catalogue).pieces("offer", slots)


class Beeps:
    """A synthetic voice of one byte a word."""

    def speak(self, text, language):
        return b"\x10" * len(text.split())


def test_sound_is_takes_and_synthetic_voice_in_the_order_of_the_pieces(catalogue):
    voice = Voice(catalogue, Recorded({("fr", "offer#1"): "1.wav"}, {"1.wav": b"\x01\x02"}), speaker=Beeps())

    sound = voice.sound("offer", {"seats": SEATS, "price": 18_000})

    assert sound == b"\x01\x02" + GAP + b"\x10" * 12


def test_a_lost_take_is_spoken(catalogue):
    reports = []
    takes = Recorded({("fr", "plain"): "lost.wav"})
    voice = Voice(catalogue, takes, speaker=Beeps(), report=lambda *what: reports.append(what))

    assert voice.sound("plain") == b"\x10" * 4
    assert reports == [("take cannot be read", "lost.wav", "fr")]


def test_a_draft_is_heard_between_the_words_of_its_review():
    """The operator who has just recorded hears the take itself."""
    pieces = Voice(Catalogue.load()).pieces("record.review", {"take": "/takes/abc.wav"}, "fr")

    assert [piece.take for piece in pieces] == ["/takes/abc.wav", None]
    assert pieces[1].text.startswith("Pour la garder")
