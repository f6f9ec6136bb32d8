"""souffleur doctor: is this configuration fit for real telephones? Every check names what is wrong and what to do."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from ivr.doctor import Finding, findings
from ivr.settings import Settings

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


@click.command()
@click.option("--offline", is_flag=True, help="Only what can be told without asking anybody outside this machine.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of text.")
def command(offline: bool, as_json: bool) -> None:
    """Check the configuration: public address, signature, certificate, credentials, numbers, clock, Redis, database,
    models, prompts.

    Read docs/real-numbers.md first. Nothing is changed and nobody is called. Exit code 1 when something is bad.
    """
    found = findings(Settings.read(), offline=offline)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        for finding in found:
            _show(finding)
    raise SystemExit(any(finding.state == "bad" for finding in found))


def _show(finding: Finding) -> None:
    mark, colour = MARKS[finding.state]
    click.echo(f"{click.style(mark, fg=colour)} {finding.area:<12} {finding.found}")
    if finding.remedy:
        click.echo(f"  {'':<12} → {finding.remedy}")
