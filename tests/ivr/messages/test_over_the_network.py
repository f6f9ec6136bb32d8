"""Messages over the local network: webhooks, REST and sound are all real; the house loses nothing, and erases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from ivr.house import House
from ivr.housekeeping import tidy, write_messages
from ivr.messages import care
from ivr.simulator import Line, Network

TWO_SECONDS = b"\x20\x90" * 8_000


def to_the_message(line: Line, *, name: bytes = TWO_SECONDS) -> Any:
    """Dial, ask for a message, say the name; the next sound is the message."""
    line.dial()
    line.press("4")
    line.press("1")
    return line.record(len(name) / 8_000, name)


def left(house: House) -> tuple[Any, ...]:
    """What lies on the desk after a round of housekeeping."""
    house.journal.flush()
    care(house.messages, house.clock())
    return house.messages.book.left()


def test_a_message_is_recorded_fetched_written_down_and_in_the_end_erased_everywhere(
    line: Callable[..., Line], house: House, network: Network, clock: Any, spoken: Any, rest: Any
) -> None:
    caller, sound = line(language="en"), spoken("hello my name is john smith please call me back", "en")
    to_the_message(caller, name=spoken("my name is john smith", "en"))
    caller.record(len(sound) / 8_000, sound)
    ended = caller.press("1")
    assert "Thank you" in ended.said
    caller.hang_up()

    tidy(house)
    write_messages(house, threading.Event())

    (message,) = house.messages.book.left()
    assert (message.caller, message.language, message.kind) == ("+33612345678", "en", "message")
    assert message.seconds == pytest.approx(len(sound) / 8_000, abs=0.1)
    assert {"hello", "name", "back"} & set(message.words.split())
    assert message.engine == "pocketsphinx" and message.confidence is None
    assert house.messages.book.names_of([message.call])[message.call].words
    assert house.messages.sounds.mulaw(message.id)
    assert all(told.startswith("Basic ") for _, _, told in rest.asked)

    clock.forward(days=30)
    tidy(house)
    assert len(house.messages.book.left()) == 1
    clock.forward(hours=1)
    tidy(house)

    assert network.carrier.recordings == {}
    assert list(house.messages.sounds.folder.iterdir()) == []
    assert house.messages.book.left() == ()
    assert house.messages.book.get(message.id) is None


def test_the_messages_of_whoever_is_erased_go_here_at_once_and_at_the_carrier_in_the_next_round(
    line: Callable[..., Line], house: House, network: Network
) -> None:
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)
    caller.hang_up()
    (message,) = left(house)
    assert len(network.carrier.recordings) == 2

    house.messages.erase_of(house.booking.customer(message.caller).id, message.caller)

    assert list(house.messages.sounds.folder.iterdir()) == [] and house.messages.book.left() == ()
    care(house.messages, house.clock())
    assert network.carrier.recordings == {}


def test_whoever_hangs_up_while_speaking_has_left_what_was_said(line: Callable[..., Line], house: House) -> None:
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS, finish="")
    caller.hang_up()

    (message,) = left(house)

    assert house.messages.sounds.mulaw(message.id)
    assert message.caller == "+33612345678"


def test_a_recording_of_which_only_its_status_tells_is_kept_too(carrier: Any, house: House) -> None:
    """The answer to the tone was lost with the call: the journal knows whose it was."""
    carrier.answer("/voice/incoming")
    house.journal.flush()
    carrier.post("/voice/ended", CallStatus="completed")
    fields = {"RecordingSid": "RE" + "5" * 32, "RecordingStatus": "completed", "RecordingDuration": "7"}

    for _ in range(2):
        answer = carrier.post("/voice/recorded?kind=message&language=fr", **fields)
        assert answer.status_code == 204

    (message,) = left(house)
    assert (message.caller, message.seconds, message.language) == ("+33612345678", 7.0, "fr")


@pytest.mark.parametrize("fields", [
    {"RecordingSid": "RE../../../../etc/passwd", "RecordingStatus": "completed", "RecordingDuration": "7"},
    {"RecordingSid": "", "RecordingStatus": "completed", "RecordingDuration": "7"},
])  # fmt: skip
def test_a_recording_of_no_name_of_the_carrier_s_is_refused(carrier: Any, house: House, fields: dict[str, str]) -> None:
    assert carrier.post("/voice/recorded?kind=message&language=fr", **fields).status_code == 400
    assert left(house) == ()


@pytest.mark.parametrize(("query", "status", "seconds"), [
    ("kind=message", "absent", "7"), ("kind=message", "completed", "0"), ("kind=prompt", "completed", "7"),
    ("language=fr", "completed", "7"),
])  # fmt: skip
def test_a_recording_that_is_nothing_is_not_noted(
    carrier: Any, house: House, query: str, status: str, seconds: str
) -> None:
    fields = {"RecordingSid": "RE" + "5" * 32, "RecordingStatus": status, "RecordingDuration": seconds}

    assert carrier.post(f"/voice/recorded?{query}", **fields).status_code == 204
    assert left(house) == ()


def test_nobody_but_the_carrier_may_tell_of_a_recording(carrier: Any, house: House) -> None:
    form = {"CallSid": "CA" + "1" * 32, "RecordingSid": "RE" + "5" * 32, "RecordingStatus": "completed"}

    assert carrier.post_signed("/voice/recorded?kind=message", form, "forged").status_code == 403
    assert left(house) == ()


def test_without_a_database_the_carrier_is_asked_to_tell_again(carrier: Any, settings: Any, clock: Any) -> None:
    from ivr.app import create_app

    carrier.app = create_app(replace(settings, database_url="sqlite:////nowhere/x.sqlite"))
    fields = {"RecordingSid": "RE" + "5" * 32, "RecordingStatus": "completed", "RecordingDuration": "7"}

    assert carrier.post("/voice/recorded?kind=message&language=fr", **fields).status_code == 503


def test_a_key_and_no_word_is_no_message_either(line: Callable[..., Line], house: House) -> None:
    """The carrier trims the silence and tells that nothing is left."""
    caller = line()
    to_the_message(caller)
    caller.network.wait(3)

    assert "Reprenons" in caller.press("#").said
    caller.hang_up()

    assert left(house) == ()


def test_silence_after_the_tone_is_no_message(line: Callable[..., Line], house: House) -> None:
    caller = line()
    to_the_message(caller)

    assert "Reprenons" in caller.silence().said
    assert "n’enregistre rien" in caller.silence().said
    caller.hang_up()

    assert left(house) == ()


def test_what_is_erased_by_its_caller_is_gone_in_the_next_round(
    line: Callable[..., Line], house: House, network: Network
) -> None:
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)
    caller.press("2")
    assert len(list(house.messages.sounds.folder.iterdir())) == 1
    assert "effacé" in caller.press("4").said
    caller.hang_up()

    assert left(house) == ()
    assert left(house) == ()
    assert network.carrier.recordings == {}
    assert list(house.messages.sounds.folder.iterdir()) == []


def test_recorded_anew_only_the_last_one_is_left(
    line: Callable[..., Line], house: House, network: Network
) -> None:
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)
    caller.press("3")
    caller.record(3.0, TWO_SECONDS + TWO_SECONDS[:8_000])
    caller.hang_up()

    (message,) = left(house)
    assert message.seconds == 3.0
    assert len(network.carrier.recordings) == 2  # its name, and the message


def test_a_caller_hears_what_she_has_said(line: Callable[..., Line], house: House, app: Any, clock: Any) -> None:
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)

    played = [piece.url for piece in caller.press("2").heard if piece.url]

    path = urlsplit(played[0]).path
    browser = app.test_client()
    assert path.startswith("/heard-again/RE")
    assert browser.get(path).data[:4] == b"RIFF"
    forged = path.replace("-", "-1", 1)
    assert [browser.get(other).status_code for other in (forged, path[:-8] + "0000.wav", "/heard-again/x.wav")] == [
        404, 404, 404,
    ]  # fmt: skip
    clock.forward(minutes=11)
    assert browser.get(path).status_code == 404


def test_on_a_media_stream_too(line: Callable[..., Line], house: House) -> None:
    """What the stream plays is the message itself, in µ-law."""
    from callflows import Say
    from ivr.media_app import sounds_of
    from ivr.telephony.conversation import Manner

    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)
    caller.press("2")
    (name,) = [message.id for message in house.messages.book.to_erase(house.clock(), 9)] or [
        path.stem for path in house.messages.sounds.folder.iterdir()
    ]

    sound = sounds_of(house)(Say("leave.played", {"message": house.messages.address(name)}), Manner("fr"))

    assert house.messages.sounds.mulaw(name) in sound


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oh", "302 Found"])
def test_a_sound_that_cannot_be_had_yet_is_asked_for_again_later(
    line: Callable[..., Line], house: House, rest: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """The carrier is asked, and nobody else, whatever it answers; until its answer is a sound."""
    monkeypatch.setattr("ivr.studio.fetching.PAUSE_SECONDS", 0.0)
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)
    rest.status = status
    assert "réentendre" in caller.press("2").said
    caller.hang_up()
    (message,) = left(house)
    assert (message.sound, message.fetches) == ("", 1)
    asked = len(rest.asked)
    left(house)
    assert len(rest.asked) == asked

    rest.status = ""
    clock.forward(minutes=2)
    (message,) = left(house)

    assert message.sound == "here"
    assert {path.partition("/Recordings/")[0] for _, path, _ in rest.asked} == {
        f"/2010-04-01/Accounts/{house.settings.account_sid}"
    }


def test_a_carrier_that_is_away_keeps_its_copy_no_longer_than_it_is_away(
    line: Callable[..., Line], house: House, network: Network, rest: Any, clock: Any
) -> None:
    caller = line()
    to_the_message(caller)
    caller.record(2.0, TWO_SECONDS)
    caller.hang_up()
    left(house)
    clock.forward(days=31)
    rest.status = "503 Away"

    assert left(house) == ()
    assert list(house.messages.sounds.folder.iterdir()) == []
    assert len(network.carrier.recordings) == 2
    rest.status = ""
    clock.forward(hours=2)
    left(house)

    assert network.carrier.recordings == {}


def test_a_full_queue_leads_to_a_message_instead_of_an_apology(carrier: Any, house: House) -> None:
    enqueue = carrier.next(carrier.answer("/voice/incoming"), Digits="0").find("Enqueue")

    ways = [carrier.answer(enqueue.get("action"), QueueResult="queue-full").find("Redirect").text for _ in range(2)]

    assert ways[0] == ways[1]
    assert "un message" in "".join(carrier.answer(ways[0]).itertext())
    assert "un message" in "".join(carrier.answer(ways[1]).itertext())


def test_in_the_queue_one_key_leaves_and_another_does_not(carrier: Any, house: House) -> None:
    enqueue = carrier.next(carrier.answer("/voice/incoming"), Digits="0").find("Enqueue")
    gather = carrier.answer(enqueue.get("waitUrl")).find("Gather")

    assert [verb.tag for verb in carrier.answer(gather.get("action"), Digits="7")] == ["Gather"]
    assert [verb.tag for verb in carrier.answer(gather.get("action"), Digits="1")] == ["Leave"]


def test_whoever_is_in_distress_is_offered_no_message(carrier: Any, house: House) -> None:
    enqueue = carrier.next(carrier.answer("/voice/incoming"), SpeechResult="au secours").find("Enqueue")

    assert [verb.tag for verb in carrier.answer(enqueue.get("waitUrl"))] == ["Say", "Play"]


def test_a_house_that_takes_no_messages_offers_none(carrier: Any, settings: Any) -> None:
    from ivr.app import create_app

    carrier.app = create_app(replace(settings, keep_messages_days=0))
    enqueue = carrier.next(carrier.answer("/voice/incoming"), Digits="0").find("Enqueue")

    assert [verb.tag for verb in carrier.answer(enqueue.get("waitUrl"))] == ["Say", "Play"]


def test_a_fourth_message_in_one_call_is_too_many(line: Callable[..., Line], house: House) -> None:
    caller = line("+33612345679")
    house.booking.change_customer(house.booking.customer("+33612345679").id, name="Papageno")
    caller.dial()
    house.consents.answered("+33612345679", "no", "CA0", "fr")
    for _ in range(3):
        caller.press("4")
        caller.press("1")
        caller.record(2.0, TWO_SECONDS)
        caller.press("1")
        caller.press("1")

    assert "déjà laissé plusieurs messages" in caller.press("4").said
    caller.hang_up()
    assert len(left(house)) == 3
