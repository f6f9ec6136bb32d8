"""`souffleur upgrade`: bring the database to the newest revision."""

from __future__ import annotations

import click

from ivr.database import upgrade
from ivr.settings import Settings


@click.command()
def command() -> None:
    """Bring the database up to date (the Procfile's `release`); harmless when it is."""
    settings = Settings.read()
    upgrade(settings.database)
    click.echo("The database is up to date.")
