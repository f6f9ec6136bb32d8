"""The floor of `souffleur bench turns`: the product's own server with one bare view beside everything else."""

from __future__ import annotations

import time

from flask import Flask

from ivr import logs
from ivr.app import create_app, warm_up
from ivr.house import put_together
from ivr.settings import Settings
from ivr.web import Web

BARE, CPU = "/bare", "/cpu"
TWIML = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Gather input="dtmf speech" action="/voice/turn?turn=1" '
    'timeout="7" numDigits="1"><Say language="fr-FR" voice="Polly.Lea">Combien de places ?</Say></Gather></Response>'
)


def serve() -> None:
    """One worker, set up from the environment."""
    settings = Settings.read()
    logs.set_up(settings.log_level)
    Web(settings, lambda: _with_floor(_warmed_up(settings))).run()


def _warmed_up(settings: Settings) -> Flask:
    """As `made_warm`, but all of it before the first request: seconds of it would be counted as turns."""
    house = put_together(settings)
    house.journal.keep_up()
    warm_up(house)
    return create_app(settings, house)


def _with_floor(app: Flask) -> Flask:
    app.add_url_rule(BARE, "bare", lambda: (TWIML, 200, {"Content-Type": "text/xml"}), methods=["POST"])
    app.add_url_rule(CPU, "cpu", lambda: f"{time.process_time()}")
    return app
