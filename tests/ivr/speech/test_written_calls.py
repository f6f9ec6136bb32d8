"""Written calls marked `sound`, spoken in French through the real socket and heard by templates."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from speech_body import InSound, Manner
from speech_templates import TemplateLines
from speech_weather import BadLine
from test_calls import CALL_ID, CALLS, Player

from ivr.incoming import Incoming
from ivr.simulator.written import parse_call, read_call

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


PURCHASE = "deux places pour la bohème le quinze décembre au parterre"


@pytest.mark.parametrize(
    "manner",
    [
        Manner(noise=-40),
        Manner(phone=BadLine, line={"loss": 0.03, "clump": 5}),
        Manner(phone=BadLine, line={"echo": -30.0}),  # under 26 dB these templates take a short «oui» for «qu'une»
        Manner(hesitates=0.7),
        Manner(voice={"pitch": 0.82, "speed": 0.93}),
        Manner(voice={"pitch": 1.22, "speed": 1.12}),
    ],
    ids=["noise at 20 dB", "loss and jitter", "our own echo", "hesitation", "a low slow voice", "a high fast voice"],
)
def test_two_seats_are_offered_whoever_speaks_over_whatever_line(house, taught, manner):
    """A whole sentence and a yes, each over the prompt that is being played."""
    call = parse_call(f"sound\nhears main.menu\nsays {PURCHASE}\nhears buy.offer quantity=2\n"
                      "says oui\nhears buy.collection\nhangs up\nheld 2 seats\n")  # fmt: skip
    caller = InSound(house, taught, Incoming(CALL_ID, call.caller, "+33199000111", "fr"), manner)

    with closing(caller):
        Player(replace(call, lines=call.lines[:-1]), caller, house).play()

    assert [heard.words for heard in caller.heard if heard.words] == [PURCHASE, "oui"]
    assert caller.phone.clears >= 2, "she was not heard over the prompt"


def test_our_own_echo_alone_is_no_answer(house, taught):
    """The control: the prompt comes back from her handset to its very end, and nobody has begun to speak."""
    incoming = Incoming(CALL_ID, "+33612345678", "+33199000111", "fr")
    caller = InSound(house, taught, incoming, Manner(phone=BadLine, line={"echo": -20.0}))

    with closing(caller):
        caller.dial()
        caller.phone.until_played()

    assert caller.phone.echoes > 100
    assert caller.phone.clears == 0
    assert len(caller.heard) == 1


def test_at_least_eight_calls_are_spoken():
    """A whole purchase by words, corrections, other seats, another date, silences, a person."""
    assert len(SPOKEN) >= 8
