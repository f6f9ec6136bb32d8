"""What can be recorded: whole prompts, and the fragments between the slots of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from prompts import Catalogue, UnknownPrompt
from prompts.template import Words
from prompts.voice import is_sayable


@dataclass(frozen=True)
class Recordable:
    """One stretch of words a speaker reads, with the key its takes are kept under."""

    key: str
    language: str
    words: str
    prompt: str
    whole: str
    note: str = ""

    @property
    def is_fragment(self) -> bool:
        """Is it only a part of a prompt, with something spoken before or after it?"""
        return self.key != self.prompt


def recordables(catalogue: Catalogue, language: str) -> tuple[Recordable, ...]:
    """Everything a speaker of this language can record, in the order of the wordings."""
    return tuple(
        one for key in catalogue.keys(language) for one in of_prompt(catalogue.prompts[language, key])
    )


def of_prompt(prompt: Any) -> Iterator[Recordable]:
    """The whole prompt, or its fragments, numbered as the voice numbers them."""
    about = {"language": prompt.language, "prompt": prompt.key, "whole": prompt.text, "note": prompt.note}
    if not prompt.slots:
        yield Recordable(prompt.key, words=prompt.text, **about)
        return
    number = 0
    for part in prompt.parts:
        if isinstance(part, Words) and is_sayable(part.text):
            number += 1
            yield Recordable(f"{prompt.key}#{number}", words=part.text.strip(), **about)


def recordable(catalogue: Catalogue, key: str, language: str) -> Recordable | None:
    """The one with this key in exactly this language."""
    try:
        prompt = catalogue.get(key.partition("#")[0], language)
    except UnknownPrompt:
        return None
    if prompt.language != language:
        return None
    return next((one for one in of_prompt(prompt) if one.key == key), None)
