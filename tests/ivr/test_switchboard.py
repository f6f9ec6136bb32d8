"""Every turn is taken once: repeated, simultaneous, after a crash, after a deploy, after a loss of memory."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from callflows import ALL_FLOWS, CallState, Flow, HangUp, Heard, Transfer
from callflows.answers import Number
from ivr.callstore import CallStore
from ivr.incoming import BEGINNING, Incoming
from ivr.profiles import Profiles
from ivr.switchboard import Switchboard

CALL = Incoming("CA" + "1" * 32, "+33612345678", "+33199000111")
SENTENCE = Heard(words="deux places pour la bohème le quinze décembre au parterre")
YES, E_TICKET = Heard(keys="1"), Heard(keys="1")


def switchboard(house, *, calls=None, tools=None):
    """The house's switchboard, with another store or other tools where a test is about them."""
    return Switchboard(calls or house.calls, tools or house.tools, house.journal, Profiles(house.booking))


def play(board, *deeds):
    """Dial and do these things; the last reply."""
    reply, turn = board.take_turn(CALL, BEGINNING, Heard())
    for heard in deeds:
        reply, turn = board.take_turn(CALL, turn, heard)
    return reply, turn


def prompts(reply):
    return [say.prompt for say in reply.says]


class DiesBeforeSaving(CallStore):
    """A worker that is killed after the work and before it is written down, once, at one turn."""

    at: int = -1

    def save(self, data, after, told=()):
        if data["turn"] == self.at:
            self.at = -1
            raise KeyboardInterrupt
        return super().save(data, after, told)


@pytest.mark.parametrize("fatal_turn", [1, 2, 3])
def test_a_crash_between_booking_and_saving_loses_nothing_and_doubles_nothing(house, fatal_turn):
    calls = DiesBeforeSaving(house.redis)
    calls.at = fatal_turn
    board = switchboard(house, calls=calls)

    reply, turn = board.take_turn(CALL, BEGINNING, Heard())
    for heard in (SENTENCE, YES, E_TICKET):
        try:
            reply, turn = board.take_turn(CALL, turn, heard)
        except KeyboardInterrupt:
            reply, turn = board.take_turn(CALL, turn, heard)

    reference = reply.says[-1].slots["reference"]
    assert len(house.booking.clerk("phone", CALL.call_id).order(reference).sold) == 2
    assert house.tools.clerk(CALL.call_id).holds() == ()
    assert house.booking.audit().is_clean


def test_another_answer_after_a_crash_leaves_one_hold(house):
    calls = DiesBeforeSaving(house.redis)
    calls.at = 1
    board = switchboard(house, calls=calls)
    _, turn = board.take_turn(CALL, BEGINNING, Heard())
    with pytest.raises(KeyboardInterrupt):
        board.take_turn(CALL, turn, SENTENCE)

    board.take_turn(CALL, turn, Heard(words="trois places pour la bohème le quinze décembre au parterre"))

    (hold,) = house.tools.clerk(CALL.call_id).holds()
    assert len(hold.seats) == 3


