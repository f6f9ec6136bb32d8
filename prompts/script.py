"""Script and coverage: what is recorded, spoken, missing or unused, and what the speaker reads next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from prompts.catalogue import Catalogue, ladder
from prompts.recordable import Recordable, of_prompt, recordables, words_of_phrases
from prompts.recordings import NoRecordings, Recordings

STATES = ("recorded", "partly", "outdated", "spoken", "missing", "unused")


@dataclass(frozen=True)
class Coverage:
    """How one prompt is heard in one language.

    recorded: by takes, all its fragments; partly: some of them; outdated: its take says another wording or has lost
    its sound; spoken: by the synthetic voice; missing: not written in this language, so heard in another; unused: no
    flow says it.
    """

    key: str
    language: str
    state: str
    text: str = ""


def coverage(
    catalogue: Catalogue, recordings: Recordings | None = None, used: Collection[str] | None = None
) -> tuple[Coverage, ...]:
    """Every prompt in every language; `used` are the keys that flows say, None when nobody knows."""
    takes = recordings or NoRecordings()
    keys = tuple(dict.fromkeys((*(used or ()), *catalogue.keys())))
    said = None if used is None else {rung for key in used for rung in (*ladder(key), *_children(key, keys))}
    return tuple(_covered(catalogue, takes, key, language, said) for language in catalogue.languages for key in keys)


def counted(lines: Iterable[Coverage]) -> dict[str, dict[str, int]]:
    """By language: how many prompts are in each state, in the order of STATES."""
    counts: dict[str, Counter[str]] = {}
    for line in lines:
        counts.setdefault(line.language, Counter())[line.state] += 1
    return {language: {state: count[state] for state in STATES} for language, count in counts.items()}


def script(
    catalogue: Catalogue,
    language: str,
    recordings: Recordings | None = None,
    *,
    order: Collection[str] = (),
    phrases: bool = False,
) -> Iterator[Recordable]:
    """What still has no take: in the order of the dialogue, then of the wording file; then the words of phrases."""
    takes = recordings or NoRecordings()
    place = {key: index for index, key in enumerate(order)}
    prompts = sorted(recordables(catalogue, language), key=lambda one: place.get(_question(one.prompt), len(place)))
    words = words_of_phrases(catalogue, language) if phrases else ()
    return (one for one in (*prompts, *words) if not takes.address(one.key, language, one.words))


def _covered(
    catalogue: Catalogue, takes: Recordings, key: str, language: str, said: Collection[str] | None
) -> Coverage:
    prompt = next((found for rung in ladder(key) if (found := catalogue.prompts.get((language, rung)))), None)
    if prompt is None:
        return Coverage(key, language, "missing")
    if said is not None and key not in said and not key.startswith("general."):
        return Coverage(key, language, "unused", prompt.text)
    parts = tuple(of_prompt(prompt))
    recorded = sum(takes.address(one.key, language, one.words) is not None for one in parts)
    if parts and recorded == len(parts):
        return Coverage(key, language, "recorded", prompt.text)
    if any(takes.words(one.key, language) and not takes.address(one.key, language, one.words) for one in parts):
        return Coverage(key, language, "outdated", prompt.text)
    return Coverage(key, language, "partly" if recorded else "spoken", prompt.text)


def _children(key: str, keys: Iterable[str]) -> Iterator[str]:
    """The engine says `buy.x.unclear` whenever a flow asks `buy.x`."""
    return (one for one in keys if _question(one) == key)


def _question(key: str) -> str:
    """`buy.x.unclear.2` belongs to `buy.x`."""
    for ending in (".silence", ".unclear", ".help"):
        head, found, _ = key.partition(ending)
        if found:
            return head
    return key
