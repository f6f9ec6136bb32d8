"""`souffleur demo`: everything at once, on this machine, with a season and a call to read."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping

import click
from rich.console import Console

from ivr.demo.playing import play
from ivr.demo.preparing import AGENT_PHONE, LOOPBACK, NotPossible, local, logins, on_sale, writable
from ivr.demo.processes import Processes
from ivr.demo.telling import LANGUAGES, tell
from ivr.embedded import NoRedis, surroundings
from ivr.house import House, put_together
from ivr.journal import TurnRecord
from ivr.settings import BadSetting, Settings
from ivr.speech.models import missing
from ivr.telephony.tickets import Tickets


@click.command()
@click.option("--once", is_flag=True, help="Play the call and leave, instead of serving until Ctrl-C.")
def command(once: bool) -> None:
    """Load the demo season, serve, play one call in front of you, and serve until Ctrl-C.

    Everything lives in one folder (SOUFFLEUR_DATA, `var` if it is not named); throw it away to begin anew.
    """
    console = Console(highlight=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` says goodbye as Ctrl-C does
    try:
        _run(Settings.read(), console, once)
    except (NotPossible, NoRedis, BadSetting) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        console.print("\n[dim]Au revoir.[/]")


def _run(settings: Settings, console: Console, once: bool) -> None:
    writable(settings.data)
    wanted, settings = settings.port, local(settings)
    if settings.port != wanted:
        console.print(f"[dim]Port {wanted} is in use by another program: this demonstration is at {settings.port}.[/]")
    with surroundings(settings) as standing:
        house = put_together(standing)
        production = on_sale(house.booking, house.clock)
        accounts = logins(house.engine, standing.data, house.clock)
        with Processes(_environment(standing), standing.data / "log") as processes:
            processes.start("serve")
            processes.wait_for("serve", f"{standing.base_url}/health")
            sold = _show_sold(house, play(standing, console, production.title), console)
            if once:
                sys.exit(0 if sold else 1)
            listens = _start_the_others(processes, house, console)
            tell(standing, accounts, missing(tuple(LANGUAGES), standing.data, os.environ), listens, console)
            console.print("\n[dim]Serving until Ctrl-C.[/]")
            _serve(processes, console)


def _start_the_others(processes: Processes, house: House, console: Console) -> bool:
    """Everything that the first call could do without; does the media process listen?"""
    settings = house.settings
    processes.start("worker", "--every", "5")
    port = settings.carrier_url.rpartition(":")[2]
    processes.start("phone", "--host", LOOPBACK, "--port", port, "--agent", AGENT_PHONE)
    listens = _hears(processes, house, console)
    processes.wait_for("phone", f"{settings.carrier_url}/")
    return listens


def _environment(settings: Settings) -> Mapping[str, str]:
    """What the children are told; everything else they read as we did."""
    ours = {
        "SOUFFLEUR_DATA": str(settings.data.absolute()), "REDIS_URL": settings.redis_url, "PORT": str(settings.port),
        "SOUFFLEUR_HOST": settings.host, "PUBLIC_URL": "", "TWILIO_ACCOUNT_SID": settings.account_sid,
        "TWILIO_AUTH_TOKEN": settings.auth_token, "DATABASE_URL": settings.database_url,
        "CARRIER_URL": settings.carrier_url, "MEDIA_PORT": str(settings.media_port), "MEDIA_URL": settings.media_url,
    }  # fmt: skip
    return {**os.environ, **ours}


def _show_sold(house: House, call_id: str, console: Console) -> bool:
    """What is true in the database after the call: the order by its reference, and the call in the journal."""
    turns = _journalled(house, call_id)
    told = [say.slots["reference"] for turn in turns for say in turn.says if "reference" in say.slots]
    if not told:
        console.print("[yellow]Nothing was sold in this call.[/]\n")
        return False
    order = house.booking.clerk("phone", call_id).order(told[-1])
    seats = ", ".join(line.seat for line in order.lines)
    console.print(f"[bold]In the database:[/] order {order.reference}, seats {seats}, {order.total / 100:.2f} €, "
                  f"and the call in {len(turns)} turns, in {house.settings.data.absolute()}\n")  # fmt: skip
    return True


def _journalled(house: House, call_id: str) -> tuple[TurnRecord, ...]:
    """The whole call, once the web process has written its end; the journal is a moment behind the caller."""
    give_up = time.monotonic() + 3
    while time.monotonic() < give_up:
        record = house.journal.call(call_id)
        if record and record.ended_at:
            break
        time.sleep(0.05)
    return house.journal.turns(call_id)


def _hears(processes: Processes, house: House, console: Console) -> bool:
    """Does the media process listen? Without it the demonstration goes on."""
    if not house.settings.media_url:
        port = house.settings.media_port
        console.print(f"[yellow]The media process is not started: no port from {port} on is free (MEDIA_PORT).[/]")
        return False
    processes.start("media", "--host", LOOPBACK)
    tickets = Tickets(house.redis)
    if processes.becomes("media", lambda: tickets.media() is not None):
        return True
    console.print(f"[yellow]The media process did not start; its own words are in {processes.log('media')}.[/]")
    return False


def _serve(processes: Processes, console: Console) -> None:
    while True:
        time.sleep(1)
        for name, lives in processes.revive().items():
            outcome = "was started again" if lives else f"is given up; its own words are in {processes.log(name)}"
            console.print(f"[yellow]{name} had died and {outcome}.[/]")
