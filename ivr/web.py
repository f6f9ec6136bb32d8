"""The web process: gunicorn with threads, set up from the settings alone."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from ivr.app import create_app, warm_up
from ivr.embedded import end_with_parent
from ivr.house import House, put_together
from ivr.settings import Settings


def made_warm(settings: Settings) -> Flask:
    """The app of one worker; what the first caller would otherwise wait for is read meanwhile."""
    house = put_together(settings)
    house.journal.keep_up()
    threading.Thread(target=_warm, args=(house,), name="warm-up", daemon=True).start()
    return create_app(settings, house)


def _warm(house: House) -> None:
    """What was read now stays as long as the worker: nobody looks through it for rubbish between two callers."""
    warm_up(house)
    gc.freeze()


def _end_with_master(arbiter: Any, worker: Any) -> None:
    """A worker whose master was killed must not go on answering beside the next one."""
    end_with_parent()


def _leave_at_once(arbiter: Any, worker: Any) -> None:
    """What was promised for the end is done; then no time is lost on taking a whole house to pieces: seconds."""
    leaving = sys.exc_info()[1]
    if not isinstance(leaving, SystemExit) or leaving.code:
        return  # the master wants to know what went wrong
    atexit._run_exitfuncs()
    logging.shutdown()
    os._exit(0)


class HouseLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's own words go where all log lines go; one line per request would only repeat the journal."""

    def setup(self, cfg: Any) -> None:
        """No handlers of its own."""
        self.error_log.setLevel(cfg.loglevel.upper())


class Web(BaseApplication):  # type: ignore[misc]
    """Serves what `make` makes, in `settings.workers` processes of `settings.threads` threads each."""

    def __init__(self, settings: Settings, make: Callable[[], Flask]) -> None:
        self._settings = settings
        self._make = make
        super().__init__()

    def load_config(self) -> None:
        """A turn is quick or is given up: whoever has not answered in thirty seconds is replaced."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Each worker makes its own app: connections do not survive a fork."""
        return self._make()

    def _options(self) -> dict[str, Any]:
        return {
            "bind": f"{self._settings.host}:{self._settings.port}", "workers": self._settings.workers,
            "worker_class": "gthread", "threads": self._settings.threads, "timeout": 30, "graceful_timeout": 5,
            "keepalive": 75, "proc_name": "souffleur web", "loglevel": self._settings.log_level.lower(),
            "post_fork": _end_with_master, "worker_exit": _leave_at_once,
            "control_socket_disable": True, "logger_class": HouseLogger,
        }  # fmt: skip
