"""PocketSphinx for English: its model lies in its wheel, so spoken English works with nothing fetched.

The grammar is JSGF made of the question's phrases, one of them likelier than a row of them. A word missing from the
dictionary would make the grammar fail, so every word is looked up first. (A loop of bare sounds that takes what is
none of the phrases was tried: it took four fifths of the right answers too, and made decoding fifty times slower.)
"""

from __future__ import annotations

import math
import re
import threading
from functools import lru_cache
from typing import Any

from ivr.speech.aliases import spoken_aliases
from ivr.speech.grammar import Grammar, build
from ivr.speech.recogniser import Guess, ModelMissing, NothingToHear, Question

RATE = 16000
ROOM = 120
"""Phrases; with a thousand it needs longer to decode an answer than the caller to speak it, and is rarely right."""


WORST_FIT, GOOD_FIT = -6.0, -2.5
"""Acoustic score a frame: hardly a right answer lies under the worst (at -4.9 it were 7 of 100 human digits)."""


class _Decoders:
    """Decoders that rest between two questions; each serves one at a time."""

    def __init__(self) -> None:
        self._resting: list[Any] = []
        self._lock = threading.Lock()

    def take(self) -> Any:
        """A rested decoder, or a new one (0.1 s, 30 MB)."""
        with self._lock:
            if self._resting:
                return self._resting.pop()
        return _new_decoder()

    def give_back(self, decoder: Any) -> None:
        """Let it rest."""
        with self._lock:
            self._resting.append(decoder)


def _new_decoder() -> Any:
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE, lm=None, loglevel="FATAL")


def _open_decoder() -> Any:
    """With the wheel's own language model of English: 0.5 s and 90 MB, for recorded messages only."""
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE, loglevel="FATAL")


class PocketSphinxEngine:
    """English from the wheel's own model."""

    name = "pocketsphinx"
    languages: tuple[str, ...] = ("en",)

    def __init__(self) -> None:
        self._decoders = _Decoders()
        self._words = _new_decoder()
        self._decoders.give_back(_new_decoder())
        self._grammars = lru_cache(maxsize=128)(self._grammar)

    def knows(self, word: str) -> bool:
        """Is the word in the dictionary?"""
        return bool(re.fullmatch(r"[a-z]+(?:['-][a-z]+)*", word)) and self._words.lookup_word(word) is not None

    def listen(self, question: Question) -> PocketSphinxRecogniser | OpenRecogniser:
        """A recogniser for this question; raises NothingToHear or ModelMissing."""
        if question.language[:2] != "en":
            raise ModelMissing(question.language)
        if question.open:
            return OpenRecogniser()
        grammar = self._grammars(question.phrases[:ROOM])
        return PocketSphinxRecogniser(self._decoders, grammar, question)

    def unheard(self, language: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Phrases of which some word is neither known nor has a stand-in."""
        try:
            return (*self._grammars(phrases[:ROOM]).unheard, *phrases[ROOM:])
        except NothingToHear as nothing:
            return nothing.unheard

    def _grammar(self, phrases: tuple[str, ...]) -> Grammar:
        return build(phrases, self.knows, "en", spoken_aliases("en"))


def jsgf(grammar: Grammar, question: Question) -> str:
    """The question as a JSGF grammar. Its phrases hold only letters, hyphens and apostrophes: nothing to escape.

    A row of phrases costs a third of the right answers (measured on digits) and seconds of decoding with many phrases,
    so only numbers read out in groups allow one: whole sentences are for Vosk.
    """
    phrases = " | ".join(grammar.phrases)
    row = " | /0.001/ <phrase> <phrase>+" if question.is_long_entry else ""
    return f"#JSGF V1.0;\ngrammar question;\n<phrase> = {phrases};\npublic <answer> = /1.0/ <phrase>{row};\n"


class PocketSphinxRecogniser:
    """One answer: decoded as it comes, for the words so far, and once more as a whole, which is right more often."""

    def __init__(self, decoders: _Decoders, grammar: Grammar, question: Question) -> None:
        self._decoders, self._grammar = decoders, grammar
        self._decoder: Any = decoders.take()
        self._decoder.add_jsgf_string("question", jsgf(grammar, question))
        self._decoder.activate_search("question")
        self._decoder.start_utt()
        self._sound = bytearray()

    def feed(self, pcm16k: bytes) -> None:
        """Decode the next stretch."""
        if pcm16k:
            self._sound += pcm16k
            self._decoder.process_raw(pcm16k)

    def partial(self) -> str:
        """The words so far."""
        return self._words() if self._sound else ""

    def finish(self) -> Guess:
        """The words, unless they fit the sound so badly that they were only the least wrong of the phrases."""
        self._decoder.end_utt()
        text = self._as_a_whole() if self._sound else ""
        fit = self._fit() if text else 0.0
        self._give_back()
        if fit < WORST_FIT:
            return Guess("", 0.0, (text,))
        return Guess(text, min(1.0, (fit - WORST_FIT) / (GOOD_FIT - WORST_FIT)))

    def close(self) -> None:
        """Give the decoder back unfinished."""
        if self._decoder is not None:
            self._decoder.end_utt()
            self._give_back()

    def _as_a_whole(self) -> str:
        self._decoder.start_utt()
        self._decoder.process_raw(bytes(self._sound), full_utt=True)
        self._decoder.end_utt()
        return self._words()

    def _fit(self) -> float:
        """How well the words fit the sound: the acoustic score of a frame of 10 ms, on the average, as a logarithm."""
        said = [each for each in self._decoder.seg() if not each.word.startswith("<")]
        frames: int = sum(each.end_frame - each.start_frame + 1 for each in said)
        score: float = sum(math.log(max(each.ascore, 1e-300)) for each in said)
        return score / max(1, frames)

    def _give_back(self) -> None:
        decoder, self._decoder = self._decoder, None
        self._decoders.give_back(decoder)

    def _words(self) -> str:
        best = self._decoder.hyp()
        return self._grammar.restore(re.sub(r"\(\d+\)", "", best.hypstr)) if best else ""


class OpenRecogniser:
    """A recorded message in any words: decoded as a whole at its end, as fast as it was spoken, and poorly.

    Half the words are wrong (the model is of dictated news); its own opinion is worth nothing, so none is given.
    """

    def __init__(self) -> None:
        self._sound = bytearray()

    def feed(self, pcm16k: bytes) -> None:
        """Wait for the rest."""
        self._sound += pcm16k

    def partial(self) -> str:
        """Nothing before the end."""
        return ""

    def finish(self) -> Guess:
        """The words."""
        decoder = _open_decoder()
        decoder.start_utt()
        decoder.process_raw(bytes(self._sound), full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        return Guess(" ".join(re.sub(r"\(\d+\)", "", best.hypstr).split()) if best else "")

    def close(self) -> None:
        """Nothing was begun."""
