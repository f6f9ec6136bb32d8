"""`souffleur bench understanding`: milliseconds a sentence, and how much of the project's corpus is understood."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from booking import read_season
from callflows.understanding import Programme
from callflows.understanding.scoring import Line, read_lines, score_by_context, understood
from callflows.understanding.tokens import words_of

CORPUS = Path(__file__).parents[2] / "tests" / "callflows" / "understanding" / "corpus"
TODAY = date(2026, 11, 21)
"""The day for which the corpus was written."""


@click.command()
@click.option("--corpus", type=click.Path(exists=True, path_type=Path), default=CORPUS, show_default=False,
              help="A JSONL file, or a folder of them; the project's own if left out.")
@click.option("--rounds", default=5, show_default=True, help="How often the whole corpus is understood.")
def command(corpus: Path, rounds: int) -> None:
    """Time the understanding on a corpus and report its accuracy, as JSON.

    The floor is cutting the same sentences into words: what no understanding can do without.
    """
    files = sorted(corpus.glob("*.jsonl")) if corpus.is_dir() else [corpus]
    lines = [Line.of(data) for path in files for data in read_lines(path)]
    programme = Programme.of(read_season().productions)
    begun = time.perf_counter()
    for lang in sorted({line.lang for line in lines}):
        understood(next(line for line in lines if line.lang == lang), programme, TODAY)
    loading = time.perf_counter() - begun
    spent = [_timed(line, programme) for _ in range(rounds) for line in lines]
    floor = [_floor(line) for line in lines]
    click.echo(json.dumps(_report(lines, programme, spent, floor, loading), ensure_ascii=False, indent=2))


def _timed(line: Line, programme: Programme) -> float:
    begun = time.perf_counter()
    understood(line, programme, TODAY)
    return (time.perf_counter() - begun) * 1000


def _floor(line: Line) -> float:
    begun = time.perf_counter()
    words_of(line.text)
    return (time.perf_counter() - begun) * 1000


def _report(lines: Sequence[Line], programme: Programme, spent: Sequence[float], floor: Sequence[float],
            loading: float) -> dict[str, Any]:
    scores = score_by_context((line, understood(line, programme, TODAY)) for line in lines)
    ordered = sorted(spent)
    median = statistics.median(ordered)
    return {
        "environment": {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()},
        "sentences": len(lines),
        "loading_seconds": round(loading, 3),
        "milliseconds": {"median": round(median, 3), "p99": round(ordered[int(len(ordered) * 0.99)], 3),
                         "most": round(ordered[-1], 3)},
        "floor_milliseconds": round(statistics.median(floor), 4),
        "times_the_floor": round(median / statistics.median(floor), 1),
        "accuracy": {f"{lang}/{context}": {"lines": score.lines, "right": score.lines_right,
                                           "dangerous": len(score.dangerous)}
                     for (lang, context), score in scores.items()},
    }
