"""What an engine gave, held against the question's own phrases before it is believed.

A grammar is a word-pair model: words of different phrases mix, and a wrong word may carry confidence 1.0. So a text
is believed when it is a phrase, a row of phrases («deux places» «au parterre»), or near one phrase and far from all
others; otherwise the caller is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from ivr.speech.recogniser import Guess, Question
from ivr.speech.sentences import sentences
from ivr.speech.sounds import plain, sound_key

NEAR = 0.74
"""How alike (0 to 1) a text and a phrase must be."""
MARGIN = 0.08
"""How much nearer the best phrase must be than the next one."""
ENOUGH = 0.6
"""Share of the words that must belong to phrases in a long sentence."""
FEWEST_FRAMES_A_WORD = 4
"""Nobody says a word in less than 80 ms: a long text from a short noise is invented."""
SOME, NEARLY_ALL = 0.4, 0.8
UNKNOWN = "[unk]"


@dataclass(frozen=True)
class Matched:
    """What is believed: words ("" for nothing), how surely, and which phrases came near."""

    words: str
    confidence: float = 0.0
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Phrases:
    """The phrases of one question, ready for comparing."""

    plain: tuple[str, ...]
    sounds: tuple[str, ...]
    words: frozenset[tuple[str, ...]]
    beginnings: frozenset[tuple[str, ...]]
    longest: int
    vocabulary: frozenset[str]
    around: frozenset[str]
    """Words of the language's sentences, that say nothing by themselves."""


@lru_cache(maxsize=256)
def _phrases(phrases: tuple[str, ...], language: str) -> _Phrases:
    spelt = tuple(dict.fromkeys(word for word in map(plain, phrases) if word))
    words = frozenset(tuple(phrase.split()) for phrase in spelt)
    beginnings = frozenset(phrase[:cut] for phrase in words for cut in range(1, len(phrase)))
    longest = max((len(phrase) for phrase in words), default=0)
    sounds = tuple(sound_key(phrase, language) for phrase in spelt)
    vocabulary = frozenset(word for phrase in words for word in phrase)
    around = frozenset(piece for word in sentences(language).words for piece in plain(word).split())
    return _Phrases(spelt, sounds, words, beginnings, longest, vocabulary, around)


def get_ready(question: Question) -> None:
    """Prepare the comparison while the prompt is played: thousands of phrases take a fifth of a second, once."""
    _phrases(question.phrases, question.language)


def match(guess: Guess, question: Question, *, span: int | None = None) -> Matched:
    """Believe the guess or not; `span`, in frames of 20 ms, guards against long texts from short noises."""
    heard = guess.text.casefold().split()
    text = plain(" ".join(word for word in heard if word != UNKNOWN))
    if not text or (span is not None and span < FEWEST_FRAMES_A_WORD * len(text.split())):
        return Matched("")
    base = _opinion(guess) * (1 - 0.5 * heard.count(UNKNOWN) / len(heard))
    if question.open or not question.phrases:
        return Matched(text, base, guess.alternatives)
    known = _phrases(question.phrases, question.language)
    words = tuple(text.split())
    if words in known.words or _tiles(words, known):
        return _unless_mostly_unknown(heard, Matched(text, base, _others(text, guess, known, question)))
    return _nearest(text, words, base, guess, known, question)


def _opinion(guess: Guess) -> float:
    """The engine's confidence, brought down: 1.0 from it has meant nothing before."""
    return 0.8 if guess.confidence is None else 0.4 + 0.55 * max(0.0, min(1.0, guess.confidence))


def _unless_mostly_unknown(heard: list[str], matched: Matched) -> Matched:
    strange = heard.count(UNKNOWN)
    return matched if strange <= len(heard) - strange else Matched("", 0.0, (matched.words,))


def _likeness(text: str, known: _Phrases, language: str) -> list[tuple[float, str]]:
    """The four likest phrases, by spelling or by sound; thousands are compared at once, in C."""
    spelt = cdist([text], known.plain, scorer=fuzz.ratio, dtype=np.float64)[0]
    said = cdist([sound_key(text, language)], known.sounds, scorer=fuzz.ratio, dtype=np.float64)[0]
    alike = np.maximum(spelt, 0.97 * said) / 100
    near = alike >= np.partition(alike, -4)[-4] if len(alike) > 4 else alike >= 0
    scored = [(float(alike[place]), known.plain[place]) for place in np.flatnonzero(near)]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:4]


def _others(text: str, guess: Guess, known: _Phrases, question: Question) -> tuple[str, ...]:
    near = [phrase for score, phrase in _likeness(text, known, question.language) if score >= 0.6 and phrase != text]
    said = [plain(other) for other in guess.alternatives]
    return tuple(dict.fromkeys([other for other in said if other and other != text] + near))[:3]


def _nearest(
    text: str, words: tuple[str, ...], base: float, guess: Guess, known: _Phrases, question: Question
) -> Matched:
    ranked = _likeness(text, known, question.language)
    score, best = ranked[0] if ranked else (0.0, "")
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    if score >= NEAR and score - second >= MARGIN:
        return Matched(best, base * score, _others(best, guess, known, question))
    share, kept = _believable(words, known)
    if len(words) >= 3 and share:
        return Matched(" ".join(kept), base * share, tuple(phrase for _, phrase in ranked[:3]))
    return Matched("", 0.0, tuple(phrase for likeness, phrase in ranked[:3] if likeness >= 0.6))


def _believable(words: tuple[str, ...], known: _Phrases) -> tuple[float, tuple[str, ...]]:
    """The share of a long sentence that may be believed, and its words; 0 when that is too little.

    Either most words belong to whole phrases, or two in five do and nearly all others occur in some phrase
    («un conseiller» «s'il vous plaît», where politeness is no answer by itself).
    """
    covered = _covered(words, known)
    share = len(covered) / len(words)
    familiar = tuple(word for word in words if word in known.vocabulary)
    if share >= SOME and len(familiar) >= NEARLY_ALL * len(words):
        return (share + 1) / 2, familiar
    return (share, covered) if share >= ENOUGH else (0.0, ())


def _covered(words: tuple[str, ...], known: _Phrases) -> tuple[str, ...]:
    """The most words of the sentence that whole phrases account for, in their order."""
    best: list[tuple[str, ...]] = [()]
    for end in range(1, len(words) + 1):
        here = best[end - 1]
        for start in range(max(0, end - known.longest), end):
            piece = words[start:end]
            if piece in known.words and len(best[start]) + len(piece) > len(here):
                here = best[start] + piece
        best.append(here)
    return best[-1]


def _tiles(words: tuple[str, ...], known: _Phrases) -> bool:
    """Are these phrases and nothing else, but for what people say around them («i'd like two tickets please»)?"""
    covered = _covered(words, known)
    return bool(covered) and all(word in covered or word in known.around for word in words)


def completeness(text: str, question: Question) -> str:
    """How much of an answer the words so far are.

    settled  an answer, and no phrase could go on from it
    answer   an answer that could go on («vingt», «deux places»)
    open     none yet
    """
    if question.is_long_entry or UNKNOWN in text:
        return "open"
    words = tuple(plain(text).split())
    known = _phrases(question.phrases, question.language)
    if not words or not _tiles(words, known):
        return "open"
    tails = (words[start:] for start in range(max(0, len(words) - known.longest), len(words)))
    return "answer" if any(tail in known.beginnings for tail in tails) else "settled"
