"""Calls in flight, saved by an earlier version at every question: this version must go on with each of them.

A release writes its own: `souffleur flows explore --save tests/saved_calls/VERSION`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callflows import ALL_FLOWS, CallState, Heard, Transfer
from ivr.incoming import Incoming

SAVED = sorted((Path(__file__).parent / "saved_calls").rglob("*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_a_saved_call_goes_on(path, house):
    saved = json.loads(path.read_text(encoding="utf-8"))
    house.calls.save(saved, after=None)

    reply, turn = house.switchboard.take_turn(Incoming(saved["call"]), saved["turn"], Heard(keys="1"))

    assert turn == saved["turn"] + 1
    assert not (isinstance(reply.then, Transfer) and reply.then.reason == "trouble")
    assert "general.once_more" not in [say.prompt for say in reply.says]


def test_every_question_has_its_saved_call():
    saved = {path.stem for path in SAVED}
    questions = {
        f"{flow.name}.{name}"
        for flow in ALL_FLOWS.values()
        for name, step in flow.steps.items()
        if hasattr(step, "answer")
    }

    assert questions - saved <= {"record_prompts.review"}  # needs a carrier's recording to be reached


def test_a_saved_call_is_small(house):
    assert all(path.stat().st_size < 16_000 for path in SAVED)
    assert all(CallState.from_json(json.loads(path.read_text())).where for path in SAVED)
