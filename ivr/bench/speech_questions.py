"""The house's own questions in their real sizes, and callers' answers to them; part of `bench speech`.

A language in which the house says nothing is asked the French questions, each word of them replaced by a word of its
model: as many phrases, as long, with as many words in common. What they mean matters to nobody here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product

from booking import read_season
from callflows.understanding import Programme
from ivr.bench.spoken import Utterance, spoken
from ivr.speech.checking import vocabularies
from ivr.speech.recogniser import Question
from ivr.speech.sounds import plain

Knows = Callable[[str], bool]

SAID = {
    "fr": {
        "main_menu": "je voudrais deux places pour la flûte enchantée", "ask_production": "la flûte enchantée",
        "ask_performance": "samedi vingt-huit novembre", "ask_quantity": "deux places",
        "ask_seats": "au parterre s'il vous plaît", "confirm": "oui c'est parfait",
    },
    "en": {
        "main_menu": "I would like two seats for the magic flute", "ask_production": "the magic flute",
        "ask_performance": "Saturday the twenty-eighth of November", "ask_quantity": "two seats please",
        "ask_seats": "in the stalls please", "confirm": "yes that is fine",
    },
}  # fmt: skip
"""The questions of a purchase, and an answer to each."""
VOICES = {"fr": "fr-FR", "en": "en-GB"}
LETTERS_A_SYLLABLE, MOST_SYLLABLES = 2.5, 3
SYLLABLES = {
    "ko": "가나다라마바사아자하기니리미비시이지고노도로모보소오조구누두루무부수우주은는을를의에서한인일정전대장"
          "상성선원연영경동중공신생",
}  # fmt: skip
"""Of what words may be made that a model then knows or does not know."""


def house_utterances(language: str, knows: Knows | None) -> list[Utterance]:
    """The questions of a purchase with all their phrases, and a spoken answer to each; empty where there are none."""
    spoken_here = language if language in SAID else "fr"
    if spoken_here != language and (knows is None or language not in SYLLABLES):
        return []
    said = SAID[spoken_here]
    asked = vocabularies(spoken_here, tuple(said), Programme.of(read_season().productions))
    if spoken_here != language and knows is not None:
        asked = _in_other_words(asked, _words(SYLLABLES[language], knows))
    questions = {context: Question(language, tuple(dict.fromkeys(asked[context])), context) for context in said}
    return [Utterance(questions[name], "", spoken(words, VOICES[spoken_here])) for name, words in said.items()]


def _words(syllables: str, knows: Knows) -> dict[int, Iterator[str]]:
    """Words that the model knows, by their length in syllables; shuffled, or neighbours would all begin alike."""
    chance = random.Random(1)
    made = {length: map("".join, product(syllables, repeat=length)) for length in range(1, MOST_SYLLABLES + 1)}
    known = {length: [word for word in words if knows(word)] for length, words in made.items()}
    return {length: iter(chance.sample(words, len(words))) for length, words in known.items()}


def _in_other_words(asked: dict[str, tuple[str, ...]], words: dict[int, Iterator[str]]) -> dict[str, tuple[str, ...]]:
    """The same questions in another language's words, each word always by the same one of about its length."""
    known: dict[str, str] = {}

    def other(word: str) -> str:
        if word not in known:
            length = min(MOST_SYLLABLES, max(1, round(len(word) / LETTERS_A_SYLLABLE)))
            ready = (word for longer in range(length, MOST_SYLLABLES + 1) for word in words[longer])
            known[word] = next(ready)
        return known[word]

    return {
        context: tuple(dict.fromkeys(" ".join(map(other, plain(phrase).split())) for phrase in phrases))
        for context, phrases in asked.items()
    }
