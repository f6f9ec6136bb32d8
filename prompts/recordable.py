"""Recordable: what a speaker reads: whole prompts, fragments between slots, the words of phrases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prompts.catalogue import Catalogue, Prompt
from prompts.phrases import NoPhrases, phrases_of, take_key
from prompts.template import OneOrMany, Words
from prompts.voice import is_sayable


@dataclass(frozen=True)
class Recordable:
    """What is read, and the key its takes are kept under: `buy.offer`, `buy.offer#1` or `phrase.vingt-et-une`."""

    key: str
    language: str
    words: str
    prompt: str = ""
    """The prompt it belongs to; "" for the words of numbers, dates and prices, which belong to all."""
    whole: str = ""
    note: str = ""

    @property
    def is_fragment(self) -> bool:
        """Is it only a part, with something spoken before or after it?"""
        return self.key != self.prompt


def of_prompt(prompt: Prompt) -> Iterator[Recordable]:
    """The whole prompt, or its fragments, numbered as the voice numbers them."""
    if not prompt.slots:
        yield Recordable(prompt.key, prompt.language, prompt.text, prompt.key, prompt.text, prompt.note)
        return
    number = 0
    for part in prompt.parts:
        if isinstance(part, Words) and is_sayable(part.text):
            number += 1
            key, words = f"{prompt.key}#{number}", part.text.strip()
            yield Recordable(key, prompt.language, words, prompt.key, prompt.text, prompt.note)


def recordables(catalogue: Catalogue, language: str) -> tuple[Recordable, ...]:
    """Every prompt and fragment of a language, in the order of its wording file."""
    return tuple(one for key in catalogue.keys(language) for one in of_prompt(catalogue.prompts[language, key]))


def words_of_phrases(catalogue: Catalogue, language: str) -> tuple[Recordable, ...]:
    """The words that numbers, prices, dates, times and seats are made of; none for a language without phrases."""
    try:
        vocabulary = phrases_of(language).vocabulary()
    except NoPhrases:
        return ()
    wanted = dict.fromkeys((*vocabulary, *_one_or_many(catalogue, language)))
    return tuple(Recordable(take_key(word), language, word) for word in wanted)


def recordable(catalogue: Catalogue, key: str, language: str) -> Recordable | None:
    """The one with this key in exactly this language."""
    if key.startswith("phrase."):
        return next((one for one in words_of_phrases(catalogue, language) if one.key == key), None)
    prompt = catalogue.prompts.get((language, key.partition("#")[0]))
    return next((one for one in of_prompt(prompt) if one.key == key), None) if prompt else None


def _one_or_many(catalogue: Catalogue, language: str) -> Iterator[str]:
    for (code, _), prompt in catalogue.prompts.items():
        for part in prompt.parts:
            if code == language and isinstance(part, OneOrMany):
                yield from (word for word in (part.one, part.many) if is_sayable(word))
