"""`souffleur worker`: the housekeeping process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from functools import partial

import click

from ivr import logs
from ivr.embedded import surroundings
from ivr.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="One round, then leave.")
@click.option("--every", default=30.0, show_default=True, help="Seconds between two rounds.")
def command(once: bool, every: float) -> None:
    """End abandoned calls, keep the house tidy, write callers' messages down (the Procfile's `worker`)."""
    settings = Settings.read()
    logs.set_up(settings.log_level)
    enough = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: enough.set())
    with surroundings(settings) as standing:
        from ivr.house import put_together
        from ivr.housekeeping import tidy, write_messages

        house = put_together(standing)
        tidy(house)
        if once:
            write_messages(house, enough)
            return
        scribe = threading.Thread(target=_again_and_again, args=(partial(write_messages, house, enough), enough, every))
        scribe.start()  # beside it: a long message must not keep an abandoned call's seats
        try:
            _again_and_again(partial(tidy, house), enough, every)
        finally:
            enough.set()
            scribe.join()


def _again_and_again(round_: Callable[[], object], enough: threading.Event, every: float) -> None:
    while not enough.wait(every):
        round_()
