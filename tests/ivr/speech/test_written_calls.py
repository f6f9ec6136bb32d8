"""Written calls marked `sound`, spoken in French through the real socket and heard by templates."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from speech_body import InSound
from speech_templates import TemplateLines
from test_calls import CALL_ID, CALLS, Player

from ivr.simulator.written import parse_call, read_call
from ivr.switchboard import Incoming

pytestmark = pytest.mark.sound
SPOKEN = [path for path in CALLS if read_call(path).sound]


@pytest.fixture(scope="module")
def taught() -> TemplateLines:
    """Every sentence of these calls, as a known voice says it."""
    lines = [line for path in SPOKEN for line in read_call(path).lines]
    return TemplateLines(tuple(dict.fromkeys(line.rest for line in lines if line.word == "says")))


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.stem)
def test_a_spoken_call_goes_as_it_is_written(path: Path, house, taught):
    call = read_call(path)
    caller = InSound(house, taught, Incoming(CALL_ID, call.caller, "+33199000111", call.language or "fr"))

    with closing(caller):
        Player(call, caller, house).play()

    said = [line.rest for line in call.lines if line.word == "says"]
    assert len([heard for heard in caller.heard if heard.words and heard.confidence]) == len(said)


def test_a_call_that_is_heard_otherwise_than_written_is_found_out(house, taught):
    """The control: what was said decides, not what is written."""
    call = parse_call("sound\nhears main.menu\nsays deux places pour la bohème le quinze décembre au parterre\n"
                      "hears buy.offer\nsays conseiller\nhears buy.collection\n")  # fmt: skip
    caller = InSound(house, taught, Incoming(CALL_ID, call.caller, "+33199000111", "fr"))

    with closing(caller), pytest.raises(AssertionError, match=r"buy\.collection"):
        Player(call, caller, house).play()


def test_at_least_three_calls_are_spoken():
    assert len(SPOKEN) >= 3