def at_once(board, turn, *deeds):
    """Several different answers to one turn, delivered at the same moment."""
    replies, start = [None] * len(deeds), threading.Barrier(len(deeds))

    def deliver(place, heard):
        start.wait()
        replies[place] = board.take_turn(CALL, turn, heard)

    threads = [threading.Thread(target=deliver, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_two_deliveries_at_once_are_answered_alike(house):
    board = switchboard(house)
    _, turn = play(board)

    first, second = at_once(board, turn, SENTENCE, SENTENCE)

    assert first == second and first[1] == turn + 1


class Waits(CallStore):
    """Two workers that have both read the call before either saves: the very moment the guard is for."""

    guarded = True

    def __init__(self, link, barrier):
        super().__init__(link)
        self._barrier = barrier

    def save(self, data, after, told=()):
        if data["turn"] == 1:
            self._barrier.wait()
            if not self.guarded:
                self._link.hset(f"call:{data['call']}", mapping={"turn": data["turn"], "state": json.dumps(data)})
                return True
        return super().save(data, after, told)


@pytest.mark.parametrize(("guarded", "answers"), [(True, 1), (False, 2)], ids=["with the guard", "control: without it"])
def test_of_two_different_answers_at_once_one_is_taken(house, guarded, answers):
    """Without the compare-and-set both would be taken; only then is the guard believed."""
    calls = Waits(house.redis, threading.Barrier(2))
    calls.guarded = guarded
    board = switchboard(house, calls=calls)
    _, turn = play(board)

    replies = at_once(board, turn, Heard(keys="1"), Heard(keys="2"))

    assert len({tuple(prompts(reply)) for reply, _ in replies}) == answers


def test_a_late_repetition_hears_the_reply_of_now(house):
    board = switchboard(house)
    reply, turn = play(board, Heard(keys="1"), Heard(keys="112"))

    assert board.take_turn(CALL, 0, Heard(keys="2")) == (reply, turn)


def test_a_call_that_redis_has_forgotten_begins_again_with_an_apology(house):
    board = switchboard(house)
    _, turn = play(board, SENTENCE)
    house.redis.flushdb()

    reply, turn = board.take_turn(CALL, turn, YES)

    assert prompts(reply)[0] == "general.interrupted" and turn == 0


def test_hanging_up_twice_is_hanging_up(house):
    board = switchboard(house)
    play(board, SENTENCE)

    board.hang_up(CALL.call_id)
    board.hang_up(CALL.call_id)

    assert house.tools.clerk(CALL.call_id).holds() == ()


class HearsLate(CallStore):
    """A turn is taken between the moment seats are let go and the moment the call is forgotten."""

    guarded, late = True, None

    def forget(self, call_id, after, told=()):
        late, self.late = self.late, None
        if late:
            late()
        return super().forget(call_id, after if self.guarded else self.load(call_id)["turn"], told)


@pytest.mark.parametrize(("guarded", "held"), [(True, 0), (False, 1)], ids=["with the guard", "control: without it"])
def test_a_turn_taken_while_the_call_is_ended_holds_no_seats(house, guarded, held):
    calls = HearsLate(house.redis)
    board = switchboard(house, calls=calls)
    calls.guarded = guarded
    _, turn = play(board)
    calls.late = lambda: board.take_turn(CALL, turn, SENTENCE)

    board.hang_up(CALL.call_id)

    assert len(house.tools.clerk(CALL.call_id).holds()) == held
    assert house.calls.load(CALL.call_id) is None


class SavesLate(CallStore):
    """The caller hangs up while her turn is being worked on."""

    meanwhile = None

    def save(self, data, after, told=()):
        if data["turn"] == 1:
            self.meanwhile()
        return super().save(data, after, told)


def test_a_turn_that_is_finished_after_the_end_holds_no_seats(house):
    calls = SavesLate(house.redis)
    board = switchboard(house, calls=calls)
    calls.meanwhile = lambda: board.hang_up(CALL.call_id)

    play(board, SENTENCE)

    assert house.tools.clerk(CALL.call_id).holds() == ()


def with_flow(house, flow):
    """The house with one dialogue changed, as after a deploy."""
    return replace(house.tools, flows={**ALL_FLOWS, flow.name: flow})


def test_a_mistake_of_ours_puts_the_caller_through_to_a_person(house):
    broken = Flow("main_menu", first="welcome", steps=dict(ALL_FLOWS["main_menu"].steps))

    @broken.ask("main.menu", Number(), to={"ok": "goodbye"})
    def menu(call, number):
        """A mistake."""
        raise ZeroDivisionError

    reply, _ = play(switchboard(house, tools=with_flow(house, broken)), Heard(keys="1"))

    assert isinstance(reply.then, Transfer) and reply.then.reason == "trouble"


def test_a_step_renamed_by_a_deploy_is_found(house):
    play(switchboard(house), Heard(keys="1"), Heard(keys="112"), Heard(keys="1512"))
    steps = dict(ALL_FLOWS["buy_seats"].steps)
    old = ALL_FLOWS["buy_seats"]
    steps["party_size"] = replace(steps.pop("how_many"), name="party_size")
    renamed = Flow("buy_seats", first="which", data=old.data, form=True, moved={"how_many": "party_size"}, steps=steps)
    turn = house.calls.load(CALL.call_id)["turn"]

    reply, _ = switchboard(house, tools=with_flow(house, renamed)).take_turn(CALL, turn, Heard(keys="2"))

    assert "buy.where" in prompts(reply)


def test_an_answer_is_never_given_to_another_question(house):
    """A deploy put another question in this place: the answer is dropped and the new question put."""
    _, turn = play(switchboard(house), Heard(keys="1"), Heard(keys="112"), Heard(keys="1512"))
    old, steps = ALL_FLOWS["buy_seats"], dict(ALL_FLOWS["buy_seats"].steps)
    steps["how_many"] = replace(steps["how_many"], prompt="buy.collection")
    other = Flow("buy_seats", first="which", data=old.data, form=True, steps=steps)

    reply, _ = switchboard(house, tools=with_flow(house, other)).take_turn(CALL, turn, Heard(keys="2"))

    assert prompts(reply) == ["buy.collection"]
    assert "quantity" not in CallState.from_json(house.calls.load(CALL.call_id)).said


def test_a_flow_that_goes_round_without_a_question_ends_at_a_person(house):
    endless = Flow("main_menu", first="welcome", steps=dict(ALL_FLOWS["main_menu"].steps))
    endless.tell("goodbye", "main.goodbye", to="goodbye")
    board = switchboard(house, tools=with_flow(house, endless))

    reply, _ = play(board, Heard(words="au revoir"))

    assert isinstance(reply.then, Transfer)


def test_the_language_a_caller_chose_greets_her_next_time(house):
    board = switchboard(house)
    play(board, Heard(keys="9"))
    board.hang_up(CALL.call_id)

    reply, _ = board.take_turn(Incoming("CA" + "2" * 32, CALL.caller), BEGINNING, Heard())

    assert reply.language == "en"


def test_a_hidden_number_is_served_like_any_other(house):
    reply, _ = switchboard(house).take_turn(Incoming("CA" + "3" * 32), BEGINNING, Heard())

    assert not isinstance(reply.then, HangUp | Transfer)
