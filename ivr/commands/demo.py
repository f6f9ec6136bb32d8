"""`souffleur demo`: everything at once, on this machine, with a season and a call to read."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

import click
from rich.console import Console
from rich.table import Table

from ivr.app import House, put_together
from ivr.demo.playing import play
from ivr.demo.preparing import Login, NotPossible, local, logins, season_on_sale, writable
from ivr.demo.processes import Processes
from ivr.embedded import NoRedis, surroundings
from ivr.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="Play the call and leave, instead of serving until Ctrl-C.")
def command(once: bool) -> None:
    """Load the demo season, serve, play one call in front of you, and serve until Ctrl-C.

    Everything lives in one folder (SOUFFLEUR_DATA, `var` if it is not named); throw it away to begin anew.
    """
    console = Console(highlight=False)
    try:
        _run(Settings.read(), console, once)
    except (NotPossible, NoRedis) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        console.print("\n[dim]Au revoir.[/]")


def _run(settings: Settings, console: Console, once: bool) -> None:
    writable(settings.data)
    settings = local(settings)
    with surroundings(settings) as standing:
        house = put_together(standing)
        coming = season_on_sale(house.booking, house.clock)
        accounts = logins(house.engine, standing.data, house.clock)
        with Processes(_environment(standing), standing.data / "log") as processes:
            processes.start("serve")
            processes.start("worker")
            processes.wait_for("serve", f"{standing.base_url}/health")
            console.print(f"[dim]{coming} performances are on the programme; data in {standing.data.absolute()}[/]\n")
            play(standing, console)
            _show_sold(house, console)
            if not once:
                _tell(standing, accounts, console)
                _serve(processes, console)


def _environment(settings: Settings) -> Mapping[str, str]:
    """What the children are told; everything else they read as we did."""
    ours = {
        "SOUFFLEUR_DATA": str(settings.data.absolute()), "REDIS_URL": settings.redis_url, "PORT": str(settings.port),
        "SOUFFLEUR_HOST": settings.host, "PUBLIC_URL": "", "TWILIO_ACCOUNT_SID": settings.account_sid,
        "TWILIO_AUTH_TOKEN": settings.auth_token, "DATABASE_URL": settings.database_url,
    }  # fmt: skip
    return {**os.environ, **ours}


def _show_sold(house: House, console: Console) -> None:
    """What is true in the database after the call."""


def _tell(settings: Settings, accounts: tuple[Login, ...], console: Console) -> None:
    """Every door, and how to call."""
    base = settings.base_url
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("Agents", f"{base}/desk")
    table.add_row("Operators", f"{base}/studio")
    for login in accounts:
        table.add_row("", f"[dim]sign in as[/] {login.name} [dim]·[/] {login.password} "
                          f"[dim]· by telephone[/] {login.number}{login.pin}")  # fmt: skip
    table.add_row("Webhooks", f"{base}/voice/incoming [dim](signed)[/]")
    own = "[bold].venv/bin/souffleur call[/] [dim]in another terminal; --lang en, --through http[/]"
    table.add_row("Your own call", own)
    console.print(table)
    console.print("\n[dim]Serving until Ctrl-C.[/]")


def _serve(processes: Processes, console: Console) -> None:
    while True:
        time.sleep(1)
        for name in processes.revive():
            console.print(f"[yellow]{name} had died and was started again.[/]")
