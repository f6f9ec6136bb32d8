"""PocketSphinx for English: its model lies in its wheel, so spoken English works with nothing fetched.

The grammar is JSGF made of the question's phrases and of the sentences that people make of them (`sentences`). A word
missing from the dictionary would make the grammar fail, so every word is looked up first. (A loop of bare sounds that
takes what is none of the phrases was tried: it took four fifths of the right answers too, and made decoding fifty times
slower.)

PocketSphinx's own front end is not used: `wideband` gives it what a good microphone would have heard.
"""

from __future__ import annotations

import math
import os
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ivr.speech.aliases import pronunciations, spoken_aliases
from ivr.speech.belief import Word, confidence, least, odds
from ivr.speech.cepstra import CHANNELS, Channels, Floats
from ivr.speech.grammar import Grammar, build
from ivr.speech.likely import likely_phrases
from ivr.speech.recogniser import Guess, ModelMissing, NothingToHear, Question
from ivr.speech.sentences import sentences
from ivr.speech.sentences.jsgf import phrases_alone, with_sentences
from ivr.speech.wideband import Wideband, line_of

RATE = 16000
ROOM = 120
"""Phrases; with a thousand it needs longer to decode an answer than the caller to speak it, and is rarely right."""
CLOSE_LOOK = 16
"""Densities a codebook looked at; the usual 4 hear three of a hundred digits fewer."""
TITLES = {"main_menu": 57, "ask_production": 57}
"""Phrases of a whole vocabulary that are titles, where these come first; their misspellings follow."""
BEAM, WORD_BEAM = 1e-30, 1e-18
"""How much worse than the best a sound or word may be; the usual 1e-48 and 7e-29 take five times as long."""
SURPLUS = -15.0
"""How much better (logarithm) a sentence must fit the whole sound than the best single phrase does; it covers more."""
SILENCE = 0.1
"""Chance of a pause; the usual 0.005 makes words of it."""
FEWEST = 30
"""Frames of 10 ms before the line can be judged."""


class _Decoders:
    """Decoders that rest between two questions; each serves one at a time, and knows only the words it was taught."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._resting: list[Any] = []
        self._lock = threading.Lock()

    def take(self) -> Any:
        """A rested decoder, or a new one (10 ms)."""
        with self._lock:
            if self._resting:
                return self._resting.pop()
        return _new_decoder(self._model)

    def give_back(self, decoder: Any) -> None:
        """Let it rest."""
        with self._lock:
            self._resting.append(decoder)


def _new_decoder(model: Path) -> Any:
    """A decoder with an empty dictionary, fed with cepstra that are normalised already."""
    from pocketsphinx import Decoder

    return Decoder(
        hmm=str(model), featparams=os.devnull, dict=os.devnull, feat="1s_c_d_dd", svspec="0-12/13-25/26-38",
        cmn="none", topn=CLOSE_LOOK, silprob=SILENCE, pbeam=BEAM, wbeam=WORD_BEAM,
        lm=None, samprate=RATE, loglevel="FATAL",
    )  # fmt: skip


class Dictionary:
    """How English words sound: the model's own dictionary, and our own sounds for titles and names it lacks."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(samprate=RATE, lm=None, loglevel="FATAL")
        self._own = pronunciations("en")

    def sounds(self, word: str) -> tuple[str, ...]:
        """Every way the word is said, as phones of the model («T AO S K AH»); nothing when it is not known."""
        if word in self._own:
            return self._own[word]
        if not re.fullmatch(r"[a-z]+(?:['-][a-z]+)*", word):
            return ()
        spellings = (word, *(f"{word}({count})" for count in range(2, 6)))
        return tuple(filter(None, map(self._decoder.lookup_word, spellings)))


