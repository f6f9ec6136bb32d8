"""The carrier's form: whatever the network sends, only clean and short text goes further."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from callflows import Heard
from ivr.incoming import Incoming
from ivr.telephony import form

SID = "RE" + "0" * 32


def heard(**fields: str) -> Heard:
    return form.heard(MultiDict(fields), lambda sid: f"https://carrier.example/{sid}")


def test_a_call_is_known_by_its_id_and_its_numbers() -> None:
    fields = MultiDict({"CallSid": "CA" + "a" * 32, "From": "+33612345678", "To": "+33199000111"})

    assert form.incoming(fields) == Incoming("CA" + "a" * 32, "+33612345678", "+33199000111")


@pytest.mark.parametrize(
    "hidden", ["anonymous", "+266696687", "", "client:alice", "+٣٣٦١٢٣٤٥٦٧٨", "sip:x@y", "+33;ext=1"]
)
def test_a_caller_who_hides_or_disguises_the_number_has_none(hidden: str) -> None:
    assert form.incoming(MultiDict({"CallSid": "CA1", "From": hidden})).caller == ""


@pytest.mark.parametrize("wrong", ["", "CA 1", "../etc", "CA1\n", "é", "C" * 65])
def test_a_call_id_the_carrier_cannot_have_given_is_refused(wrong: str) -> None:
    with pytest.raises(form.BadForm, match="CallSid"):
        form.call_id(MultiDict({"CallSid": wrong}))


@pytest.mark.parametrize("name", ["Digits", "SpeechResult", "RecordingSid", "Confidence"])
def test_a_field_given_twice_is_refused(name: str) -> None:
    with pytest.raises(form.BadForm, match=name):
        form.heard(MultiDict([(name, "1"), (name, "2")]), str)


def test_a_call_id_given_twice_is_refused() -> None:
    with pytest.raises(form.BadForm):
        form.call_id(MultiDict([("CallSid", "CA1"), ("CallSid", "CA2")]))


@pytest.mark.parametrize("wrong", ["-1", "x", "٣", "1" * 9, "1.0", " 1"])
def test_a_turn_we_never_gave_is_refused(wrong: str) -> None:
    with pytest.raises(form.BadForm):
        form.number(MultiDict({"turn": wrong}), "turn")


def test_an_address_without_a_turn_answers_none() -> None:
    assert form.number(MultiDict(), "turn") is None
    assert form.number(MultiDict({"turn": "12"}), "turn") == 12


def test_keys_are_heard() -> None:
    assert heard(Digits="12#") == Heard(keys="12#")


@pytest.mark.parametrize("wrong", ["hangup", "1; DROP TABLE seats", "１", "<Dial/>"])
def test_what_no_telephone_has_as_a_key_is_silence(wrong: str) -> None:
    assert heard(Digits=wrong).is_silence


def test_a_hash_alone_is_heard_where_the_carrier_tells_and_a_silence_stays_one() -> None:
    assert heard(Digits="", FinishedOnKey="#").keys == "#"
    assert heard(Digits="12", FinishedOnKey="#").keys == "12"
    assert heard(Digits="", FinishedOnKey="").is_silence


def test_more_keys_than_anyone_presses_are_cut() -> None:
    assert heard(Digits="7" * 10_000).keys == "7" * form.MOST_KEYS


def test_words_are_heard_with_their_confidence() -> None:
    assert heard(SpeechResult="deux places 🎭", Confidence="0.87") == Heard(words="deux places 🎭", confidence=0.87)


@pytest.mark.parametrize(
    ("told", "meant"), [("", None), ("nan", None), ("inf", None), ("2", 1.0), ("-1", 0.0), ("é", None)]
)
def test_confidence_is_between_nought_and_one_or_unknown(told: str, meant: float | None) -> None:
    assert heard(SpeechResult="oui", Confidence=told).confidence == meant


def test_ten_thousand_characters_become_two_thousand() -> None:
    assert len(heard(SpeechResult="é" * 10_000).words) == form.MOST_CHARACTERS
    assert len(heard(SpeechResult="a " * 5_000).words.split()) == form.MOST_WORDS


def test_controls_and_direction_marks_become_spaces_and_families_stay_together() -> None:
    words = heard(SpeechResult="deux\x00\x0b places\u202e\x1b[31m 👩\u200d👩\u200d👧\n").words

    assert words == "deux places [31m 👩\u200d👩\u200d👧"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_at_all_becomes_one_clean_line(text: str) -> None:
    words = form.clean_words(text)

    assert words == " ".join(words.split())
    assert {unicodedata.category(character) for character in words.replace("\u200d", "")}.isdisjoint({"Cc", "Cf", "Cs"})
    words.encode("utf-8")


def test_a_recording_is_fetched_from_the_carrier_whatever_address_was_sent() -> None:
    told = heard(RecordingSid=SID, RecordingUrl="http://169.254.169.254/latest", Digits="#")

    assert told == Heard(recording=f"https://carrier.example/{SID}")


@pytest.mark.parametrize("wrong", ["RE1", SID + "/../x", SID + "\n"])
def test_a_recording_id_the_carrier_cannot_have_given_is_no_recording(wrong: str) -> None:
    assert heard(RecordingSid=wrong).recording == ""
