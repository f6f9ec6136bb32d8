"""A tireless caller tries everything in a real house, and finds what is wrong in a bad one."""

from dataclasses import replace

from callflows import ALL_FLOWS, Flow
from callflows.answers import YesNo
from callflows.explore import explore


def test_whatever_a_caller_does_nothing_breaks_and_a_person_is_in_reach(house):
    report = explore(house.tools, visits=1, turns=1200)

    assert report.problems == []
    assert report.turns > 500


def test_a_step_that_breaks_is_found_with_the_way_that_led_there(house):
    broken = Flow("main_menu", first="welcome", steps=dict(ALL_FLOWS["main_menu"].steps))

    @broken.ask("buy.offer", YesNo(), to={"yes": "goodbye"})
    def welcome(call, answer):
        """Forgets that a caller may say no."""
        return answer

    report = explore(replace(house.tools, flows={**ALL_FLOWS, "main_menu": broken}), visits=1, turns=60)

    assert any("outcome 'no' is not declared" in problem and "(after 2)" in problem for problem in report.problems)


def test_questions_and_prompts_that_nobody_met_are_told(house):
    report = explore(house.tools, visits=1, turns=1)

    assert "buy_seats.offer" in report.unreached and "buy.offer" in report.unheard
