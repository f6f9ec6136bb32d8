"""The media process under measurement: the product's own server, sockets, ears and decoders; questions of a bench.

    python -m ivr.bench.speech_house <<< '{"port": 8001, "lines": 40, "language": "en", "choice": ["pocketsphinx", ""],
                                           "prompt": "file.ulaw", "questions": [{"context": "any", …}, …]}'

A call with the id «CA-3» is asked question 3, then 4, and so on; any ticket is good. `GET /measured` tells what was
decided since it was last asked, and what it cost.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, request

from callflows.heard import Heard
from callflows.reply import Listen, Reply, Say
from ivr.incoming import Incoming
from ivr.media_app import say_farewell
from ivr.media_server import MediaServer
from ivr.settings import Settings
from ivr.speech.decoders import Decoders
from ivr.speech.ears import Ears
from ivr.speech.engines import Choice
from ivr.speech.recogniser import Question
from ivr.telephony.conversation import Voices
from ivr.telephony.media import MediaParts, make_media
from ivr.telephony.tickets import Tickets

TICKS = os.sysconf("SC_CLK_TCK")
THE_QUESTION = "bench"
"""No prompt of the house: whatever is asked here, the same recording is played."""


@dataclass
class Interviewer:
    """Stands where the switchboard stands: asks one question after the other, notes when each was answered."""

    language: str
    questions: list[Listen]
    decided: list[dict[str, Any]] = field(default_factory=list)
    _waited: dict[str, int] = field(default_factory=dict)

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        """Note it, and ask the next one."""
        call = incoming.call_id
        waited = self._waited.pop(call, 0) * 20.0
        about = {"call": call, "turn": turn, "at": time.monotonic(), "words": heard.words, "waited_ms": waited}
        self.decided.append(about)
        return self._reply(call, turn + 1), turn + 1

    def again(self, call_id: str) -> tuple[Reply, int]:
        """A call's first question."""
        return self._reply(call_id, 0), 0

    def keep(self, call_id: str, turn: int, ears: Ears) -> None:
        """Stands where the keeper stands: how much of the delay was waiting for the end of speech."""
        self._waited[call_id] = ears.paused

    def _reply(self, call: str, turn: int) -> Reply:
        question = self.questions[(int(call.rpartition("-")[2]) + turn) % len(self.questions)]
        return Reply((Say(THE_QUESTION),), question, self.language)


class AnyTicket(Tickets):
    """Without Redis: every ticket is good."""

    def __init__(self) -> None:
        """Nothing to link to."""

    def redeem(self, ticket: str, call_id: str) -> bool:
        """Always."""
        return True

    def went_well(self, call_id: str) -> None:
        """Nobody counts."""

    def put_on_keys(self, call_id: str, seconds: int) -> None:
        """Nobody asks."""

    def leave(self) -> None:
        """Nobody is told."""


def app_of(told: Mapping[str, Any]) -> Flask:
    """The media app, and beside it what was measured."""
    decoders = Decoders({told["language"]: Choice(*told["choice"])}, limit=told["lines"])
    decoders.start()
    questions = [Listen(**{**each, "phrases": tuple(each["phrases"])}) for each in told["questions"]]
    for each in questions:  # as the product expects its own when it starts
        decoders.expect(Question.of(each, told["language"]))
    interviewer, prompt = Interviewer(told["language"], questions), Path(told["prompt"]).read_bytes()
    voices = Voices(interviewer, lambda say, manner: prompt, lambda listen, language: listen.phrases, interviewer)
    parts = MediaParts(voices, AnyTicket(), decoders, lambda request: True)
    app = make_media(parts)
    say_farewell(parts)

    @app.get("/measured")
    def measured() -> dict[str, Any]:
        decided, interviewer.decided = interviewer.decided, []
        memory = "memory" in request.args
        lines = [about for pid in decoders.pids if (about := _process(pid, memory))]
        ours = _process(os.getpid(), memory)
        return {"decided": decided, "decoders": lines, "media": ours, "languages": decoders.languages}

    return app


def _process(pid: int, memory: bool) -> dict[str, float] | None:
    """Processor seconds a process has used, and, when asked, MB that it shares with nobody."""
    try:
        cpu = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines() if memory else []
    except OSError:
        return None
    private = sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))
    return {"pid": pid, "cpu": sum(map(int, cpu)) / TICKS, "private_mb": private / 1024}


def serve(told: Mapping[str, Any]) -> None:
    """Until it is ended."""
    settings = Settings(data=Path(), port=told["port"], log_level="WARNING")
    MediaServer(settings, lambda: app_of(told), lines=told["lines"]).run()


if __name__ == "__main__":
    serve(json.load(sys.stdin))
