"""`souffleur serve`: answer the carrier's webhooks and show agents and operators their pages."""

from __future__ import annotations

import socket
import sys
import time
from dataclasses import replace

import click

from ivr import logs
from ivr.embedded import surroundings
from ivr.settings import Settings

A_MOMENT = 2.0


@click.command()
@click.option("--host", help="The address to listen on; else SOUFFLEUR_HOST.")
@click.option("--port", type=int, help="The port; else PORT.")
def command(host: str | None, port: int | None) -> None:
    """Serve webhooks and pages until Ctrl-C (the Procfile's `web`)."""
    settings = Settings.read()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    logs.set_up(settings.log_level)
    if not _becomes_free(settings.host, settings.port):
        sys.exit(f"Port {settings.port} is in use by another program: give another with --port or PORT.")
    with surroundings(settings) as standing:
        from ivr.web import Web, made_warm  # what takes long to import waits until the port is known to be free

        Web(standing, lambda: made_warm(standing)).run()


def _becomes_free(host: str, port: int) -> bool:
    """A server that is just leaving gets a moment to do so."""
    give_up = time.monotonic() + A_MOMENT
    while not is_free(host, port):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


def is_free(host: str, port: int) -> bool:
    """Could we listen there?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
