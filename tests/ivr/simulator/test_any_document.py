"""Whatever a product sends, and whatever its caller does, the network itself neither breaks nor hangs."""

from __future__ import annotations

import random

import pytest

from ivr.simulator import grammar
from ivr.simulator.conformance import judge

VALUES = (
    "true|false|x||0|1|3|-1|99999|auto|POST|GET|suite|https://opera.test/ivr/suite|wss://opera.test/flux|dtmf speech"
)
VALUES = [*VALUES.split("|"), "#", "*", "record-from-answer", "record-from-ringing-dual", "busy", "visa", "ach-debit"]
TEXTS = ["bonjour", "+33155000001", "sip:a@opera.test", "billetterie", "https://opera.test/p/a.wav", "", "suite"]
REST = [{"Status": "completed"}, {"Url": "https://opera.test/ivr/fin"}, {"Twiml": "<Response><Say>x</Say></Response>"}]


def element(chance, name, parent, depth=0):
    """An element with some of its attributes, sensible or not, and some of its children."""
    known = [attribute for attribute in grammar.table()[parent][name] if ":" not in attribute]
    chosen = chance.sample(known, min(len(known), chance.randrange(4)))
    attributes = "".join(f' {attribute}="{chance.choice(VALUES)}"' for attribute in chosen)
    inside = list(grammar.table().get(name, {})) if depth < 3 else []
    children = [element(chance, chance.choice(inside), name, depth + 1) for _ in range(chance.randrange(3)) if inside]
    return f"<{name}{attributes}>{chance.choice(TEXTS)}{''.join(children)}</{name}>"


def document(chance):
    verbs = list(grammar.table()["Response"])
    inside = "".join(element(chance, chance.choice(verbs), "Response") for _ in range(chance.randrange(4)))
    return f"<Response>{inside}</Response>"


def case(seed):
    chance = random.Random(seed)
    caller = [{"t": chance.randrange(400) / 10, "press": chance.choice("0123456789*#") * 3} for _ in range(4)]
    caller += [{"t": chance.randrange(300) / 10, "say": "oui", "dur": 1}, {"t": chance.randrange(300) / 10, "voice": 2}]
    return {
        "id": f"any-{seed}",
        "pages": {
            f"https://opera.test/ivr/{name}": [document(chance), document(chance), "<Response/>"]
            for name in ("voice", "suite", "fin")
        },
        "caller": [*caller, {"t": chance.randrange(20, 90), "hangup": True}],
        "far": [{"number": "+33155000001", "outcome": chance.choice(["answer", "busy", "no-answer"]), "after": 1}],
        "ws": {"server_closes_at": chance.randrange(1, 20)},
        "rest": [{"t": chance.randrange(1, 30), "update": chance.choice(REST)}],
        "start": {
            "url": "https://opera.test/ivr/voice",
            "from": chance.choice(["+33612345678", "sip:a@opera.test"]),
            "status_callback": "https://opera.test/ivr/etat",
        },
        "expect": {},
    }


@pytest.mark.parametrize("hundred", range(3))
def test_no_document_breaks_the_network(hundred):
    for seed in range(hundred * 100, hundred * 100 + 100):
        assert judge(case(seed)).differences == (), seed
