"""`souffleur flows check | chart`: what the dialogues are, and whether they hold together."""

from __future__ import annotations

import sys

import click

from callflows import ALL_FLOWS
from callflows.chart import as_diagram, as_markdown
from callflows.check import faults
from prompts import Catalogue


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
