"""The studio: prompts and their takes, by browser and by telephone; flows as pictures; the public folder of takes."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask import Flask

from callflows import ALL_FLOWS, Heard, Listen, Reply, Say, Transfer
from callflows.chart import as_table
from ivr.house import House
from ivr.records.prompt_numbers import PromptNumbers
from ivr.studio import RecordingRefused, Studio
from ivr.studio.fetching import NotFetched, fetch_recording
from ivr.studio.picture import picture_of
from prompts.recordable import recordables, words_of_phrases

KEY = "general.silence"
RECORDING = "RE" + "a" * 32


def spoken(seconds: float = 1.5, loudness: float = 0.3) -> bytes:
    """Something with the shape of a voice: syllables, and quiet around them."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    voice = np.sin(2 * np.pi * (180 * time + 3 * np.sin(2 * np.pi * 3 * time))) * np.sin(2 * np.pi * 2.3 * time) ** 2
    quiet = np.random.default_rng(7).normal(0, 0.0004, 4_000)
    sound = np.concatenate([quiet, loudness * voice, quiet])
    file = io.BytesIO()
    with wave.open(file, "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(2)
        writing.setframerate(16_000)
        writing.writeframes((sound * 32_767).astype("<i2").tobytes())
    return file.getvalue()


@pytest.fixture
def studio(house: House) -> Studio:
    """The studio as the telephone knows it."""
    assert isinstance(house.tools.studio, Studio)
    return house.tools.studio


@pytest.fixture
def send(papageno: Any) -> Callable[..., Any]:
    """An operator sends a file."""

    def sends(sound: bytes, name: str = "take.wav", key: str = KEY, language: str = "fr") -> Any:
        return papageno.post("/studio/record", key=key, language=language, sound=(io.BytesIO(sound), name))

    return sends


def page_of(visitor: Any, key: str = KEY) -> str:
    """One prompt's page."""
    text: str = visitor.text(f"/studio/prompt?key={key}&language=fr")
    return text


def test_everything_that_can_be_recorded_is_listed_with_its_number(papageno: Any, house: House, studio: Studio) -> None:
    pieces = (*recordables(house.catalogue, "fr"), *words_of_phrases(house.catalogue, "fr"))

    page = papageno.text("/studio?language=fr")

    numbers = studio.numbers()
    assert all(f'<span class="num">{numbers[piece.key]}</span>' in page for piece in pieces)
    assert any("#1" in piece.key for piece in pieces)
    assert not any("{" in piece.words for piece in pieces), "a slot cannot be recorded"


def test_prompts_are_found_by_words_key_number_and_state(papageno: Any, studio: Studio) -> None:
    number = studio.numbers()[KEY]

    for asked in ("q=vous+entends+PAS", f"q={KEY}", f"q={number}"):
        assert "Je ne vous entends pas." in papageno.text(f"/studio?language=fr&{asked}")
    assert "Je ne vous entends pas." not in papageno.text("/studio?language=fr&state=live")


def test_a_sent_file_becomes_a_draft_and_publishing_makes_it_heard(papageno: Any, send: Any, house: House) -> None:
    send(spoken())

    assert "La prise est gardée" not in page_of(papageno), "Papageno reads English"
    (take,) = house.takes.book.takes_of(KEY, "fr")
    assert (take.source, take.recorded_by) == ("upload", "Papageno")
    assert house.takes.address(KEY, "fr", "Je ne vous entends pas.") is None

    papageno.post("/studio/publish", key=KEY, language="fr", take=str(take.id))

    assert house.takes.address(KEY, "fr", "Je ne vous entends pas.") == f"/takes/{take.address}"
    assert "Publish" not in page_of(papageno).split("<aside")[0].split("history")[0].split('class="takes"')[1]


def test_going_back_and_withdrawing(papageno: Any, send: Any, house: House) -> None:
    for loudness in (0.2, 0.3):
        send(spoken(loudness=loudness, seconds=1 + loudness))
    second, first = house.takes.book.takes_of(KEY, "fr")
    for take in (first, second):
        papageno.post("/studio/publish", key=KEY, language="fr", take=str(take.id))

    papageno.post("/studio/roll-back", key=KEY, language="fr")
    assert house.takes.at().takes["fr", KEY].id == first.id

    papageno.post("/studio/withdraw", key=KEY, language="fr")
    assert ("fr", KEY) not in house.takes.at().takes


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (b"", "The file is empty."),
        (b"not a sound" * 100, "cannot be read|not known"),
        (spoken(loudness=0.0), "Nothing can be heard."),
    ],
    ids=["empty", "no sound", "silence"],
)
def test_a_bad_recording_is_refused_with_its_reason(
    papageno: Any, send: Any, house: House, sound: bytes, told: str
) -> None:
    send(sound)

    page = page_of(papageno)
    assert any(reason in page for reason in told.split("|"))
    assert house.takes.book.takes_of(KEY, "fr") == ()


