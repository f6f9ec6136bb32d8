"""The webhooks: whatever is delivered, twice, late, at once or garbled, the caller hears the right sentence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from ivr.app import create_app
from ivr.house import put_together
from ivr.logs import HouseFormatter

APOLOGY = {"fr": "problème technique", "en": "technical problem"}
NUMBER = {"fr": "01 99 00 01 99", "en": "+33 1 99 00 01 99"}


def text(answer: ElementTree.Element) -> str:
    return " ".join(" ".join(answer.itertext()).split())


def tags(answer: ElementTree.Element) -> set[str]:
    return {element.tag for element in answer.iter()}


def test_a_call_begins_with_a_question_in_the_houses_language(carrier: Any) -> None:
    gather = carrier.answer("/voice/incoming").find("Gather")

    assert gather is not None
    assert gather.get("language") == "fr-FR"
    assert gather.get("hints")
    assert "turn=0" in gather.get("action")


def test_an_incoming_call_delivered_twice_hears_the_same_twice(carrier: Any) -> None:
    assert carrier.post("/voice/incoming").data == carrier.post("/voice/incoming").data


def test_an_answer_leads_to_the_next_turn(carrier: Any) -> None:
    answer = carrier.next(carrier.answer("/voice/incoming"), Digits="1")

    assert "turn=1" in answer.find("Gather").get("action")


def test_an_answer_delivered_twice_is_taken_once(carrier: Any) -> None:
    carrier.answer("/voice/incoming")

    first = carrier.post("/voice/turn?turn=0&language=fr", Digits="1").data

    assert carrier.post("/voice/turn?turn=0&language=fr", Digits="1").data == first
    assert carrier.post("/voice/turn?turn=0&language=fr", Digits="3").data == first


def test_silence_at_the_first_question_is_a_turn_too(carrier: Any) -> None:
    first = carrier.answer("/voice/incoming")

    answers = [carrier.next(first)]
    answers.append(carrier.next(answers[-1]))
    answers.append(carrier.next(answers[-1]))

    assert answers[-1].find("Enqueue") is not None


def test_many_deliveries_at_the_same_moment_hear_one_answer(carrier: Any) -> None:
    carrier.answer("/voice/incoming")

    with ThreadPoolExecutor(8) as pool:
        heard = set(pool.map(lambda _: carrier.post("/voice/turn?turn=0&language=fr", Digits="1").data, range(16)))

    assert len(heard) == 1


def test_many_incoming_deliveries_at_the_same_moment_begin_one_call(carrier: Any, house: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        heard = set(pool.map(lambda _: carrier.post("/voice/incoming").data, range(16)))

    assert len(heard) == 1
    house.journal.flush()
    assert len(house.journal.calls()) == 1


def test_the_fallback_address_says_the_last_thing_again_and_takes_no_turn(carrier: Any) -> None:
    asked = carrier.post("/voice/turn?turn=0&language=fr", Digits="1").data if carrier.post("/voice/incoming") else b""

    again = carrier.post("/voice/again", ErrorCode="11200", ErrorUrl="https://ivr.example.org/voice/turn")

    assert ElementTree.fromstring(again.data).find("Gather").get("action").startswith("/voice/turn?turn=1&")
    assert again.data == asked


def test_a_worker_replaced_between_any_two_turns_changes_nothing(carrier: Any, settings: Any, clock: Any) -> None:
    heard, presses = [carrier.answer("/voice/incoming")], ["1", "", "1"]
    for keys in presses:
        heard.append(carrier.next(heard[-1], Digits=keys))

    other = type(carrier)(carrier.app, "CA" + "2" * 32)
    anew = [other.answer("/voice/incoming")]
    for keys in presses:
        other.app = create_app(settings, put_together(settings, clock))
        anew.append(other.next(anew[-1], Digits=keys))

    assert [text(answer) for answer in anew] == [text(answer) for answer in heard]


def test_a_call_redis_forgot_begins_again_politely(carrier: Any, redis: Any) -> None:
    carrier.answer("/voice/incoming")
    redis.flushdb()

    assert "coupés" in text(carrier.answer("/voice/turn?turn=3&language=fr", Digits="1"))


def test_an_address_without_a_turn_says_the_last_thing_again(carrier: Any) -> None:
    assert carrier.post("/voice/incoming").data == carrier.post("/voice/turn", Digits="1").data


@pytest.mark.parametrize(
    ("path", "pairs"),
    [
        ("/voice/turn?turn=0", [("CallSid", "CA1"), ("Digits", "1"), ("Digits", "2")]),
        ("/voice/turn?turn=0", [("CallSid", "CA1"), ("CallSid", "CA2")]),
        ("/voice/turn?turn=0&turn=1", [("CallSid", "CA1")]),
        ("/voice/turn?turn=x", [("CallSid", "CA1")]),
        ("/voice/incoming", [("CallSid", "")]),
        ("/voice/incoming", [("CallSid", "' OR 1=1")]),
    ],
)
def test_what_the_carrier_cannot_have_sent_is_refused(carrier: Any, path: str, pairs: list[tuple[str, str]]) -> None:
    assert carrier.post_pairs(path, pairs).status_code == 400


@pytest.mark.parametrize(
    "words",
    ["🎭" * 400, "é" * 10_000, "\x00\x0b\x1b[31m", "'; DROP TABLE seats; --", "</Say><Dial>+33899000000</Dial>", "\u202e", " "],  # noqa: E501
    ids=["emoji", "10,000 characters", "controls", "SQL", "XML", "direction", "blank"],
)
def test_odd_words_are_only_words(carrier: Any, words: str) -> None:
    first = carrier.answer("/voice/incoming")

    answer = carrier.next(first, SpeechResult=words, Confidence="0.9")

    assert tags(answer) <= {"Response", "Gather", "Say", "prosody", "Redirect", "Enqueue"}


def test_a_caller_who_hangs_up_leaves_no_seat_held_and_no_agent_rung(carrier: Any, house: Any) -> None:
    carrier.answer("/voice/incoming")
    house.room.enter(carrier.call_id, "+33612345678", "agent", {}, "fr")

    for _ in range(2):
        assert carrier.post("/voice/ended", CallStatus="completed").status_code == 204

    assert house.room.position(carrier.call_id) is None
    assert house.booking.clerk("phone", carrier.call_id).holds() == ()
    house.journal.flush()
    assert house.journal.call(carrier.call_id).status == "completed"


def test_a_call_that_only_rings_is_not_over(carrier: Any, house: Any) -> None:
    carrier.answer("/voice/incoming")

    carrier.post("/voice/ended", CallStatus="in-progress")

    assert house.calls.load(carrier.call_id) is not None


def test_whoever_wants_a_person_waits_in_line_with_music(carrier: Any, house: Any) -> None:
    answer = carrier.next(carrier.answer("/voice/incoming"), Digits="0")

    enqueue = answer.find("Enqueue")
    assert enqueue is not None
    assert house.room.position(carrier.call_id) == 1
    waiting = carrier.answer(enqueue.get("waitUrl"), QueuePosition="1")
    assert [verb.tag for verb in waiting] == ["Gather"]
    assert [verb.tag for verb in waiting[0]] == ["Say", "Say", "Play"]
    assert carrier.app.test_client().get("/music.wav").data[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("result", "tag"), [("queue-full", "Say"), ("system-error", "Say"), ("bridged", None), ("hangup", None)]
)
def test_a_queue_that_fails_does_not_end_in_silence(carrier: Any, result: str, tag: str | None) -> None:
    carrier.next(carrier.answer("/voice/incoming"), Digits="0")

    answer = carrier.answer("/voice/left?language=fr", QueueResult=result)

    assert [verb.tag for verb in answer][:1] == ([tag] if tag else [])


@pytest.mark.parametrize(
    "away", [{"redis_url": "unix:///nowhere.sock"}, {"database_url": "sqlite:////nowhere/x.sqlite"}], ids=["R", "S"]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_redis_or_database_the_caller_hears_an_apology_and_a_number(
    carrier: Any, settings: Any, away: dict[str, str], language: str
) -> None:
    carrier.answer("/voice/incoming")
    carrier.app = create_app(replace(settings, **away, language=language))

    hooks = ["/voice/incoming", *(f"/voice/turn?turn={turn}&language={language}" for turn in range(3))]
    for answer in map(carrier.answer, hooks):
        assert APOLOGY[language] in text(answer)
        assert text(answer).count(NUMBER[language]) == 2
        assert answer[-1].tag == "Hangup"


def test_the_carriers_health_check_needs_no_signature(carrier: Any) -> None:
    assert carrier.app.test_client().get("/health").data == b"ok\n"


def test_the_log_has_one_line_of_facts_per_turn_and_nothing_personal(carrier: Any, caplog: Any) -> None:
    caplog.set_level("DEBUG")

    answer = carrier.answer("/voice/incoming", FromCity="Mimiville")
    carrier.next(answer, SpeechResult="je m'appelle Mimi Canari et j'habite sous les toits", Confidence="0.9")

    written = HouseFormatter()
    lines = [written.format(record) for record in caplog.records if record.name == "ivr.journal"]
    everything = "\n".join(written.format(record) for record in caplog.records)
    assert len(lines) == 2
    assert "heard=words" in lines[1]
    assert not {word for word in ("Mimi", "Canari", "toits", "33612345678") if word in everything}
