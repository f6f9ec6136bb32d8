"""`souffleur worker`: the housekeeping process."""

from __future__ import annotations

import signal
import threading

import click

from ivr import logs
from ivr.embedded import surroundings
from ivr.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="One round, then leave.")
@click.option("--every", default=30.0, show_default=True, help="Seconds between two rounds.")
def command(once: bool, every: float) -> None:
    """End abandoned calls and keep the house tidy (the Procfile's `worker`)."""
    settings = Settings.read()
    logs.set_up(settings.log_level)
    enough = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: enough.set())
    with surroundings(settings) as standing:
        from ivr.app import put_together
        from ivr.housekeeping import tidy

        house = put_together(standing)
        tidy(house)
        while not once and not enough.wait(every):
            tidy(house)
