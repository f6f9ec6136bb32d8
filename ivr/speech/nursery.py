"""The nursery: loads the models once and forks a decoder for every line; a process without threads, so that it may.

    python -m ivr.speech.nursery SOCKET '{"fr": ["vosk", "/models/fr"], "en": ["pocketsphinx", ""]}'

Its standard input is a rope to the process that started it: when that one is gone, so is the nursery. What comes along
the rope are questions to learn (see teaching.py).
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Iterator, Mapping

from ivr.speech.decoder import Decoder
from ivr.speech.engines import Choice, Engines, load
from ivr.speech.recogniser import Engine
from ivr.speech.trial import keep_survivors

_log = logging.getLogger(__name__)

MOST_MEMORY_MORE = 1_500_000_000
"""Bytes a decoder may take beyond the models it shares: one that runs wild ends itself, not the machine."""


def run(path: str, choices: Mapping[str, Choice]) -> None:
    """Load, listen at the socket `path`, and fork until the rope is cut."""
    engine = load(choices)
    keep_survivors(engine)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for decoders: the system buries them
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that holds the rope
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(path)
        door.listen(64)
        os.set_inheritable(door.fileno(), False)
        _tell_ready(engine.languages, {name: type(error).__name__ for name, error in engine.broken.items()})
        lessons = Lessons(engine)
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [], 0 if lessons.waiting else None)
            if door in ready:
                _take_in(door, engine)
            elif not ready:
                lessons.go_on()
            elif not lessons.take(os.read(sys.stdin.fileno(), 65536)):
                return


class Lessons:
    """Questions that will be asked again, a JSON line each: learnt here, step by step, for all decoders to come."""

    def __init__(self, engine: Engines) -> None:
        self._engine, self._read = engine, b""
        self._steps: deque[Iterator[None]] = deque()

    @property
    def waiting(self) -> bool:
        """Is there anything to learn?"""
        return bool(self._steps)

    def take(self, more: bytes) -> bool:
        """Note what has wholly arrived; false when the rope is cut."""
        *lessons, self._read = (self._read + more).split(b"\n")
        for lesson in lessons:
            with contextlib.suppress(ValueError, TypeError):
                language, phrases = json.loads(lesson)
                self._steps.append(self._engine.learn(language, tuple(phrases)))
        return bool(more)

    def go_on(self) -> None:
        """One step: callers who need a decoder wait no longer than that."""
        try:
            next(self._steps[0])
        except StopIteration:
            self._steps.popleft()
        except Exception as error:  # Vosk raises the bare class; each decoder finds out for itself
            _log.warning("a lesson is skipped: %s", error)
            self._steps.popleft()


def _tell_ready(languages: tuple[str, ...], broken: Mapping[str, str]) -> None:
    print(json.dumps({"languages": languages, "broken": broken}), flush=True)


def _take_in(door: socket.socket, engine: Engine) -> None:
    with contextlib.suppress(OSError):
        line, _ = door.accept()
        if os.fork() == 0:
            _live(door, line, engine)
        line.close()


def _live(door: socket.socket, line: socket.socket, engine: Engine) -> None:
    """The child: one decoder, and nothing of the parent's ever again."""
    try:
        door.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # else the rope is never cut for its writer
        gc.freeze()  # to look through what all share would be to copy it
        _limit_memory()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with line:
            Decoder(line, engine).serve()
    finally:
        os._exit(0)


def _limit_memory() -> None:
    with open("/proc/self/statm", encoding="ascii") as about, contextlib.suppress(ValueError, OSError):
        now = int(about.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MOST_MEMORY_MORE, now + MOST_MEMORY_MORE))


if __name__ == "__main__":
    run(sys.argv[1], {language: Choice(*choice) for language, choice in json.loads(sys.argv[2]).items()})
