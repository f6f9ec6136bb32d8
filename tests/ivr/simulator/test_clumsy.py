"""The switch `--clumsy SEED`: the same seed is the same mischief to the byte, whatever other callers do."""

from __future__ import annotations

import pytest

from ivr.simulator.clumsy import Chances
from ivr.simulator.load import run
from ivr.simulator.mix import Kind, Mix, Rule, _pattern
from ivr.simulator.rushed import Rushed

OFTEN = Chances(repeated=0.3, delayed=0.3, lost=0.2, answer_lost=0.2, forged=0.3, late_again=0.3, hung_up=0.2, cut=0.2)
BUYER = Kind(
    "buyer",
    1,
    (Rule(_pattern("combien"), presses=("2#", "3#")), Rule(_pattern("quel jour"), says=("samedi", "dimanche"))),
    thinks=(0.2, 1.5),
    hesitates=0.1,
    met=_pattern("réservé"),
)
MIX = Mix("toy", (BUYER,))


@pytest.fixture
def house(product):
    """Two questions and a goodbye."""
    product.pages |= {
        "/voice/incoming": '<Gather action="/jour"><Say>Combien de places ?</Say></Gather><Redirect>/jour</Redirect>',
        "/jour": '<Gather input="dtmf speech" speechTimeout="1" action="/fin"><Say>Quel jour ?</Say></Gather>'
        "<Redirect>/fin</Redirect>",
        "/fin": "<Say>C’est réservé</Say>",
        "/voice/again": "<Hangup/>",
    }
    return product


def bytes_sent(house, *, clumsy, calls=8, seed=3):
    """Everything that left the network, in order, and the report."""
    with Rushed("http://opera.test", http=house.app, seed="octets", clumsy=clumsy, chances=OFTEN) as rushed:
        report = rushed.run(run(rushed, MIX, calls=calls, rate=2, seed=seed, tell=lambda progress: None))
        sent = [(asked.at, asked.request) for asked in rushed.carrier.requests]
        return repr(sent), report, list(rushed.clumsy.mischief) if rushed.clumsy else []


def test_the_same_seed_sends_the_same_bytes(house):
    first, report, mischief = bytes_sent(house, clumsy="1")
    second, again, _ = bytes_sent(house, clumsy="1")

    assert first == second
    assert (report.calls, report.met, report.by_kind) == (again.calls, again.met, again.by_kind)
    assert len(mischief) > 10
    assert report.lost == 0


def test_another_seed_sends_others(house):
    assert bytes_sent(house, clumsy="1")[0] != bytes_sent(house, clumsy="2")[0]


def test_what_befalls_a_caller_does_not_depend_on_the_others(house):
    """The control: with one die for all, eight callers would change the luck of the first."""
    alone = bytes_sent(house, clumsy="1", calls=1)[2]
    among = bytes_sent(house, clumsy="1", calls=8)[2]

    assert alone
    assert all(mishap in among for mishap in alone)


def test_no_forged_request_is_ever_taken_for_a_real_one(house):
    bytes_sent(house, clumsy="1")

    assert house.forged


def test_a_calm_network_answers_everybody(house):
    _, report, _ = bytes_sent(house, clumsy=None)

    assert (report.calls, report.lost, report.errors, report.faults) == (8, 0, (), ())
    assert report.met == 8
