"""The microphone's way: from sound to utterances, and from utterances to the words of the question."""

from __future__ import annotations

import numpy as np
import pytest

from ivr.simulator.browser.ear import ENDS_AFTER, FRAME, Ear
from ivr.simulator.browser.recogniser import house_recogniser
from ivr.simulator.call import Listening
from ivr.simulator.caller_deeds import SoundBegan, SoundEnded
from ivr.simulator.recordings import linear, mulaw
from prompts.synthetic import SyntheticVoice

QUIET = b"\xff" * FRAME


def tone(frames: int) -> bytes:
    """A sound that is certainly loud enough."""
    times = np.arange(frames * FRAME) / 8000
    return mulaw((8000 * np.sin(2 * np.pi * 300 * times)).astype(np.int16))


def test_mulaw_comes_back_as_it_went():
    samples = np.array([0, 1, -1, 100, -100, 5000, -5000, 32000, -32000], dtype=np.int16)

    back = linear(mulaw(samples)).astype(int)

    assert np.all(np.abs(back - samples) <= np.maximum(8, np.abs(samples.astype(int)) // 16))
    assert mulaw(linear(bytes(range(128)))) == bytes(range(127)) + b"\xff"  # the two zeros of µ-law are one


def test_an_utterance_begins_and_ends_once():
    deeds = Ear().hear(QUIET * 10 + tone(30) + QUIET * (ENDS_AFTER + 20))

    assert [deed for deed, _ in deeds] == [SoundBegan(), SoundEnded()]
    assert tone(30) in deeds[1][1]


def test_frames_may_come_in_any_pieces():
    sound, ear, deeds = QUIET * 10 + tone(30) + QUIET * 60, Ear(), []
    for at in range(0, len(sound), 37):
        deeds += ear.hear(sound[at : at + 37])

    assert [deed for deed, _ in deeds] == [SoundBegan(), SoundEnded()]


def test_a_quiet_room_says_nothing():
    assert Ear().hear(QUIET * 500) == []


@pytest.mark.sound
def test_the_houses_recogniser_hears_nothing_but_the_words_of_the_question(tmp_path):
    recognise, languages = house_recogniser(tmp_path, {})
    sound = QUIET * 15 + SyntheticVoice(tmp_path).speak("two seats in the stalls", "en") + QUIET * ENDS_AFTER
    hints = "two seats in the stalls, the stalls, yes, no"

    words, confidence = recognise(sound, Listening("Gather", speech=True, hints=hints, language="en-GB"))

    assert "en" in languages
    assert words in {"", *hints.split(", ")}
    assert 0 <= confidence <= 1


def test_a_language_nobody_here_knows_is_not_understood(tmp_path):
    recognise, _ = house_recogniser(tmp_path, {})

    assert recognise(tone(20), Listening("Gather", speech=True, hints="ja", language="de-DE")) == ("", None)
