"""`souffleur flows check | chart | explore`: what the dialogues are, and whether they hold together."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from booking import read_season
from callflows import ALL_FLOWS
from callflows.chart import as_diagram, as_markdown
from callflows.check import faults
from callflows.explore import explore as walk
from ivr.embedded import surroundings
from ivr.house import put_together
from ivr.settings import Settings
from prompts import Catalogue

DRAWN_FOR = datetime(2026, 11, 21, 10, tzinfo=UTC)
"""The day the demo season was drawn for: on sale, opening today, web only and not yet open, all at once."""

PROBLEMS_SHOWN = 25
STARTS = ("main_menu.welcome", "record_prompts.number", "doubt.heard_right")
"""Where a walk begins: the welcome, and places that need a PIN or a bad line to be reached."""


@click.group()
def command() -> None:
    """Check the call flows, or draw them as operators see them."""


@command.command()
def check() -> None:
    """Every target exists, every outcome is declared, every prompt is in the catalogue, no dead end."""
    found = faults(ALL_FLOWS, Catalogue.load())
    for fault in found:
        click.echo(str(fault), err=True)
    if found:
        sys.exit(1)
    steps = sum(len(flow.steps) for flow in ALL_FLOWS.values())
    click.echo(f"{len(ALL_FLOWS)} flows, {steps} steps: every way leads on.")


@command.command()
@click.argument("flow", required=False, type=click.Choice(sorted(ALL_FLOWS)))
@click.option("--lang", default="fr", show_default=True, help="The language of the wording.")
@click.option("--diagram", is_flag=True, help="A Mermaid flowchart instead of the table.")
def chart(flow: str | None, lang: str, diagram: bool) -> None:
    """Draw one flow, or all of them, from the code itself."""
    catalogue = Catalogue.load()
    for name in [flow] if flow else list(ALL_FLOWS):
        drawn = as_diagram(ALL_FLOWS[name]) if diagram else as_markdown(ALL_FLOWS[name], catalogue, lang)
        click.echo(drawn + "\n")


@command.command()
@click.option("--turns", default=20_000, show_default=True, help="At most so many turns.")
@click.option("--visits", default=2, show_default=True, help="How often each question is tried with every answer.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a call in flight at each question into FOLDER.",
)
def explore(turns: int, visits: int, save: Path | None) -> None:
    """Play every flow with every kind of answer in a house that is thrown away, and report what is wrong."""
    with tempfile.TemporaryDirectory() as folder, surroundings(Settings(data=Path(folder))) as settings:
        house = put_together(settings, lambda: DRAWN_FOR)
        house.booking.load_season(read_season())
        report = walk(house.tools, starts=STARTS, visits=visits, turns=turns)
        house.engine.dispose()
    if save:
        save.mkdir(parents=True, exist_ok=True)
        for question, call in report.saved.items():
            text = json.dumps(call, ensure_ascii=False, indent=1, sort_keys=True)
            (save / f"{question}.json").write_text(text + "\n", encoding="utf-8")
    for problem in report.problems[:PROBLEMS_SHOWN]:
        click.echo(problem, err=True)
    if len(report.problems) > PROBLEMS_SHOWN:
        click.echo(f"… and {len(report.problems) - PROBLEMS_SHOWN} more.", err=True)
    click.echo(f"{report.turns} turns, {len(report.asked)} questions, {len(report.heard)} prompts heard.")
    click.echo(f"Questions never reached: {', '.join(report.unreached) or 'none'}.")
    click.echo(f"Prompts never heard: {', '.join(report.unheard) or 'none'}.")
    sys.exit(1 if report.problems else 0)
