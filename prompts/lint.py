"""The rules that a catalogue must keep; a list of faults, empty when all is well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prompts.catalogue import MISSING, Catalogue, Prompt, ladder
from prompts.faults import Fault
from prompts.limits import FORBIDDEN, encoded_length, most_characters, most_encoded
from prompts.template import slot_names

_LONG_NUMBER = re.compile(r"\d{3,}")


def faults_of(catalogue: Catalogue) -> tuple[Fault, ...]:
    """Everything that is wrong or doubtful in the wordings, in the order of the files."""
    faults = [fault for prompt in catalogue.prompts.values() for fault in _faults_of_prompt(prompt)]
    return (*faults, *_differences(catalogue), *_languages(catalogue))


def missing_for(catalogue: Catalogue, used: Iterable[str]) -> tuple[Fault, ...]:
    """The keys that flows use and that some language lacks; crossing them is the flows' own check's affair."""
    return tuple(
        Fault(f"{code}.toml", key, "used by a flow and not written", f"add [{key}] with a text")
        for key in dict.fromkeys(used)
        for code in catalogue.languages
        if not any((code, rung) in catalogue.prompts for rung in ladder(key))
    )


def _faults_of_prompt(prompt: Prompt) -> Iterator[Fault]:
    file, spoken = f"{prompt.language}.toml", slot_names(prompt.parts)
    if not prompt.text:
        yield Fault(file, prompt.key, "the text is empty", "write what the caller hears")
    for name in sorted(spoken - prompt.slots.keys()):
        yield Fault(file, prompt.key, f"slot «{name}» is not declared", f'add slots = {{ {name} = "…" }} with its kind')
    for name in sorted(prompt.slots.keys() - spoken):
        yield Fault(file, prompt.key, f"slot «{name}» is never said", f"say {{{name}}} in the text", severe=False)
    if found := FORBIDDEN.search(prompt.text):
        yield Fault(file, prompt.key, f"character U+{ord(found[0]):04X} is forbidden in XML", "delete it")
    if _LONG_NUMBER.search(prompt.text):
        yield Fault(file, prompt.key, "a long number is read as one number", "write words, or use a slot", severe=False)
    yield from _too_long(file, prompt)


def _too_long(file: str, prompt: Prompt) -> Iterator[Fault]:
    for length, most, unit in (
        (len(prompt.text), most_characters, "characters"),
        (encoded_length(prompt.text), most_encoded, "characters once URL-encoded"),
    ):
        if length > most:
            yield Fault(file, prompt.key, f"{length} {unit}, the carrier reads {most}", "make two prompts of it")


def _differences(catalogue: Catalogue) -> Iterator[Fault]:
    """The same keys and the same slots in every language; the first language that has the key is the measure."""
    for key in dict.fromkeys(key for _, key in catalogue.prompts):
        first, *others = (prompt for (_, name), prompt in catalogue.prompts.items() if name == key)
        for code in catalogue.languages:
            if (code, key) not in catalogue.prompts:
                yield Fault(f"{code}.toml", key, f"written in {first.language}.toml only", "translate it", severe=False)
        for other in others:
            yield from _other_slots(first, other)


def _other_slots(first: Prompt, other: Prompt) -> Iterator[Fault]:
    here = {name: kind.meaning for name, kind in other.slots.items()}
    there = {name: kind.meaning for name, kind in first.slots.items()}
    for name in sorted(n for n in here.keys() | there.keys() if here.get(n) != there.get(n)):
        yield Fault(
            f"{other.language}.toml",
            other.key,
            f"slot «{name}» is not the same as in {first.language}.toml",
            "declare the same slots with the same kinds in every language",
        )


def _languages(catalogue: Catalogue) -> Iterator[Fault]:
    if MISSING not in catalogue:
        yield Fault(
            "wording", MISSING, "is not written in any language", "say something where words fail, never nothing"
        )
    for code, language in catalogue.languages.items():
        if not language.voice:
            yield Fault(f"{code}.toml", "", "no voice", 'name the carrier\'s voice: voice = "…"', severe=False)
        for other in language.fallback:
            if other not in catalogue.languages:
                yield Fault(f"{code}.toml", "", f"falls back to «{other}», which is not here", f"add {other}.toml")
