"""Whole sentences said to the house's own questions: right is what the understanding makes of them, not their words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from booking import read_season
from callflows.understanding import Programme, understand, vocabulary
from ivr.bench.spoken import Utterance, spoken
from ivr.speech.likely import likely_phrases
from ivr.speech.numerals import in_words
from ivr.speech.recogniser import Question

TODAY = date(2026, 11, 21)


def sentences_of(language: str, hears: Callable[[Utterance, int], str]) -> dict[str, Any]:
    """How many were tried, and the shares that were right, wrong and refused: there she is asked again."""
    said = written(language)
    counts = {"right": 0, "wrong": 0, "refused": 0}
    for seed, each in enumerate(said):
        counts[verdict(hears(each, seed), each)] += 1
    return {"tried": len(said)} | {name: round(count / max(1, len(said)), 3) for name, count in counts.items()}


def verdict(heard: str, said: Utterance) -> str:
    """Is what was heard understood as what was said?"""
    meant, understood = (_meaning(words, said.question) for words in (said.expected, heard))
    if not understood:
        return "refused"
    return "right" if understood == meant else "wrong"


def written(language: str) -> list[Utterance]:
    """Every sentence by every voice, each to its question as the house puts it; none where nothing is written."""
    path = Path(__file__).parent / "spoken" / f"{language}_sentences.toml"
    if not path.exists():
        return []
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    voices = known.pop("voices")
    return [
        Utterance(_question(language, context, asked["patience"]), said, spoken(said, voice))
        for context, asked in known.items()
        for said in asked["said"]
        for voice in voices
    ]


@lru_cache(maxsize=16)
def _question(language: str, context: str, patience: str) -> Question:
    phrases = (*likely_phrases(context, language), *vocabulary(context, language=language, programme=_programme()))
    spelt = tuple(dict.fromkeys(in_words(each, language) for each in phrases))
    return Question(language, spelt, context, patience, seconds=8)


@lru_cache(maxsize=1)
def _programme() -> Programme:
    return Programme.of(read_season().productions)


def _meaning(words: str, question: Question) -> dict[str, Any]:
    if not words:
        return {}
    meaning = understand(
        words, language=question.language, context=question.context, programme=_programme(), today=TODAY
    )
    return dict(meaning.slots)
