"""The project's own corpus, line by line: how much is understood, and that nothing dangerous is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from callflows.understanding import Programme
from callflows.understanding.scoring import Line, read_lines, score_by_context, understood

CORPUS = Path(__file__).parent / "corpus"
LEAST_RIGHT = 0.97
MOST_DANGEROUS = 0.005
UNTUNED = "sealed"
"""In the name of a file of lines that no rule was ever mended for: what they give is measured, not made."""
LEAST_RIGHT_UNTUNED = 0.90
MOST_DANGEROUS_UNTUNED = 0.035


def lines_of(path: Path) -> list[Line]:
    """The lines of one file."""
    return [Line.of(data) for data in read_lines(path)]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_corpus_is_understood_without_dangerous_errors(path: Path, programme: Programme, today: date) -> None:
    lines = lines_of(path)
    scores = score_by_context((line, understood(line, programme, today)) for line in lines)
    untuned = UNTUNED in path.stem
    for (_, context), score in scores.items():
        if context == "all":
            assert score.lines_right / score.lines >= (LEAST_RIGHT_UNTUNED if untuned else LEAST_RIGHT)
            most = MOST_DANGEROUS_UNTUNED if untuned else MOST_DANGEROUS
            assert len(score.dangerous) / score.lines <= most, score.dangerous


def test_the_corpus_is_large_and_speaks_of_every_question() -> None:
    lines = [line for path in CORPUS.glob("*.jsonl") for line in lines_of(path)]
    contexts = {
        "main_menu",
        "ask_production",
        "ask_date",
        "ask_time",
        "ask_performance",
        "ask_quantity",
        "ask_seats",
        "confirm",
        "ask_phone",
        "ask_order_ref",
        "ask_tariff",
        "ask_collection",
        "any",
    }
    for lang, least in (("fr", 450), ("en", 250)):
        mine = [line for line in lines if line.lang == lang]
        assert len({(line.context, line.text) for line in mine}) >= least
        assert {line.context for line in mine} == contexts


def test_a_wrong_figure_a_false_yes_and_a_guessed_title_are_dangerous() -> None:
    cases = [
        ({"quantity": 2}, {"quantity": 3}),
        ({"confirm": "no"}, {"confirm": "yes"}),
        ({"production": None}, {"production": "tosca"}),
        ({"clarify": "date"}, {"date": "2026-12-01"}),
        ({"no_meaning": True}, {"confirm": "yes"}),
    ]
    for expected, got in cases:
        scores = score_by_context([(Line("fr", "any", "…", expected), got)])
        assert scores["fr", "all"].dangerous


def test_a_miss_is_no_danger_and_a_further_slot_no_error() -> None:
    missed = score_by_context([(Line("fr", "any", "…", {"quantity": 2}), {"no_meaning": True})])["fr", "all"]
    more = score_by_context([(Line("fr", "any", "…", {"quantity": 2}), {"quantity": 2, "side": "left"})])["fr", "all"]
    assert not missed.dangerous and missed.lines_right == 0
    assert more.lines_right == 1
