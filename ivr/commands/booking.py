"""`souffleur booking`: audit the books, see who holds what, bring the tables up to date, prove the promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from ivr.commands.season import open_house
from ivr.database import upgrade as bring_up
from ivr.settings import Settings

PROOFS = Path(__file__).parents[2] / "tests" / "booking"
CLEAN, WRONG = 0, 1


@click.group()
def command() -> None:
    """The books of the house: `audit`, `holds`, `upgrade`, `prove`."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def audit(as_json: bool) -> None:
    """Rebuild the present from the ledger alone and compare it with the tables; exit code 1 if they differ."""
    found = open_house().audit()
    if as_json:
        click.echo(json.dumps({**vars(found), "clean": found.is_clean}, ensure_ascii=False))
    else:
        for each in found.wrong:
            click.echo(each)
        click.echo(f"{found.entries} entries, {found.seats} seats taken, {found.orders} orders, "
                   f"{found.cents / 100:.2f} euros: {'all is well' if found.is_clean else 'NOT IN ORDER'}")
    sys.exit(CLEAN if found.is_clean else WRONG)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def holds(as_json: bool) -> None:
    """Who holds seats now, for which performance, until when."""
    facts = [
        {**vars(each), "held_until": each.held_until.isoformat(timespec="seconds")} for each in open_house().held()
    ]
    if as_json:
        click.echo(json.dumps(facts, indent=1))
        return
    for each in facts:
        click.echo("{held_until}  {performance:<32} {seats} seats  {channel:<10} {holder}".format(**each))
    click.echo(f"{len(facts)} holds")


@command.command()
def upgrade() -> None:
    """Bring the database to the newest revision; harmless when it is there already."""
    bring_up(Settings.read().database)
    click.echo("The tables are up to date.")


@command.command()
@click.option("--short", is_flag=True, help="As in the tests: a minute or two instead of an hour.")
@click.argument("pytest_arguments", nargs=-1)
def prove(short: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Prove that no seat is sold twice and no sale is lost; the long form, from a checkout.

    A machine of random histories on SQLite, PostgreSQL and a plain model; two and three transactions in every order; a
    crash at every statement; worker processes and the database killed; controls that must fail without each guard.
    """
    if not PROOFS.is_dir():
        raise click.ClickException("The proofs are in tests/booking: run this from a checkout of the project.")
    arguments = [sys.executable, "-m", "pytest", "-m", "proof", str(PROOFS), *pytest_arguments]
    surroundings = {**os.environ, "SOUFFLEUR_PROOF": "short" if short else "long"}
    sys.exit(subprocess.run(arguments, env=surroundings, cwd=PROOFS.parents[1], check=False).returncode)
