"""Understanding itself: words to slots.

words -> chart of all readings -> the readings that cover most -> slots -> what they mean together
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from callflows.understanding import (
    choices,
    date_wishes,
    dates,
    periods,
    phones,
    places,
    prices,
    quantities,
    tariffs,
    times,
)
from callflows.understanding.grammar import Chart, Maker, Match, Rule
from callflows.understanding.intents import best_intent
from callflows.understanding.language import FOLDER, Language, language
from callflows.understanding.meaning import Meaning
from callflows.understanding.merging import Merged, merge
from callflows.understanding.programme import Programme
from callflows.understanding.refusals import turned_round
from callflows.understanding.scene import Scene
from callflows.understanding.titles import Titles, titles
from callflows.understanding.tokens import without_hesitation, words_of
from callflows.understanding.weighing import confidence_of, cover, half_read, strangeness

LONGEST = 80
"""More words than this are no answer; only a call for help is heard in them."""

_HEARD = Rule("slots", ())
"""The rule of titles that were misheard: no file says it."""

MOST_LETTERS = 6000
"""Nothing is read beyond: no caller says so much in one turn."""

MAKERS: dict[str, Maker] = {
    **dates.MAKERS,
    **date_wishes.MAKERS,
    **periods.MAKERS,
    **times.MAKERS,
    **prices.MAKERS,
    **places.MAKERS,
    **quantities.MAKERS,
    **tariffs.MAKERS,
    **choices.MAKERS,
}


def understand(
    words: str,
    *,
    language: str,
    context: str,
    programme: Programme,
    today: date,
    options: Sequence[Mapping[str, Any]] = (),
    confidence: float | None = None,
) -> Meaning:
    """What the words mean as an answer to the question `context`.

    `options` are the dates read out (`date`, `time`); `confidence` is the recogniser's own, 0 to 1. Whatever the
    words are, there is a Meaning: `{"no_meaning": True}` when they say nothing to us. Raises UnknownLanguage only.
    """
    return Reading(words, language, Scene(context, today, programme, tuple(options))).meaning(confidence)


class Reading:
    """One sentence being understood, from words to meaning."""

    def __init__(self, text: str, code: str, scene: Scene, folder: Path = FOLDER) -> None:
        self.lang: Language = language(code, folder)
        self.scene = scene
        spoken = words_of(text[:MOST_LETTERS])
        self.too_long = len(spoken) > LONGEST
        self.words, self.pauses = without_hesitation(spoken, self.lang.hesitations, self.lang.stutters)
        self.titles: Titles = titles(code, scene.programme, folder)
        numbers = self.lang.numbers.in_sentence(self.words)
        self.chart = Chart(
            self.words,
            self.lang.trees,
            MAKERS,
            scene,
            {
                "number": lambda at: numbers.get(at, []),
                "heard_number": lambda at: self.lang.numbers.heard(self.words, at),
                "title": lambda at: list(self.titles.at(self.words, at)),
            },
            self.lang.telling,
        )

    def meaning(self, confidence: float | None) -> Meaning:
        """The whole of it."""
        helps = self.chart.matches("distress", self.scene.context)
        if helps:
            return Meaning({"intent": "agent"}, 1.0, distress=True)
        if self.too_long or not self.words:
            return Meaning({"no_meaning": True}, 0.0)
        intent = best_intent(self.chart.matches("intents", self.scene.context), self.words)
        chosen = turned_round(self._with_misheard(self._readings(), intent), self.words, self.lang)
        chosen = half_read(chosen, intent, self.words, self.lang)
        strange = strangeness(self.words, chosen, intent, self.lang.fillers)
        merged = merge(chosen, self.scene, strange, intent, denied=self._denied(chosen), pauses=self.pauses)
        merged = phones.add_numbers(merged, self.words, self.lang.numbers, self.scene, self.lang.code)
        return self._judged(merged, strange, confidence)

    def _judged(self, merged: Merged, strange: float, confidence: float | None) -> Meaning:
        """With its confidence; nothing at all is said to be nothing."""
        if not merged.slots:
            return Meaning({"no_meaning": True}, 0.0)
        if "phone" in merged.slots or "order_ref" in merged.slots:
            strange = 0.0  # rows of figures are read beside the rules, which know nothing of them
        sure = confidence_of(strange, confidence, clarify="clarify" in merged.slots)
        return Meaning(merged.slots, sure, merged.unsure, merged.candidates)

    def _readings(self) -> list[Match]:
        """The matches that together cover most of the sentence."""
        matches = self.chart.matches("slots", self.scene.context)
        content = [
            at for at, word in enumerate(self.words) if word not in self.lang.fillers or word in self.lang.negations
        ]
        return cover(
            [match for match in matches if not match.rule.alone or self._is_alone(match, content)], len(self.words)
        )

    def _denied(self, chosen: list[Match]) -> bool:
        """Is there a «not» of which we do not know what it denies?"""
        known = {at for match in chosen for at in range(match.start, match.end)}
        return any(word in self.lang.negations and at not in known for at, word in enumerate(self.words))

    def _is_alone(self, match: Match, content: list[int]) -> bool:
        """Does the match leave nothing over but small words?"""
        return all(match.start <= at < match.end for at in content)

    def _with_misheard(self, chosen: list[Match], intent: Match | None) -> list[Match]:
        """With the title that unknown words sound like, where a title may be expected and none was heard."""
        if self.scene.context not in ("ask_production", "main_menu", "any"):
            return chosen
        if any("_title" in match.value for match in chosen):
            return chosen
        known = [*chosen, *([intent] if intent else [])]
        found = self._misheard({at for match in known for at in range(match.start, match.end)})
        if found is None:
            return chosen
        kept = [match for match in chosen if match.end <= found.start or match.start >= found.end]
        return sorted([*kept, found], key=lambda match: match.start)

    def _strange_enough(self, start: int, end: int) -> bool:
        """Is some of it in words that no rule knows; half of its letters, where no title was asked for?"""
        letters = sum(map(len, self.words[start:end]))
        unknown = sum(len(word) for word in self.words[start:end] if word not in self.lang.known)
        return unknown > 0 if self.scene.context == "ask_production" else 2 * unknown >= letters

    def _misheard(self, covered: set[int]) -> Match | None:
        """The best row of words, some of them unknown, that sounds like a title."""
        unknown = {at for at, word in enumerate(self.words) if word not in self.lang.fillers and at not in covered}
        best: tuple[float, Match] | None = None
        for start in range(len(self.words)):
            for end in range(start + 1, min(start + 6, len(self.words)) + 1):
                if not any(start <= at < end for at in unknown) or not self._strange_enough(start, end):
                    continue
                found = self.titles.misheard(self.words, start, end, strict=self.scene.context != "ask_production")
                score = found[0] + 0.01 * (end - start) if found else 0
                if found and (best is None or score > best[0]):
                    best = score, Match(start, end, _HEARD, {"_title": replace(found[1], unsure=True)})
        return best[1] if best else None
