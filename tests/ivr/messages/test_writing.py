"""Writing messages down: by real decoders, which may be missing, come later, die; and never twice at once."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ivr.commands.transcribe import command as transcribe
from ivr.house import House
from ivr.messages import Writing, write_down
from ivr.records.messages import FAILED, LEFT, NO_MODEL, NOTHING, UNWRITTEN, WRITTEN
from ivr.speech.engines import Choice
from prompts import mulaw_wav

RECORDING = "RE" + "7" * 32


@pytest.fixture
def lies(house: House, spoken: Any) -> Any:
    """A message lies here, said by a synthetic voice."""

    def lie(words: str = "hello my name is john smith please call me back", language: str = "en") -> None:
        sound = spoken(words, "en" if language == "ko" else language) if words else b"\xff" * 16_000
        house.messages.note(f"/Recordings/{RECORDING}", "message", "CA1", "+33612345678", "", language)
        house.messages.book.settle(RECORDING, LEFT)
        house.messages.book.fetched(RECORDING, house.messages.sounds.keep(RECORDING, mulaw_wav.wrapped(sound)))

    return lie


def how(house: House) -> Any:
    return house.messages.book.get(RECORDING)


def test_a_message_waits_for_the_model_of_its_language_and_is_written_down_when_it_comes(
    house: House, lies: Any, korean: Path
) -> None:
    lies(language="ko")
    write_down(house.messages, Writing({"en": Choice("pocketsphinx")}), house.clock())
    assert how(house).written == NO_MODEL
    assert write_down(house.messages, Writing({"en": Choice("pocketsphinx")}), house.clock()) == 0

    write_down(house.messages, Writing({"ko": Choice("vosk", str(korean))}), house.clock())

    assert how(house).written == WRITTEN and how(house).words
    assert 0 < how(house).confidence <= 1 and how(house).engine == "vosk"


def test_a_broken_model_is_like_none(house: House, lies: Any, tmp_path: Path) -> None:
    lies(language="ko")

    write_down(house.messages, Writing({"ko": Choice("vosk", str(tmp_path))}), house.clock())

    assert (how(house).written, how(house).tries) == (NO_MODEL, 0)


def test_where_nothing_was_said_nothing_is_made_up(house: House, lies: Any, korean: Path) -> None:
    lies("", language="ko")

    write_down(house.messages, Writing({"ko": Choice("vosk", str(korean))}), house.clock())

    assert (how(house).written, how(house).words) == (NOTHING, "")


def kill_decoders(enough: threading.Event) -> None:
    """Kill every decoder that a nursery of ours forks, as soon as it is there."""
    while not enough.wait(0.02):
        nurseries = [pid for pid in children_of(os.getpid()) if "ivr.speech.nursery" in command_of(pid)]
        for nursery in nurseries:
            for decoder in children_of(nursery):
                os.kill(decoder, signal.SIGKILL)


def children_of(parent: int) -> list[int]:
    try:
        text = Path(f"/proc/{parent}/task").iterdir()
        return [int(child) for task in text for child in (task / "children").read_text().split()]
    except OSError:
        return []


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_a_sound_that_kills_its_decoder_is_tried_twice_and_then_left_alone(house: House, lies: Any) -> None:
    lies()
    writing, enough = Writing({"en": Choice("pocketsphinx")}), threading.Event()
    killer = threading.Thread(target=kill_decoders, args=(enough,))
    killer.start()
    try:
        write_down(house.messages, writing, house.clock())
        assert (how(house).written, how(house).tries) == (UNWRITTEN, 1)
        write_down(house.messages, writing, house.clock())
    finally:
        enough.set()
        killer.join()

    assert (how(house).written, how(house).tries) == (FAILED, 2)
    assert write_down(house.messages, writing, house.clock()) == 0
    assert house.messages.sounds.mulaw(RECORDING)


def test_a_worker_that_dies_in_the_middle_is_waited_for_and_then_replaced(house: House, lies: Any, clock: Any) -> None:
    """Its try counts: a sound that takes the whole worker with it is tried no third time."""
    lies()
    book, writing = house.messages.book, Writing({"en": Choice("pocketsphinx")})
    from ivr.messages.writing import LOST_AFTER

    assert book.claim_writing(RECORDING, 0, clock() + LOST_AFTER)
    assert not book.claim_writing(RECORDING, 0, clock() + LOST_AFTER)  # of two workers, one begins
    assert write_down(house.messages, writing, clock()) == 0
    clock.forward(minutes=16)
    assert book.claim_writing(RECORDING, 1, clock() + LOST_AFTER)
    clock.forward(minutes=16)

    write_down(house.messages, writing, clock())

    assert how(house).written == FAILED


def test_a_worker_that_leaves_in_good_order_costs_no_try(house: House, lies: Any) -> None:
    """In the middle of a message of two minutes, within seconds."""
    lies(" ".join(["please call me back about my tickets for saturday"] * 12))
    writing = Writing({"en": Choice("pocketsphinx")})
    works = threading.Thread(target=write_down, args=(house.messages, writing, house.clock()))
    works.start()
    while how(house).tries == 0:
        works.join(0.05)

    writing.enough.set()
    works.join(20)

    assert not works.is_alive()
    assert (how(house).written, how(house).tries) == (UNWRITTEN, 0)


def test_a_sound_that_got_lost_is_fetched_once_more(house: House, lies: Any) -> None:
    lies()
    house.messages.sounds.erase(RECORDING)

    write_down(house.messages, Writing({"en": Choice("pocketsphinx")}), house.clock())

    assert how(house).sound == ""


def test_a_sound_that_was_kept_by_a_worker_who_then_died_is_not_fetched_again(
    house: House, lies: Any, rest: Any
) -> None:
    lies()
    house.messages.book.gone_astray(RECORDING)
    assert how(house).sound == ""

    assert house.messages.fetch(RECORDING)

    assert how(house).sound == "here" and rest.asked == []


def test_the_command_writes_down_what_failed_and_says_what_is_missing(
    house: House, settings: Any, lies: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lies()
    house.messages.book.wrote(RECORDING, FAILED)
    french = "RE" + "8" * 32
    house.messages.note(f"/Recordings/{french}", "message", "CA2", "+33612345678", "", "fr")
    house.messages.book.fetched(french, house.messages.sounds.keep(french, mulaw_wav.wrapped(b"\xff" * 8_000)))
    for name, value in (("SOUFFLEUR_DATA", settings.data), ("DATABASE_URL", settings.database_url),
                        ("REDIS_URL", settings.redis_url)):  # fmt: skip
        monkeypatch.setenv(name, str(value))

    done = CliRunner().invoke(transcribe, ["--missing"])

    assert done.exit_code == 1, done.output
    assert "1 recordings are written down" in done.output
    assert "souffleur models fetch fr" in done.output
    assert how(house).written == WRITTEN


def test_the_command_wants_files_or_messages() -> None:
    assert CliRunner().invoke(transcribe, []).exit_code == 2
    assert CliRunner().invoke(transcribe, ["--missing", __file__]).exit_code == 2
