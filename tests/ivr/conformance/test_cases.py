"""Every case of carrier behaviour, and controls that a wrong expectation is noticed."""

import copy
import json
from pathlib import Path

import pytest

from ivr.simulator.conformance import judge
from ivr.simulator.conformance.rehearsal import rehearse


def cases_of(name):
    return json.loads((Path(__file__).parent / name).read_text("utf-8"))["cases"]


CASES, MORE = cases_of("cases.json"), cases_of("more_cases.json")
DOCUMENTED, DISPUTED = cases_of("documented_cases.json"), cases_of("disputed_cases.json")
EXECUTABLE = [case for case in CASES if case["exec"]]


@pytest.mark.parametrize("case", [*CASES, *MORE, *DOCUMENTED], ids=lambda case: case["id"])
def test_the_network_behaves_as_the_case_says(case):
    verdict = judge(case)

    assert verdict.differences == ()


@pytest.mark.parametrize("case", EXECUTABLE, ids=lambda case: case["id"])
def test_a_wrong_expectation_is_noticed(case):
    """The control: without it, a comparison that compares nothing would pass every case."""
    for wrong in mutations(case["expect"]):
        assert judge(case | {"expect": wrong}).failed, wrong


@pytest.mark.parametrize("case", DOCUMENTED, ids=lambda case: case["id"])
def test_a_wrong_expectation_of_a_documented_case_is_noticed(case):
    """One is enough here: an expectation of each case that cannot come true."""
    name, wrong = next(impossible(case["expect"]))

    assert judge(case | {"expect": {name: wrong}}).failed


def impossible(expect):
    """For each expectation, one that no call fulfils."""
    for name, wanted in expect.items():
        if name == "requests_absent":
            yield "requests_contain", wanted
        elif name in {"error", "warning", "end", "answered", "answered_at", "ended_at", "connected"}:
            yield "error", [99999]
        elif isinstance(wanted, list):
            yield name, [*wanted, {"url": "https://opera.test/ghost"} if "requests" in name else "ghost"]
        elif name == "last_request":
            yield name, wanted | {"method": "PUT"}
        else:
            yield name, "ghost"


def test_every_documented_case_names_the_page_it_comes_from():
    assert all(source.startswith("https://") for case in [*DOCUMENTED, *DISPUTED] for source in case["sources"])
    assert all(case["sources"] for case in [*DOCUMENTED, *DISPUTED])


@pytest.mark.parametrize("case", DISPUTED, ids=lambda case: case["id"])
def test_a_disputed_case_says_why_and_runs_to_its_end(case):
    rehearse(case)

    assert case["disputed"]


def mutations(expect):
    """The same expectation with one thing changed at a time."""
    for place, request in enumerate(expect.get("requests", ())):
        for change in ({"url": request["url"] + "x"}, {"method": "PUT"}, {"t": 999}, {"params": {"CallSid": "x"}}):
            yield changed(expect, "requests", place, request | change)
    if "requests" in expect:
        yield expect | {"requests": [*expect["requests"], {"method": "POST", "url": "https://opera.test/ghost"}]}
    if "heard" in expect:
        yield expect | {"heard": [*expect["heard"], "ghost"]}
    for name in ("ended_at", "heard_count"):
        if name in expect:
            yield expect | {name: expect[name] + 1}
    for name in ("heard_at", "cut_at"):
        if name in expect:
            yield expect | {name: [moment + 0.2 for moment in expect[name]]}
    for name in ("error", "warning"):
        if name in expect:
            yield expect | {name: [99999]}
    if "end" in expect:
        yield expect | {"end": "never"}


def changed(expect, name, place, value):
    copied = copy.deepcopy(expect)
    copied[name][place] = value
    return copied


def test_an_expectation_nobody_knows_is_a_failure():
    case = EXECUTABLE[0] | {"expect": {"fragrance": "roses"}}

    assert "not known" in judge(case).differences[0]
