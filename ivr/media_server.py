"""The media process's server: one process, one thread a socket; decoding happens in processes of its own."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any

from flask import Flask

from ivr.media_app import create_media, go_on_living, say_farewell
from ivr.settings import Settings
from ivr.speech.decoders import lines_for_this_machine
from ivr.telephony.session import MOST_WAITING
from ivr.web import Web

HEAD_SECONDS = 2
"""How long the next bytes of a request may take."""
MORE_THREADS = MOST_WAITING + 4
"""For sockets that have not shown a ticket, for health checks, and to refuse whoever comes on top."""


class MediaServer(Web):
    """Gunicorn as for the web, with as many threads as there may be lines; a bench serves what it `make`s."""

    def __init__(
        self, settings: Settings, make: Callable[[], Flask] | None = None, lines: int = lines_for_this_machine()
    ) -> None:
        self._lines = lines
        super().__init__(settings, make or (lambda: _living(settings)))

    def _options(self) -> dict[str, Any]:
        ours = {"workers": 1, "threads": self._lines + MORE_THREADS, "proc_name": "souffleur media"}
        return {**super()._options(), **ours, "post_worker_init": _limit_waiting}


def _limit_waiting(worker: Any) -> None:
    """Whoever sends half a request and then nothing must not hold a thread; accepted sockets inherit the limit."""
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", HEAD_SECONDS, 0))


def _living(settings: Settings) -> Flask:
    app = create_media(settings)
    go_on_living(app.extensions["media"])
    say_farewell(app.extensions["media"])
    return app
