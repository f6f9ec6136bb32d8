"""The nursery as the media process sees it: started at need, in the background, and again when it died.

Whoever needs a decoder meanwhile waits for it as long as for any answer of a decoder, then goes on by keys.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import astuple
from pathlib import Path

from ivr.speech.engines import Choice
from ivr.speech.recogniser import DecoderLost
from ivr.speech.teaching import Teaching

RESTART_SECONDS = 5.0
"""Between two starts of the nursery: a model that kills it at once must not eat the machine."""
LOADING_SECONDS = 60.0
MOST_REFUSED = 2
"""Lines in a row that got no decoder: once may be the machine's fault."""


class Nursing:
    """Keeps one nursery alive; for any thread."""

    def __init__(self, choices: Mapping[str, Choice], clock: Callable[[], float] = time.monotonic) -> None:
        self._choices, self._clock = dict(choices), clock
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="souffleur-ears-")
        self._process: subprocess.Popen[str] | None = None
        self._starting: Future[str] | None = None
        self._started = float("-inf")
        self._births, self._refused = 0, 0
        self._closed = False
        self.teaching = Teaching(self._tell)
        self.languages: tuple[str, ...] = ()
        self.broken: dict[str, str] = {}

    @property
    def restarts(self) -> int:
        """How often the first nursery had to be replaced."""
        return max(0, self._births - 1)

    @property
    def pid(self) -> int:
        """The living nursery's process, 0 when there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def door(self, patience: float = LOADING_SECONDS) -> str:
        """Where the living nursery takes in lines, within so many seconds; raises DecoderLost."""
        try:
            return self._ready().result(patience)
        except TooLate:
            raise DecoderLost("the nursery is still loading") from None

    def renew(self, choices: Mapping[str, Choice]) -> None:
        """Other models from now on: the next nursery loads them; who is being listened to keeps her decoder."""
        with self._lock:
            self._choices, self._started = dict(choices), float("-inf")
            if self._process is not None:
                self._process.kill()
                _bury(self._process)

    def took_in(self, door: str, line: bool) -> None:
        """Did the nursery at this door give a `line` its decoder? One that twice did not hangs: end it."""
        with self._lock:
            self._refused = 0 if line else self._refused + 1
            if self._refused >= MOST_REFUSED and self._process is not None and door == self._path():
                self._process.kill()
                self._refused = 0

    def close(self) -> None:
        """End the nursery, and all decoders with it; harmless when repeated."""
        with self._lock:
            self._closed = True
            starting, process = self._starting, self._process
            if process is not None:
                process.kill() if starting and not starting.done() else process.terminate()
                _bury(process)
        self._folder.cleanup()

    def _ready(self) -> Future[str]:
        with self._lock:
            if self._starting is not None and (not self._starting.done() or self.pid):
                return self._starting
            if self._closed or self._clock() - self._started < RESTART_SECONDS:
                raise DecoderLost("the nursery died a moment ago")
            self._started, self._births = self._clock(), self._births + 1
            if self._process is not None:
                _bury(self._process)
            self._process, self._starting = self._born(), Future()
            self.teaching.forget()
            about = (self._process, self._path(), self._starting)
            threading.Thread(target=self._attend, args=about, daemon=True).start()
            return self._starting

    def _tell(self, lesson: str) -> None:
        """Waits while the nursery is busy, or for ever when it hangs: only for the thread that teaches."""
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.write(lesson + "\n")
            process.stdin.flush()

    def _path(self) -> str:
        return str(Path(self._folder.name) / f"nursery-{self._births}")

    def _born(self) -> subprocess.Popen[str]:
        choices = json.dumps({language: astuple(choice) for language, choice in self._choices.items()})
        return subprocess.Popen(
            [sys.executable, "-m", "ivr.speech.nursery", self._path(), choices],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _attend(self, process: subprocess.Popen[str], path: str, starting: Future[str]) -> None:
        """Until the models are loaded: seconds."""
        too_long = threading.Timer(LOADING_SECONDS, process.kill)
        too_long.start()
        ready = ""
        with contextlib.suppress(OSError, ValueError):  # it was closed under our hands
            ready = process.stdout.readline() if process.stdout else ""
        too_long.cancel()
        try:
            told = json.loads(ready)
            self.languages, self.broken = tuple(told["languages"]), told["broken"]
        except (ValueError, KeyError, TypeError):  # nothing, or not what a nursery says
            process.kill()
            starting.set_exception(DecoderLost("the nursery did not start"))
            return
        starting.set_result(path)


def _bury(process: subprocess.Popen[str]) -> None:
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):
                pipe.close()
