"""What the tests of the understanding share: the demo season, a day, and a short way to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from booking import read_season
from callflows.understanding import Meaning, Programme, understand

Hear = Callable[..., Meaning]


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The demo season with the dates that stand in its file."""
    return Programme.of(read_season().productions)


@pytest.fixture(scope="session")
def today() -> date:
    """The Saturday for which the corpus was written."""
    return date(2026, 11, 21)


@pytest.fixture(scope="session")
def hear(programme: Programme, today: date) -> Hear:
    """`hear("deux places", "ask_quantity")`: what it means; French unless told otherwise."""

    def hear(words: str, context: str = "any", language: str = "fr", options: Sequence[Mapping[str, Any]] = (),
             confidence: float | None = None) -> Meaning:
        return understand(words, language=language, context=context, programme=programme, today=today, options=options,
                          confidence=confidence)

    return hear
