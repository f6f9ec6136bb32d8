"""Puts the pages into a Flask app."""

from __future__ import annotations

from flask import Flask

from ivr.desk.caller_views import make_caller_pages
from ivr.desk.desk import Desk
from ivr.desk.messages_views import make_messages
from ivr.desk.people_views import make_people_pages
from ivr.desk.views import make_desk
from ivr.desk.webhooks import make_desk_hooks
from ivr.pages.looks import bring_looks
from ivr.pages.parts import Parts
from ivr.pages.security import configure
from ivr.pages.views import make_pages
from ivr.studio.views import make_studio


def register(app: Flask, parts: Parts) -> None:
    """Sign-in, desk, studio and calls, with everything they need from the app's configuration."""
    configure(app, parts)
    bring_looks(app)
    desk = Desk(parts)
    for blueprint in (
        make_pages(parts), make_desk(parts, desk), make_caller_pages(parts, desk), make_people_pages(parts, desk),
        make_messages(parts, desk), make_desk_hooks(parts, desk), make_studio(parts),
    ):  # fmt: skip
        app.register_blueprint(blueprint)
