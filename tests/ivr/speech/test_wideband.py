"""What reckoning with the telephone's missing band and noise gives PocketSphinx: synthetic voices, real decoding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from speech_callers import at_snr, frames_of, pcm_of

from ivr.speech import pocketsphinx_engine
from ivr.speech.aliases import pronunciations
from ivr.speech.belief import LEAST, Word, least, odds
from ivr.speech.cepstra import CHANNELS, Channels
from ivr.speech.mulaw import SILENCE, Upsampler, to_pcm
from ivr.speech.pocketsphinx_engine import PocketSphinxEngine
from ivr.speech.recogniser import Question
from ivr.speech.wideband import line_of

ANSWERS = ("the stalls", "the balcony", "the cheapest", "category two", "no preference")
QUESTION = Question("en", ANSWERS)


@pytest.fixture(scope="module")
def engine() -> PocketSphinxEngine:
    """One engine for all of these tests."""
    return PocketSphinxEngine()


def on_the_line(text: str, decibels: float, voice: str = "en-US") -> bytes:
    """16 kHz sound of the text said on a telephone line with noise."""
    quiet = [SILENCE] * 20
    mulaw = b"".join(at_snr([*quiet, *frames_of(pcm_of(text, voice)), *quiet], decibels))
    upsampler = Upsampler()
    return upsampler.feed(to_pcm(mulaw)) + upsampler.finish()


def heard(engine: PocketSphinxEngine, text: str, decibels: float, question: Question = QUESTION) -> str:
    """What the engine believes was said."""
    recogniser = engine.listen(question)
    recogniser.feed(on_the_line(text, decibels))
    return recogniser.finish().text


def test_answers_are_heard_through_noise_only_because_it_is_reckoned_with(engine, monkeypatch: pytest.MonkeyPatch):
    """Control: with the line taken for noiseless, fewer are heard."""
    with_noise = sum(heard(engine, said, 15) == said for said in ANSWERS)
    judged = pocketsphinx_engine.line_of
    monkeypatch.setattr(pocketsphinx_engine, "line_of", lambda sound: replace(judged(sound), noise=np.full(18, -10.0)))
    without = sum(heard(engine, said, 15) == said for said in ANSWERS)

    assert with_noise >= 3
    assert without < with_noise


STRANGE = (
    "pineapple", "the weather is lovely", "seventeen umbrellas", "my brother's dog", "green trousers", "my cat is ill",
    "a cup of coffee", "where did I put my glasses", "the telephone is broken", "hippopotamus",
)  # fmt: skip


def test_words_outside_the_question_are_often_refused(engine, monkeypatch: pytest.MonkeyPatch):
    """Control: without the odds most of them are taken for an answer."""
    believed = sum(heard(engine, said, 20) != "" for said in STRANGE)
    monkeypatch.setattr(pocketsphinx_engine, "least", lambda *_: -1e9)
    at_any_price = sum(heard(engine, said, 20) != "" for said in STRANGE)

    assert believed <= 6 < at_any_price


def test_titles_that_the_dictionary_lacks_are_heard(engine):
    """The model knows neither «mayerling» nor «onegin» nor «la bayadère»."""
    titles = Question("en", ("mayerling", "onegin", "la bayadère", "swan lake", "tosca"))

    assert engine.unheard("en", titles.phrases) == ()
    assert heard(engine, "swan lake", 30, titles) == "swan lake"


def test_every_pronunciation_is_made_of_the_models_phones(engine):
    vowels = {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"}
    stops = {"B", "CH", "D", "G", "JH", "K", "P", "T"}
    known = vowels | stops | {"DH", "F", "HH", "L", "M", "N", "NG", "R", "S", "SH", "TH", "V", "W", "Y", "Z", "ZH"}

    for word, ways in pronunciations("en").items():
        assert all(set(way.split()) <= known for way in ways), word


def test_channels_are_the_same_whether_sound_comes_in_pieces_or_at_once():
    sound = on_the_line("the stalls", 20)
    stream = Channels()
    pieces = np.concatenate([stream.feed(sound[start : start + 2560]) for start in range(0, len(sound), 2560)])

    assert np.allclose(pieces, Channels().feed(sound))


def test_a_louder_caller_is_the_same_caller():
    channels = Channels().feed(on_the_line("the stalls", 20))
    soft, loud = line_of(channels), line_of(channels + 2.0)

    assert loud.gain == pytest.approx(soft.gain - 2.0)


def test_voice_outside_the_words_makes_them_unlikely():
    channels = np.full((200, CHANNELS), 2.0)
    channels[50:150] = 12.0
    whole, half = [Word(50, 150, -150.0, 10)], [Word(50, 70, -31.0, 10)]

    assert odds(whole, channels) > LEAST > odds(half, channels)


def test_a_yes_needs_better_odds_than_a_figure():
    word = Word(50, 90, -60.0, 3)

    assert least([word], "confirm") > least([word, word], "ask_date") > least([word], "ask_quantity")
