"""The speech bench's load and barge-in measure something; how much is not judged here."""

from __future__ import annotations

import pytest

from ivr.bench import speech_bargein, speech_false_cuts, speech_load
from ivr.bench.spoken import Utterance, spoken
from ivr.speech.engines import Choice, load
from ivr.speech.recogniser import Question

pytestmark = pytest.mark.sound
ENGLISH = Choice("pocketsphinx")


@pytest.fixture
def said() -> list[Utterance]:
    """One word that is soon said."""
    return [Utterance(Question("en", ("yes", "no")), "yes", spoken("yes", "en-US"))]


def test_streams_are_answered_and_what_they_cost_is_told_apart(said, monkeypatch):
    for name, value in {"SECONDS": 2.5, "WARMING": 1.0, "MOST_STREAMS": 4}.items():
        monkeypatch.setattr(speech_load, name, value)

    told = speech_load.load_of("en", ENGLISH, load({"en": ENGLISH}).by_language["en"], said)

    (step,) = told["steps"]
    assert step["answers"] > 0
    assert step["memory_mb"]["decoder"] > 0
    assert set(step["cpu_ms_a_stream_second"]) == {"decoder", "media"}
    assert told["streams_a_core_by_cpu"] > 0
    assert told["cpu_ms_an_answer"]["floor"] > 0


def test_prompts_fall_silent_when_a_caller_speaks_over_them(said, monkeypatch):
    for name, value in {"CALLERS": 2, "EACH": 1, "NOISES": {"20 dB": 20.0}}.items():
        monkeypatch.setattr(speech_bargein, name, value)
    monkeypatch.setattr(speech_false_cuts, "MINUTES", 0.2)

    told = speech_bargein.barge_in_of("en", ENGLISH, said)

    assert told["20 dB"]["interrupted"] > 0
    assert told["20 dB"]["p95_ms"] > 0
    assert {"coughs", "babble 10 dB", "echo -6 dB"} < set(told["false_cuts_a_minute"])
