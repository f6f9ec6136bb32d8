"""`souffleur media`: hear callers speak, on the carrier's media streams."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from ivr import logs
from ivr.embedded import surroundings
from ivr.settings import Settings


@click.command()
@click.option("--host", help="The address to listen on; else SOUFFLEUR_HOST.")
@click.option("--port", type=int, help="The port; else MEDIA_PORT.")
def command(host: str | None, port: int | None) -> None:
    """Serve the media socket until Ctrl-C (the Procfile's `media`).

    Needs MEDIA_URL, the socket's address as the carrier sees it. Says which languages it hears and what to fetch for
    the others; calls in those go on by keys and by the carrier's own recogniser.
    """
    settings = Settings.read()
    settings = replace(settings, host=host or settings.host, port=port or settings.media_port)
    logs.set_up(settings.log_level)
    from ivr.commands.serve import is_free

    if not is_free(settings.host, settings.port):
        sys.exit(f"Port {settings.port} is in use by another program: give another with --port or MEDIA_PORT.")
    with surroundings(settings) as standing:
        _serve(standing)


def _serve(settings: Settings) -> None:
    import os

    from ivr.media_server import MediaServer
    from ivr.speech.models import missing

    for language, advice in missing(("fr", "en"), settings.data, os.environ).items():
        click.echo(f"{language}: {advice}", err=True)
    MediaServer(settings).run()
