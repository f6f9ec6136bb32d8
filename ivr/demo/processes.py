"""The processes of the demonstration: started together, started again if one dies, ended together."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests

from ivr.demo.preparing import NotPossible
from ivr.embedded import end_with_parent

_COMMAND = "from ivr.commands import main; main()"
_START_SECONDS = 60


class Processes:
    """Runs `souffleur` subcommands as children; each writes its log into the data folder."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment, self._logs = dict(environment), logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._arguments: dict[str, tuple[str, ...]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *arguments: str) -> None:
        """One more process, named for its log."""
        self._arguments[name] = arguments
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, name, *arguments], env=self._environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_parent,
            )  # fmt: skip

    def revive(self) -> list[str]:
        """Start again whatever died; their names."""
        dead = [name for name, process in self._running.items() if process.poll() is not None]
        for name in dead:
            self.start(name, *self._arguments[name])
        return dead

    def wait_for(self, name: str, url: str) -> None:
        """Until this process answers at this address; raises NotPossible with its log if it does not."""
        give_up = time.monotonic() + _START_SECONDS
        while not _answers(url):
            if self._running[name].poll() is not None or time.monotonic() > give_up:
                raise NotPossible(f"The process `{name}` did not start; its own words are in {self._logs / name}.log.")
            time.sleep(0.05)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
