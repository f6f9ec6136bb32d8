"""Reply as TwiML: what the carrier reads, whatever the words are."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows import Continue, HangUp, Listen, Record, Reply, Say, Transfer
from ivr.telephony.twiml import MOST_HINTS, Writer, hint_list, printable
from prompts import Catalogue, Prompt, Voice
from prompts.kinds import Kind

KEY = "test.words"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The house's own wording, and one prompt that says whatever it is given."""
    real = Catalogue.load()
    anything = {(code, KEY): Prompt(KEY, code, "{text}", {"text": Kind("text")}) for code in real.languages}
    return Catalogue(real.languages, {**real.prompts, **anything})


class Recorded:
    """Recordings of everything."""

    def at(self, revision: int | None = None) -> Recorded:
        return self

    def address(self, key: str, language: str, text: str) -> str | None:
        return "/takes/0f.wav"

    def words(self, key: str, language: str) -> str | None:
        return None


@pytest.fixture
def writer(catalogue: Catalogue) -> Writer:
    return Writer(catalogue, lambda takes: Voice(catalogue), "https://ivr.example.org/opera")


def says(text: str) -> tuple[Say, ...]:
    return (Say(KEY, {"text": text}),)


def read(document: str) -> ElementTree.Element:
    return ElementTree.fromstring(document)


def shape(element: ElementTree.Element) -> list[object]:
    return [element.tag, *(shape(child) for child in element)]


def test_a_question_is_a_gather_for_keys_and_speech_whose_answer_names_the_next_turn(writer: Writer) -> None:
    reply = Reply(says("Combien ?"), Listen("ask_quantity", ("deux", "trois"), seconds=7), "fr")

    gather, redirect = read(writer.document(reply, 4))

    assert gather.attrib == {
        "input": "dtmf speech", "action": "/opera/voice/turn?turn=4&language=fr", "method": "POST", "timeout": "7",
        "numDigits": "1", "finishOnKey": "", "actionOnEmptyResult": "true", "bargeIn": "true", "language": "fr-FR",
        "speechTimeout": "auto", "profanityFilter": "false", "hints": "deux,trois",
    }  # fmt: skip
    assert [(say.tag, say.text, say.get("language"), say.get("voice")) for say in gather] == [
        ("Say", "Combien ?", "fr-FR", "Polly.Lea")
    ]
    assert (redirect.tag, redirect.text) == ("Redirect", "/opera/voice/turn?turn=4&language=fr")


def test_several_keys_are_ended_by_hash_and_a_pause_inside_an_answer_is_allowed(writer: Writer) -> None:
    date = Listen("ask_date", digits=None, patience="long", bargein=False)

    gather = read(writer.document(Reply((), date, "en"), 1))[0]

    assert (gather.get("numDigits"), gather.get("finishOnKey")) == (None, "#")
    assert (gather.get("speechTimeout"), gather.get("bargeIn"), gather.get("language")) == ("2", "false", "en-GB")


def test_where_speech_makes_no_sense_only_keys_are_heard(writer: Writer) -> None:
    gather = read(writer.document(Reply((), Listen("ask_pin", digits=9, speech=False, secret=True), "fr"), 1))[0]

    assert gather.get("input") == "dtmf"
    assert not {"hints", "language", "speechTimeout"} & set(gather.attrib)


@pytest.mark.parametrize(
    ("then", "tags"),
    [
        (Record(30), ["Say", "Record", "Redirect"]),
        (Continue(), ["Say", "Redirect"]),
        (Transfer("agent"), ["Say", "Enqueue"]),
        (HangUp(), ["Say", "Hangup"]),
    ],
)
def test_after_the_words_comes_one_way_on(writer: Writer, then: object, tags: list[str]) -> None:
    document = read(writer.document(Reply(says("Bien."), then, "fr"), 2))  # type: ignore[arg-type]

    assert [verb.tag for verb in document] == tags


def test_whoever_is_put_through_waits_with_music_and_comes_back_if_the_queue_fails(writer: Writer) -> None:
    enqueue = read(writer.document(Reply((), Transfer("agent"), "en"), 2))[0]

    assert enqueue.text == "agents"
    assert enqueue.get("waitUrl") == "/opera/voice/waiting?language=en"
    assert enqueue.get("action") == "/opera/voice/left?turn=2&language=en"


def test_no_word_is_said_without_a_language_and_each_by_its_own_voice(writer: Writer) -> None:
    reply = Reply((*says("Bonjour."), Say(KEY, {"text": "For English, press 9."}, "en")), HangUp(), "fr")

    spoken = read(writer.document(reply, 1)).findall("Say")

    assert [say.get("language") for say in spoken] == ["fr-FR", "en-GB"]
    assert [say.get("voice") for say in spoken] == ["Polly.Lea", "Polly.Amy"]


def test_a_recording_is_played_from_our_own_address(catalogue: Catalogue) -> None:
    writer = Writer(catalogue, lambda takes: Voice(catalogue, Recorded()), "https://ivr.example.org")

    play = read(writer.document(Reply((Say("general.silence"),), HangUp()), 1))[0]

    assert (play.tag, play.text) == ("Play", "https://ivr.example.org/takes/0f.wav")


def test_slowly_means_slower_not_other_words(writer: Writer) -> None:
    say = read(writer.document(Reply(says("Bonjour."), HangUp(), "fr", "slow"), 1))[0]

    assert "".join(say.itertext()) == "Bonjour."
    assert say.find("prosody") is not None


HOSTILE = [
    "</Say><Dial>+33899000000</Dial><Say>", "<![CDATA[x]]>", "&lt;&amp;&#x0;", "<!-- -- -->", "a\x0bb\x00c", "\ud800",
    "\u202egnol", "'; DROP TABLE seats; --", "🎭" * 500, "x" * 10_000, "]]>", "<?xml version='1.0'?>",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_words_never_become_verbs(writer: Writer, words: str) -> None:
    reply = Reply(says(f"Vous avez dit {words}."), Listen("ask", (words,)), "fr")

    document = read(writer.document(reply, 1))

    assert {element.tag for element in document.iter()} == {"Response", "Gather", "Say", "Redirect"}


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_at_all_can_be_printed(text: str) -> None:
    ElementTree.fromstring(f"<a>{printable(text).replace('&', '').replace('<', '').replace(']]>', '')}</a>")


def test_hints_keep_to_the_carriers_limits() -> None:
    hints = hint_list([f"a, {number} " + "é" * 200 for number in range(1000)] + ["deux", "deux"])

    assert len(hints) == MOST_HINTS
    assert all(len(hint) <= 100 and "," not in hint for hint in hints)


def test_an_answer_is_never_larger_than_the_carrier_reads(catalogue: Catalogue) -> None:
    many = ",".join(f"{number} " + "日" * 95 for number in range(500))
    writer = Writer(catalogue, lambda takes: Voice(catalogue), "http://127.0.0.1", lambda listen, language: many)

    document = writer.document(Reply(says("?"), Listen("ask", ("deux",)), "fr"), 1)

    assert len(document.encode()) < 64_000
    assert read(document)[0].get("hints") == "deux"
