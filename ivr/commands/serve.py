"""`souffleur serve`: answer the carrier's webhooks and show agents and operators their pages."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace

import click

from ivr import logs
from ivr.embedded import surroundings
from ivr.settings import Settings


@click.command()
@click.option("--host", help="The address to listen on; else SOUFFLEUR_HOST.")
@click.option("--port", type=int, help="The port; else PORT.")
def command(host: str | None, port: int | None) -> None:
    """Serve webhooks and pages until Ctrl-C (the Procfile's `web`)."""
    settings = Settings.read()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    logs.set_up(settings.log_level)
    if not is_free(settings.host, settings.port):
        sys.exit(f"Port {settings.port} is in use by another program: give another with --port or PORT.")
    with surroundings(settings) as standing:
        from ivr.app import create_app  # what takes long to import waits until the port is known to be free
        from ivr.web import Web

        Web(standing, lambda: create_app(standing)).run()


def is_free(host: str, port: int) -> bool:
    """Could we listen there?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
