"""The consent to keep spoken answers: asked once, after the sale, written down with its wording, taken back at will."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callflows import Heard
from ivr.house import put_together
from ivr.housekeeping import tidy
from ivr.incoming import BEGINNING, Incoming

CALLER = "+33612345678"
A_PURCHASE = ("1", "112", "1512", "2", "3", "1", "2")


class Caller:
    """Somebody who presses and says, straight at the switchboard."""

    def __init__(self, house: Any, call: str = "CA1", number: str = CALLER) -> None:
        self._house, self._incoming, self._turn = house, Incoming(call, number), BEGINNING
        self.turns = -1
        self.hears(Heard())

    def hears(self, heard: Heard) -> list[str]:
        """The prompts of the answer."""
        reply, self._turn = self._house.switchboard.take_turn(self._incoming, self._turn, heard)
        self.turns += 1
        return [say.prompt for say in reply.says]

    def presses(self, *keys: str) -> list[str]:
        """One answer after the other; the prompts of the last."""
        return [self.hears(Heard(keys=key)) for key in keys][-1]

    def buys(self) -> list[str]:
        """Two seats."""
        return self.presses(*A_PURCHASE)


@pytest.fixture
def keeps(settings: Any, clock: Any) -> Any:
    """Makes the same house again and again: one that keeps answers for thirty days, or as many as asked."""
    return lambda days=30: put_together(replace(settings, keep_heard_days=days), clock)


@pytest.mark.parametrize(("days", "asked"), [(30, True), (0, False)])
def test_the_question_comes_after_the_sale_and_only_where_answers_are_kept(keeps: Any, days: int, asked: bool) -> None:
    caller = Caller(keeps(days))

    assert "buy.sold" in caller.buys()
    assert caller.turns == len(A_PURCHASE)  # not one turn more before the sale
    assert caller.hears(Heard()) == (["consent.keep"] if asked else ["main.goodbye"])


@pytest.mark.parametrize(("answer", "kept", "told", "hears"), [
    (Heard(keys="1"), True, "yes", ["consent.thanks", "main.goodbye"]),
    (Heard(words="oui"), True, "yes", ["consent.thanks", "main.goodbye"]),
    (Heard(keys="2"), False, "no", ["consent.not_kept", "main.goodbye"]),
    (Heard(), False, "none", ["main.goodbye"]),
])  # fmt: skip
def test_each_answer_is_written_down_with_date_and_wording_and_nobody_is_asked_twice(
    keeps: Any, clock: Any, answer: Heard, kept: bool, told: str, hears: list[str]
) -> None:
    house = keeps()
    caller = Caller(house)
    caller.buys()
    caller.hears(Heard())

    assert caller.hears(answer) == hears

    customer = house.booking.customer(CALLER)
    answered = house.consents.of(customer.id)
    assert customer.consent == {"recording": kept}
    assert (answered.answer, answered.at, answered.days, answered.call) == (told, clock(), 30, "CA1")
    assert answered.wording == house.consents.wording("fr") != house.consents.wording("en")
    again = Caller(house, "CA2")
    again.buys()
    assert again.hears(Heard()) == ["main.goodbye"]


def test_whoever_hides_her_number_is_not_asked(keeps: Any) -> None:
    caller = Caller(keeps(), number="")
    caller.buys()

    assert caller.hears(Heard()) == ["main.goodbye"]


def test_a_person_is_in_reach_of_the_question(keeps: Any) -> None:
    caller = Caller(keeps())
    caller.buys()
    caller.hears(Heard())

    assert caller.presses("0") == ["agent.connecting"]


@pytest.mark.parametrize("number", [CALLER, ""])
def test_one_sentence_takes_it_back_anywhere_and_the_question_stands_again(keeps: Any, number: str) -> None:
    house = keeps()
    if number:
        house.consents.answered(number, "yes", "CA0", "fr")
    caller = Caller(house, number=number)
    caller.presses("1")

    heard = caller.hears(Heard(words="ne m'enregistrez plus"))

    assert heard == ["consent.erased" if number else "consent.never_kept", "buy.which"]
    if number:
        customer = house.booking.customer(number)
        assert customer.consent == {"recording": False}
        assert house.consents.of(customer.id).answer == "withdrawn"


def test_what_another_machine_kept_is_erased_by_housekeeping(keeps: Any) -> None:
    """Or what was kept in the very moment of taking it back; and nobody else's."""
    house = keeps()
    customer = house.booking.customer(CALLER)
    house.consents.answered(CALLER, "yes", "CA0", "fr")
    house.consents.withdraw(CALLER)
    from ivr.kept_answers import keeper_of
    from ivr.speech.keeping import _name

    day = keeper_of(house).folder / house.clock().date().isoformat()
    day.mkdir(parents=True)
    (day / f"{_name('CA1')}-003-{_name(customer.id)}.ulaw").write_bytes(b"sound")
    (day / f"{_name('CA2')}-003-{_name('somebody else')}.ulaw").write_bytes(b"sound")

    tidy(house)

    assert [path.name for path in day.iterdir()] == [f"{_name('CA2')}-003-{_name('somebody else')}.ulaw"]
