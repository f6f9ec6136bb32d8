"""The processes of the demonstration: started together, started again if one dies, ended together."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import requests

from ivr.demo.preparing import NotPossible
from ivr.embedded import end_with_parent

_COMMAND = "from ivr.commands import main; main()"
_START_SECONDS = 60
_MOST_DEATHS = 3
"""A process that dies so often will not do better the next time."""


class Processes:
    """Runs `souffleur` subcommands as children; each writes its log into the data folder."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment, self._logs = dict(environment), logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._arguments: dict[str, tuple[str, ...]] = {}
        self._deaths: dict[str, int] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *arguments: str) -> None:
        """One more process, named for its log."""
        self._arguments[name] = arguments
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, name, *arguments], env=self._environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_parent,
            )  # fmt: skip

    def log(self, name: str) -> Path:
        """Where this process writes what it has to say."""
        return self._logs / f"{name}.log"

    def revive(self) -> dict[str, bool]:
        """Start again whatever died; by its name, whether it was: one that dies too often is given up."""
        dead = [name for name, process in self._running.items() if process.poll() is not None]
        return {name: self._revived(name) for name in dead}

    def _revived(self, name: str) -> bool:
        self._deaths[name] = self._deaths.get(name, 0) + 1
        if self._deaths[name] >= _MOST_DEATHS:
            del self._running[name]
            return False
        self.start(name, *self._arguments[name])
        return True

    def wait_for(self, name: str, url: str) -> None:
        """Until this process answers at this address; raises NotPossible with its log if it does not."""
        if not self.becomes(name, lambda: _answers(url)):
            raise NotPossible(f"The process `{name}` did not start; its own words are in {self.log(name)}.")

    def becomes(self, name: str, ready: Callable[[], bool]) -> bool:
        """Wait until this is so; False when the process died, or a minute is over. Then it is not started again."""
        give_up = time.monotonic() + _START_SECONDS
        while not ready():
            if self._running[name].poll() is not None or time.monotonic() > give_up:
                _ended(self._running.pop(name))
                return False
            time.sleep(0.05)
        return True

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Ask it to go, and see to it."""
    process.terminate()
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
