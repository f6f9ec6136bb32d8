"""When a message is offered, asked for or refused; a person stays in reach, and nothing secret is recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callflows import HangUp, Heard, Listen, Record, Transfer, advance, begin
from callflows.answers import Digits
from callflows.language import Flow
from ivr.records.messages import LEFT

CALLER = {"phone": "+33612345678", "language": "fr"}


def address(number):
    return f"https://carrier.invalid/Recordings/RE{number:032x}"


def heard_of(deed):
    if isinstance(deed, Heard):
        return deed
    return Heard(keys=deed) if deed[:1] in "0123456789*#" else Heard(words=deed)


@pytest.fixture
def talk(house):
    """Plays deeds in a house whose desk is as it is said; gives the last state."""

    def play(*deeds, first="main_menu.welcome", **tools):
        tools = replace(house.tools, **tools)
        state = begin("CA1", CALLER, tools, first=first)
        for deed in deeds:
            state = advance(state, heard_of(deed), tools)
        return state

    return play


def said(state):
    return [say.prompt for say in state.answer.says]


@pytest.mark.parametrize(("desk", "told"), [("away", "agent.nobody_there"), ("busy", "agent.long_wait")])
def test_whoever_finds_nobody_or_a_long_line_may_leave_a_message(talk, desk, told):
    assert said(talk("0", desk=lambda: desk)) == [told, "agent.wait_or_message"]
    assert said(talk("conseiller", "1", desk=lambda: desk)) == ["leave.ready"]


@pytest.mark.parametrize("answer", ["2", "attendre", "non", Heard(), "0", "conseiller"])
def test_whoever_would_rather_wait_waits_and_is_not_asked_again(talk, answer):
    state = talk("0", answer, desk=lambda: "away")

    assert isinstance(state.answer.then, Transfer) and state.answer.then.reason == "agent"


@pytest.mark.parametrize("tools", [
    {"desk": lambda: "open"}, {"desk": lambda: "unused"}, {"desk": None}, {"desk": lambda: "away", "messages": None},
])  # fmt: skip
def test_otherwise_a_person_comes_without_a_word_more(talk, tools):
    assert said(talk("0", **tools)) == ["agent.connecting"]


def test_in_distress_nobody_is_asked_anything(talk):
    assert said(talk("au secours", desk=lambda: "away")) == ["agent.at_once"]


def test_a_message_is_recorded_after_its_caller_knows_who_hears_it_and_how_long_it_is_kept(talk, house):
    ready, name, message = talk("4"), talk("4", "1"), talk("4", "1", Heard(recording=address(1)))

    assert ready.answer.says[-1].slots == {"days": house.messages.days}
    assert isinstance(ready.answer.then, Listen)
    assert (name.answer.then.kind, name.answer.then.seconds) == ("name", 15)
    assert (message.answer.then.kind, message.answer.then.seconds) == ("message", 120)


@pytest.mark.parametrize("asks", ["je voudrais laisser un message", "I would like to leave a message"])
@pytest.mark.parametrize("before", [(), ("1",), ("1", "112"), ("2",)], ids=["menu", "title", "date", "programme"])
def test_it_is_understood_at_every_question(talk, asks, before):
    language = ("english please",) if asks.startswith("I ") else ()

    assert said(talk(*language, *before, asks)) == ["leave.ready"]


def test_a_recording_that_is_not_the_carrier_s_is_asked_for_again(talk, house):
    state = talk("4", "1", Heard(), Heard(recording="https://elsewhere.invalid/secret"))

    assert said(state) == ["leave.once_more", "leave.message"] and isinstance(state.answer.then, Record)
    assert house.messages.book.to_fetch(9) == ()


ELSEWHERE = Heard(recording="https://elsewhere.invalid/secret")


@pytest.mark.parametrize("nothing", [(Heard(),), (Heard(), "3", Heard(), "3", Heard()), (ELSEWHERE, Heard())],
                         ids=["silence", "silence again and again", "another's recording"])  # fmt: skip
def test_who_says_nothing_when_saying_it_anew_keeps_what_was_recorded_before(talk, house, nothing):
    state = talk("4", "1", Heard(), Heard(recording=address(2)), "3", *nothing)

    assert said(state) == ["leave.review"]
    kept = talk("4", "1", Heard(), Heard(recording=address(3)), "3", *nothing, "1")
    assert "leave.kept" in said(kept) and house.messages.book.get(f"RE{3:032x}").state == LEFT


def test_who_says_nothing_twice_has_nothing_to_say(talk):
    assert said(talk("4", "1", Heard(), Heard())) == ["leave.once_more", "leave.message"]
    assert said(talk("4", "1", Heard(), Heard(), Heard()))[0] == "leave.not_now"


@pytest.mark.parametrize(("deed", "prompt"), [
    ("1", "leave.kept"), ("gardez-le", "leave.kept"), ("oui", "leave.kept"), (Heard(), "leave.kept"),
    ("2", "leave.cannot_play"), ("réécouter", "leave.cannot_play"),
    ("3", "leave.once_more"), ("refaire", "leave.once_more"), ("4", "leave.dropped"),
    ("effacez-le", "leave.dropped"), ("non", "leave.dropped"), ("*", "leave.review"),
    ("0", "agent.connecting"), ("#", "leave.message"),
])  # fmt: skip
def test_what_can_be_done_with_it(talk, deed, prompt):
    state = talk("4", "1", Heard(), Heard(recording=address(2)), deed, desk=lambda: "away")

    assert prompt in said(state)


def test_after_all_of_it_the_call_ends_or_goes_on_where_it_was(talk):
    to_the_end = ("1", "112", "laisser un message", "1", Heard(), Heard(recording=address(3)), "1")

    assert said(talk(*to_the_end, "1"))[-1] == "buy.when"
    assert isinstance(talk(*to_the_end, Heard()).answer.then, HangUp)


def test_a_house_that_takes_none_says_so_and_the_question_stands(talk):
    assert said(talk("1", "laisser un message", messages=None)) == ["leave.no_messages", "buy.which"]


def test_nothing_is_recorded_while_something_secret_is_asked(talk, house):
    """A card number, a PIN: the sentence is not even obeyed."""
    secret = Flow("secret", first="pin")

    @secret.ask("record.pin", Digits(speech=False, secret=True), to={"in": "out"})
    def pin(call, code):
        """A secret."""
        return "in"

    secret.end("out", "main.goodbye")
    flows = {**house.tools.flows, "secret": secret}

    state = talk("laisser un message", first="secret.pin", flows=flows)

    assert said(state)[-1] == "record.pin" and state.where == ["secret.pin"]
