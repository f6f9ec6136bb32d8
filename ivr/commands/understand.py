"""`souffleur understand`: what a sentence means, or how a whole file of them is understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from booking import read_season
from callflows.understanding import Meaning, Programme, certainty, languages, understand
from callflows.understanding.scoring import Line, Score, read_lines, score_by_context, understood


@click.command()
@click.argument("words", nargs=-1)
@click.option("--lang", type=click.Choice(languages()), default="fr", show_default=True, help="Language of the words.")
@click.option("--context", default="any", show_default=True, help="The question just asked, e.g. ask_date, confirm.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day of the call; today if it is left out.")
@click.option(
    "--season",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A season file (TOML, or JSON with «productions»); the demo season if it is left out.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="DATE[T]TIME",
    help="A date that was read out, e.g. 2026-12-12T19:30; may be given several times, in order.",
)
@click.option("--confidence", type=click.FloatRange(0, 1), help="The recogniser's own confidence.")
@click.option(
    "--file",
    "lines",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read JSON lines with lang, context, text, expected; write each with `got`, then the scores.",
)
def command(
    words: tuple[str, ...],
    lang: str,
    context: str,
    today: datetime | None,
    season: Path | None,
    options: tuple[str, ...],
    confidence: float | None,
    lines: Path | None,
) -> None:
    """Understand WORDS as an answer to a question, and print the slots as JSON.

    \b
    souffleur understand --lang fr --context ask_date --today 2026-11-21 "le quinze au soir"
    souffleur understand --lang en --context confirm "yeah no that's fine"
    souffleur understand --file lines.jsonl --today 2026-11-21
    """
    day = today.date() if today else date.today()
    programme = programme_in(season)
    if lines is not None:
        _understand_file(lines, programme, day)
        return
    if not words:
        raise click.UsageError("Give the WORDS of a caller, or --file.")
    read_out = [dict(zip(("date", "time"), option.split("T"), strict=False)) for option in options]
    meaning = understand(
        " ".join(words),
        language=lang,
        context=context,
        programme=programme,
        today=day,
        options=read_out,
        confidence=confidence,
    )
    click.echo(json.dumps(as_json(meaning), ensure_ascii=False, indent=2))


def programme_in(season: Path | None) -> Programme:
    """The programme of a season file with the dates as they stand there; the demo's when None."""
    if season is None:
        return Programme.of(read_season().productions)
    if season.suffix == ".json":
        return Programme.of(json.loads(season.read_text("utf-8"))["productions"])
    return Programme.of(read_season(season).productions)


def as_json(meaning: Meaning) -> dict[str, Any]:
    """A meaning with all that is known of it."""
    return {
        "slots": meaning.slots,
        "confidence": meaning.confidence,
        "certainty": certainty(meaning),
        "unsure": list(meaning.unsure),
        "candidates": list(meaning.candidates),
        "distress": meaning.distress,
    }


def _understand_file(path: Path, programme: Programme, today: date) -> None:
    """Every line with `got`, then the scores of those that say what is expected, on standard error."""
    scored: list[tuple[Line, Mapping[str, Any]]] = []
    for data in read_lines(path):
        line = Line.of({"lang": "fr", "context": "any", "expected": {}, **data})
        got = understood(line, programme, today)
        click.echo(json.dumps({**data, "got": got}, ensure_ascii=False))
        if "expected" in data:
            scored.append((line, got))
    _print_scores(score_by_context(scored))


def _print_scores(scores: Mapping[tuple[str, str], Score]) -> None:
    click.echo(f"{'language':9}{'context':17}{'lines right':>16}{'slots right':>16}{'dangerous':>11}", err=True)
    for (lang, context), score in scores.items():
        right = f"{score.lines_right}/{score.lines} {score.lines_right / score.lines:.0%}"
        slots = f"{score.slots_right}/{score.slots}"
        click.echo(f"{lang:9}{context:17}{right:>16}{slots:>16}{len(score.dangerous):>11}", err=True)
    for (_, context), score in scores.items():
        for error in score.dangerous if context == "all" else ():
            click.echo(f"dangerous: {error}", err=True)