def test_a_file_that_is_too_big_is_turned_away_before_it_is_read(papageno: Any) -> None:
    assert papageno.announce("/studio/record", 21_000_000).status_code == 413


def test_other_forms_stay_small(papageno: Any) -> None:
    assert papageno.announce("/studio/publish", 2_000_000).status_code == 413


def test_an_unknown_prompt_is_not_recorded(papageno: Any, send: Any) -> None:
    for key, language in (("nothing.like.it", "fr"), (KEY, "xx"), (f"{KEY}#9", "fr"), ("../../etc/passwd", "fr")):
        assert papageno.get(f"/studio/prompt?key={key}&language={language}").status_code == 404
        assert send(spoken(), key=key, language=language).status_code == 404


def test_a_take_can_be_heard_by_the_carrier_and_never_changes(send: Any, app: Flask, house: House) -> None:
    send(spoken())
    (take,) = house.takes.book.takes_of(KEY, "fr")

    answer = app.test_client().get(f"/takes/{take.address}")

    assert answer.status_code == 200 and answer.mimetype == "audio/wav"
    assert answer.cache_control.immutable and answer.cache_control.public and answer.cache_control.max_age == 31_536_000
    again = app.test_client().get(f"/takes/{take.address}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    answer.close()


NO_TAKES = ["x.wav", "0" * 32 + ".wav", "..%2F..%2Fsouffleur.sqlite", "0" * 32 + ".master.wav"]


@pytest.mark.parametrize("address", NO_TAKES)
def test_nothing_else_lies_in_the_public_folder(app: Flask, address: str) -> None:
    assert app.test_client().get(f"/takes/{address}").status_code == 404


def test_numbers_of_prompts_are_given_once_and_for_ever(studio: Studio, house: House) -> None:
    numbers = studio.numbers()

    later = PromptNumbers(house.engine).of(["a.new.prompt", *reversed(numbers)])

    assert {key: later[key] for key in numbers} == numbers
    assert later["a.new.prompt"] == max(numbers.values()) + 1
    assert studio.prompt_by_number(numbers[KEY]) == KEY
    assert studio.prompt_by_number(99_999) is None


def test_an_operator_signs_in_by_telephone(studio: Studio, account: Any) -> None:
    assert studio.sign_in_by_pin(f"{account('Papageno').number}482913", "+33612345678") == "Papageno"
    assert studio.sign_in_by_pin(f"{account('Papageno').number}482914", "+33612345678") is None


def test_a_recording_by_telephone_is_fetched_kept_and_published(studio: Studio, house: House, ear: Any) -> None:
    ear.sound = spoken()

    address = studio.keep_recording(KEY, "fr", f"{ear.url}/2010-04-01/Accounts/AC1/Recordings/{RECORDING}", "Papageno")
    studio.publish(KEY, "fr", "Papageno")

    (take,) = house.takes.book.takes_of(KEY, "fr")
    assert (address, take.source) == (f"/takes/{take.address}", "telephone")
    assert house.takes.at().takes["fr", KEY].id == take.id


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:6379/",
        "file:///etc/passwd",
        "https://evil.example/Recordings/" + RECORDING[:-1],
        "https://evil.example/x?/Recordings/" + RECORDING,
        "../../Recordings/RE../" + "a" * 32,
    ],
)
def test_nothing_but_a_recording_of_the_carrier_is_fetched(studio: Studio, ear: Any, address: str) -> None:
    with pytest.raises(RecordingRefused) as refused:
        studio.keep_recording(KEY, "fr", address, "Papageno")

    assert refused.value.reason == "not_fetched" and "récupéré" in str(refused.value)
    assert ear.heard == []


def test_only_the_id_is_taken_from_a_recording_s_address(house: House, ear: Any) -> None:
    """Host, account and path are our own: somebody else's host is never asked."""
    ear.sound = b"sound"

    fetch_recording(house.line, f"http://169.254.169.254/Recordings/{RECORDING}")

    assert [asked.path for asked in ear.heard] == [f"/2010-04-01/Accounts/AC{'0' * 32}/Recordings/{RECORDING}.wav"]


