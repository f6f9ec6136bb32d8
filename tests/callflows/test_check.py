"""Flows are checked before a call does: every fault is found, and the house's own flows have none."""

from callflows import ALL_FLOWS, Flow
from callflows.answers import YesNo
from callflows.chart import as_diagram, as_markdown
from callflows.check import faults
from prompts import Catalogue

WORDS = Catalogue.load()


def problems(flow):
    found = faults({**ALL_FLOWS, flow.name: flow}, WORDS)
    return [fault.problem for fault in found if fault.place.startswith(flow.name)]


def a_flow():
    flow = Flow("small", first="question")
    flow.end("bye", "main.goodbye")
    return flow


def test_the_house_has_no_fault():
    assert faults(ALL_FLOWS, WORDS) == []


def test_a_target_that_does_not_exist_is_found():
    flow = a_flow()

    @flow.ask("buy.offer", YesNo(), to={"yes": "nowhere"})
    def question(call, answer):
        return "yes"

    assert any("leads to small.nowhere" in problem for problem in problems(flow))


def test_an_outcome_that_is_not_declared_is_found():
    flow = a_flow()

    @flow.ask("buy.offer", YesNo(), to={"yes": "bye"})
    def question(call, answer):
        return "yes" if answer == "yes" else "perhaps"

    assert any("returns 'perhaps'" in problem for problem in problems(flow))


def test_an_outcome_that_never_comes_is_found():
    flow = a_flow()

    @flow.ask("buy.offer", YesNo(), to={"yes": "bye", "no": "bye"})
    def question(call, answer):
        return "yes"

    assert any("declares 'no'" in problem for problem in problems(flow))


def test_a_prompt_without_wording_is_found():
    flow = a_flow()
    flow.tell("question", "small.never_written", to="bye")

    assert sum("small.never_written has no wording" in problem for problem in problems(flow)) == 2


def test_a_round_without_an_exit_is_found():
    flow = Flow("small", first="one")
    flow.tell("one", "main.goodbye", to="two")
    flow.tell("two", "main.goodbye", to="one")

    assert any("no way out" in problem for problem in problems(flow))


def test_a_step_that_nobody_reaches_is_found():
    assert any("no call ever comes here" in problem for problem in problems(a_flow()))


def test_a_chart_shows_every_step_with_its_wording_and_its_ways():
    flow = ALL_FLOWS["buy_seats"]

    drawn = as_markdown(flow, WORDS, "fr")

    assert all(f"| {step} |" in drawn for step in flow.steps)
    assert "group → to_agent.group" in drawn and "Combien de places" in drawn


def test_a_diagram_has_an_arrow_for_every_outcome():
    flow = ALL_FLOWS["buy_seats"]

    arrows = as_diagram(flow).count("-->")

    assert arrows == sum(len(step.to) for step in flow.steps.values())
