"""The table of what may stand where is the official package's own; documents are read without trust."""

from __future__ import annotations

import inspect

import pytest
import twilio.twiml.voice_response as official
from twilio.twiml import TwiML

from ivr.simulator import grammar
from ivr.simulator.document import read
from ivr.simulator.errors import DocumentFailed
from ivr.simulator.verbs import VERBS


def made(kind):
    """An element of the official package, every argument given."""
    names = [name for name in inspect.signature(kind).parameters if name != "kwargs"]
    return kind(**dict.fromkeys(names, "x"))


def official_table() -> dict[str, dict[str, list[str]]]:
    """Parent -> child -> attributes, by asking the official package for every child it can make."""
    table: dict[str, dict[str, list[str]]] = {}
    for kind in vars(official).values():
        if not (inspect.isclass(kind) and issubclass(kind, TwiML) and kind is not TwiML):
            continue
        parent = made(kind)
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if name in vars(kind) and not name.startswith("_"):
                arguments = [one for one in inspect.signature(method).parameters if one not in {"self", "kwargs"}]
                child = getattr(parent, name)(**dict.fromkeys(arguments, "x"))
                table.setdefault(parent.name, {})[child.name] = sorted(child.attrs)
    return table


def test_the_table_is_the_official_packages():
    ours = {
        parent: {child: sorted(attributes) for child, attributes in children.items()}
        for parent, children in grammar.table().items()
    }

    assert ours == official_table()


def test_every_verb_can_be_performed():
    assert set(grammar.table()["Response"]) == set(VERBS)


@pytest.mark.parametrize("body", [
    '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Response><Say>&b;</Say></Response>',
    '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><Response><Say>&a;</Say></Response>',
    '<!DOCTYPE r SYSTEM "http://opera.test/r.dtd"><Response/>',
    "<Response>" + "<Gather>" * 50 + "</Gather>" * 50 + "</Response>",
    "<Response>" + "<a>" * 9000,
    "<Response><Say>" + "a" * 70_000 + "</Say></Response>",
    "<Response><Say>\x0b</Say></Response>",
    "<Reponse/>",
    "",
    "<Response",
    b"\xff\xfe\x00",
    b'<?xml version="1.0" encoding="nonsense"?><Response/>',
], ids=lambda body: repr(body[:40]))  # fmt: skip
def test_hostile_and_broken_documents_are_refused(body):
    try:
        page = read(body)
    except DocumentFailed:
        return
    assert page.verbs == () or all(not verb.children for verb in page.verbs[0].children)  # nested too deep: left out


def test_what_may_not_stand_there_is_left_out_with_a_warning():
    page = read("<Response><Dial><Gather/><Number>+331</Number></Dial><Chante/></Response>")

    assert [child.name for child in page.verbs[0].children] == ["Number"]
    assert [fault.verb for fault in page.faults] == ["Gather", "Chante"]


def test_text_is_read_as_one_line():
    page = read("<Response><Say>\n  Bonsoir,\n <!-- rien --> <emphasis>madame</emphasis>\n</Say></Response>")

    assert page.verbs[0].text == "Bonsoir, madame"