def test_a_redirect_is_not_followed(house: House, ear: Any) -> None:
    ear.status = 302

    with pytest.raises(NotFetched):
        fetch_recording(house.line, f"{ear.url}/Recordings/{RECORDING}")
    assert len(ear.heard) == 1


def test_without_a_line_nothing_is_fetched(studio: Studio) -> None:
    with pytest.raises(NotFetched):
        fetch_recording(None, f"/Recordings/{RECORDING}")


@pytest.mark.parametrize("name", ALL_FLOWS)
def test_every_flow_is_drawn_whole(papageno: Any, name: str) -> None:
    page = papageno.text(f"/studio/flows/{name}?language=fr")

    for step in ALL_FLOWS[name].steps:
        assert f'id="{step}"' in page and f">{step}</text>" in page


@pytest.mark.parametrize("name", ALL_FLOWS)
def test_no_two_boxes_of_a_picture_touch(name: str) -> None:
    flow = ALL_FLOWS[name]
    boxes = picture_of(as_table(flow), flow.name, flow.first).boxes

    for box in boxes:
        for other in boxes:
            apart = (
                box.x + box.width <= other.x or other.x + other.width <= box.x
                or box.y + box.height <= other.y or other.y + other.height <= box.y
            )  # fmt: skip
            assert box is other or apart, (box.step, other.step)


def test_what_cannot_be_heard_stands_below_the_flows(papageno: Any, house: House) -> None:
    """As the media process left it; nothing stands there before it ever ran."""
    heading = "What cannot be heard"
    assert heading not in papageno.text("/studio/flows")

    rows = [{"language": "en", "context": "ask_production", "phrases": 90, "count": 2, "sample": ["giselle", "<b>"]},
            {"language": "en", "context": "confirm", "phrases": 9, "count": 0, "sample": []},
            {"language": "fr", "context": "", "phrases": 0, "count": 0, "sample": []}]  # fmt: skip
    house.redis.set("media:unheard", json.dumps(rows))
    page = papageno.text("/studio/flows")

    assert heading in page and "2 of 90 phrases" in page and "giselle · &lt;b&gt;" in page
    assert "<code>confirm</code>" not in page
    assert "Nobody here hears this language" in page and "<code>souffleur models fetch fr</code>" in page


def test_a_flow_that_does_not_exist_is_not_found(papageno: Any) -> None:
    assert papageno.get("/studio/flows/nothing").status_code == 404


def test_words_that_have_changed_since_are_shown_to_be_redone(papageno: Any, studio: Studio, house: House) -> None:
    studio.keep_recording(KEY, "fr", spoken(), "Papageno")
    take = house.takes.book.takes_of(KEY, "fr")[0]
    other = house.takes.book.add(replace(_draft(take), words="Je ne t’entends pas."))
    house.takes.publish(other.id, "Papageno")

    assert "to be redone" in papageno.text(f"/studio?language=fr&q={KEY}&state=outdated")
    assert "t’entends" in page_of(papageno).replace("&#39;", "’")


def _draft(take: Any) -> Any:
    from prompts.takes import Draft

    fields = {name: getattr(take, name) for name in Draft.__dataclass_fields__}
    return Draft(**fields)


def test_beside_each_question_stands_how_it_fared(papageno: Any, house: House, tell: Any) -> None:
    heard = {
        1: (Heard(keys="2"), "general.one_moment", Listen("x")),
        2: (Heard(words="deux"), "general.one_moment", Listen("x")),
        3: (Heard(words="bzz"), "buy.how_many.unclear", Listen("x")),
        4: (Heard(), "buy.how_many.silence", Listen("x")),
        5: (Heard(words="un conseiller"), "agent.connecting", Transfer("agent")),
    }
    for turn, (what, prompt, then) in heard.items():
        reply = Reply((Say(prompt, {}),), then, "fr")
        tell(house.journal.answered(call="CA1", turn=turn, step="buy_seats.how_many", heard=what, reply=reply))
    house.journal.flush()

    page = papageno.text("/studio/flows/buy_seats?language=en")

    row = page.split('id="how_many"')[1].split("</tr>")[0]
    counts = {"asked": 5, "by keys": 1, "by voice": 3, "silence": 1, "not understood": 1, "to a person": 1}
    for name, times in counts.items():
        assert f"<dt>{name}</dt><dd>{times}</dd>" in row, name