class PocketSphinxEngine:
    """English from the wheel's own model."""

    name = "pocketsphinx"
    languages: tuple[str, ...] = ("en",)

    def __init__(self) -> None:
        import pocketsphinx

        model = Path(pocketsphinx.__file__).parent / "model" / "en-us" / "en-us"
        self._decoders = _Decoders(model)
        self._wideband = Wideband(model)
        self._dictionary = Dictionary()
        self._decoders.give_back(self._decoders.take())
        self._grammars = lru_cache(maxsize=128)(self._grammar)

    def knows(self, word: str) -> bool:
        """Is the word in the dictionary?"""
        return bool(self._dictionary.sounds(word))

    def listen(self, question: Question) -> PocketSphinxRecogniser:
        """A recogniser for this question; raises NothingToHear or ModelMissing."""
        if question.language[:2] != "en" or question.open:
            raise ModelMissing(question.language)
        grammar = self._grammars(_likeliest(question))
        decoder = self._decoders.take()
        self._teach(decoder, grammar)
        return PocketSphinxRecogniser(self._decoders, decoder, self._wideband, grammar, question)

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Phrases of which some word is neither known nor has a stand-in."""
        try:
            return (*self._grammars(phrases[:ROOM]).unheard, *phrases[ROOM:])
        except NothingToHear as nothing:
            return nothing.unheard

    def _teach(self, decoder: Any, grammar: Grammar) -> None:
        for word in {word for phrase in grammar.phrases for word in phrase.split()} | sentences("en").words:
            if decoder.lookup_word(word) is None:
                for count, sounds in enumerate(self._dictionary.sounds(word), 1):
                    decoder.add_word(word if count == 1 else f"{word}({count})", sounds, False)

    def _grammar(self, phrases: tuple[str, ...]) -> Grammar:
        return build(phrases, self.knows, "en", spoken_aliases("en"))


def _likeliest(question: Question) -> tuple[str, ...]:
    """As many phrases as there is room for; of a whole vocabulary, those before the patterns."""
    phrases = question.phrases
    if len(phrases) <= ROOM or question.context not in sentences("en").contexts:
        return phrases[:ROOM]
    likely = set(likely_phrases(question.context, "en"))
    last = max((place for place, phrase in enumerate(phrases[:ROOM]) if phrase in likely), default=ROOM)
    return phrases[: min(ROOM, last + 1 + TITLES.get(question.context, 0))]


class _Decoded(NamedTuple):
    text: str
    fit: float
    said: list[Word]


class PocketSphinxRecogniser:
    """One answer: decoded as it comes, for the words so far, and as a whole at its end, which is right more often."""

    def __init__(
        self, decoders: _Decoders, decoder: Any, wideband: Wideband, grammar: Grammar, question: Question
    ) -> None:
        self._decoders, self._decoder, self._wideband, self._grammar = decoders, decoder, wideband, grammar
        self._decoder.add_jsgf_string("phrases", phrases_alone(grammar.phrases, question))
        self._context = question.context
        self._sentences = with_sentences(grammar.phrases, question)
        if self._sentences:
            self._decoder.add_jsgf_string("sentences", self._sentences)
        self._decoder.activate_search("phrases")
        self._decoder.start_utt()
        self._mel = Channels()
        self._channels: Floats = np.zeros((0, CHANNELS))
        self._decoded = 0

    def feed(self, pcm16k: bytes) -> None:
        """Decode the next stretch."""
        self._channels = np.concatenate((self._channels, self._mel.feed(pcm16k)))
        if len(self._channels) >= FEWEST:
            self._decode(self._channels[self._decoded :], whole=False)
            self._decoded = len(self._channels)

    def partial(self) -> str:
        """The words so far."""
        return self._words() if self._decoded else ""

    def finish(self) -> Guess:
        """The words, unless they fit the sound so badly that they were only the least wrong of the phrases."""
        self._decoder.end_utt()
        best = self._best() if len(self._channels) else _Decoded("", -math.inf, [])
        self._give_back()
        likely = odds(best.said, self._channels) if best.text and best.said else -math.inf
        if likely < least(best.said, self._context):
            return Guess("", 0.0, (best.text,) if best.text else ())
        return Guess(best.text, confidence(likely))

    def close(self) -> None:
        """Give the decoder back unfinished."""
        if self._decoder is not None:
            self._decoder.end_utt()
            self._give_back()

    def _best(self) -> _Decoded:
        """A sentence, unless a single phrase fits better: alone, the sentences take a fifth of the phrases away."""
        phrase = self._decoded_as("phrases")
        if not self._sentences:
            return phrase
        sentence = self._decoded_as("sentences")
        return sentence if sentence.fit > phrase.fit + SURPLUS else phrase

    def _decoded_as(self, search: str) -> _Decoded:
        """The whole answer, if it is one of these to its end: the decoder offers the beginning of one otherwise."""
        decoder = self._decoder
        decoder.activate_search(search)
        decoder.start_utt()
        self._decode(self._channels, whole=True)
        decoder.end_utt()
        best = decoder.hyp()
        if not best or not decoder.get_fsg(search).accept(_bare(best.hypstr)):
            return _Decoded("", -math.inf, [])
        return _Decoded(self._words(), sum(_logarithm(each.ascore) for each in decoder.seg()), self._said())

    def _decode(self, channels: Floats, *, whole: bool) -> None:
        if len(channels):
            cepstra = self._wideband.cepstra(channels, line_of(self._channels)).astype("<f4")
            self._decoder.process_cep(cepstra.tobytes(), full_utt=whole)

    def _said(self) -> list[Word]:
        """The words with their places in the sound and how well each fits there."""
        return [
            Word(each.start_frame, each.end_frame, _logarithm(each.ascore), self._sounds(each.word))
            for each in self._decoder.seg() or ()
            if not each.word.startswith(("<", "[", "("))
        ]

    def _sounds(self, word: str) -> int:
        return len((self._decoder.lookup_word(word) or word).split())

    def _give_back(self) -> None:
        decoder, self._decoder = self._decoder, None
        self._decoders.give_back(decoder)

    def _words(self) -> str:
        best = self._decoder.hyp()
        return self._grammar.restore(_bare(best.hypstr)) if best else ""


def _bare(heard: str) -> str:
    """Words without the number of their pronunciation, «the(2)»."""
    return re.sub(r"\(\d+\)", "", heard)


def _logarithm(score: float) -> float:
    return math.log(max(score, 1e-300))
