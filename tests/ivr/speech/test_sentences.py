"""People speak in sentences: what the grammar of a question lets them say around their answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from speech_callers import at_snr, frames_of, pcm_of

from ivr.speech.matching import completeness, match
from ivr.speech.mulaw import SILENCE, Upsampler, to_pcm
from ivr.speech.pocketsphinx_engine import PocketSphinxEngine
from ivr.speech.recogniser import Guess, Question
from ivr.speech.sentences import sentences

SEATS = Question("en", ("two", "three", "four", "two seats", "agent", "repeat"), "ask_quantity")


@pytest.fixture(scope="module")
def engine() -> PocketSphinxEngine:
    """One engine for all of these tests."""
    return PocketSphinxEngine()


def heard(engine: PocketSphinxEngine, text: str, question: Question) -> str:
    """What the engine believes was said on a good line."""
    quiet = [SILENCE] * 20
    upsampler = Upsampler()
    recogniser = engine.listen(question)
    mulaw = b"".join(at_snr([*quiet, *frames_of(pcm_of(text, "en-GB")), *quiet], 30))
    recogniser.feed(upsampler.feed(to_pcm(mulaw)) + upsampler.finish())
    return match(recogniser.finish(), question).words


def test_a_polite_sentence_is_heard_because_its_context_has_sentences(engine):
    """Control: to a question without sentences, the same words are no answer."""
    assert heard(engine, "two tickets please", SEATS) == "two tickets please"
    assert heard(engine, "two tickets please", replace(SEATS, context="unwritten")) != "two tickets please"


def test_every_word_of_the_sentences_is_in_the_models_dictionary(engine):
    """One that is not would make the whole grammar fail."""
    assert [word for word in sentences("en").words if not engine.knows(word)] == []


@pytest.mark.parametrize("context", sorted(sentences("en").contexts))
def test_every_contexts_grammar_compiles(engine, context: str):
    engine.listen(replace(SEATS, context=context)).close()


def test_polite_words_are_let_through_around_an_answer_and_are_none_themselves():
    assert match(Guess("i'd like two please"), SEATS).words == "i'd like two please"
    assert match(Guess("i'd like please"), SEATS).words == ""
    assert completeness("i'd like two", SEATS) == "answer"
