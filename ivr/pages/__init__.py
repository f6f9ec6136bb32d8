"""Web pages for agents, operators and supervisors: the frame they share.

`register(app, parts)` puts sign-in, desk, studio and calls into a Flask app; `Parts` says what they are made of.
Pages are drawn by the server, work by keyboard and without scripts, and carry no style or script inline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivr.pages.parts import Parts

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Parts", "register"]


def register(app: Flask, parts: Parts) -> None:
    """Put the pages into this app."""
    from ivr.pages.register import register as put  # desk and studio import us, so they are imported last

    put(app, parts)
