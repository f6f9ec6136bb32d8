"""Hearing: what was heard, held against the question as it was put; keys and words become slots and answers."""

from __future__ import annotations

from typing import Any

from callflows import everywhere
from callflows.answers import Asked, Recording
from callflows.asides import answered_back
from callflows.commands import obey
from callflows.errors import NotUnderstood
from callflows.language import Ask
from callflows.options import greets, named
from callflows.turn import Turn
from callflows.understanding import UNSURE, Meaning, certainty

MOST_TURNS = 150
"""A call that goes on for longer goes round in circles; a person ends it kindly."""

Slots = dict[str, Any]


def hear(turn: Turn) -> None:
    """Let the caller's deed count; where no question stands there is nothing to answer."""
    ask, asked = standing_question(turn), turn.state.asked
    if ask is None or asked is None:
        left_the_queue(turn)
        return
    if turn.state.turn > MOST_TURNS:
        turn.to_a_person("long")
    elif turn.heard.is_silence:
        silence(turn, ask)
    elif turn.heard.recording:
        recording(turn, ask)
    elif turn.heard.keys:
        keys(turn, ask, asked)
    else:
        words(turn, ask, asked)


def left_the_queue(turn: Turn) -> None:
    """While the caller waits for a person no question stands, and one key means something: rather a message."""
    if turn.heard.keys != everywhere.MESSAGE_INSTEAD or not turn.state.why:
        return
    above = turn.state.where[:-1] if turn.state.where[-1].startswith("to_agent.") else turn.state.where
    turn.state.where = [*above, "to_agent.message"]


def standing_question(turn: Turn) -> Ask | None:
    """The step that waits, if it is still the question that was put: an answer is only given to its question."""
    asked, step = turn.state.asked, turn.step()
    if asked is None or not isinstance(step, Ask) or step.prompt != asked["prompt"]:
        return None
    return step


def silence(turn: Turn, ask: Ask) -> None:
    """Nobody answered: ask again, more helpfully each time, and call a person in the end."""
    if ask.silent:
        turn.follow(ask, ask.silent)
    else:
        turn.failed(ask, "silence")


def recording(turn: Turn, ask: Ask) -> None:
    """A recording answers only the question that asked for one."""
    if isinstance(ask.answer, Recording):
        answered(turn, ask, turn.heard.recording)
    else:
        turn.failed(ask, "unclear")


def keys(turn: Turn, ask: Ask, asked: Asked) -> None:
    """Keys mean what they meant when the question was put; 0, * and # work everywhere else."""
    pressed = turn.heard.keys.rstrip("#") or "#"
    try:
        value = ask.answer.by_keys(pressed, asked, turn.call(ask))
    except NotUnderstood:
        obey(turn, ask, everywhere.KEYS.get(pressed, ""))
    else:
        answered(turn, ask, value)


def words(turn: Turn, ask: Ask, asked: Asked) -> None:
    """Words become slots; calls for a person and commands come first, then the answer, then all the rest."""
    meaning = understood(turn, asked)
    slots, intent = dict(meaning.slots), meaning.slots.get("intent")
    if meaning.distress:
        turn.to_a_person("distress")
    elif _faint(turn) and intent != "agent":
        turn.failed(ask, "unclear")  # nobody is hung up on, nor anything chosen, by a noise
    elif option := named(turn.heard.words, asked["options"], turn.state.language):
        answered(turn, ask, option["value"])
    elif "command" in slots:
        obey(turn, ask, slots["command"], everywhere.facts(slots, asked["context"]))
    elif slots.get("language") not in (None, turn.state.language):
        turn.state.language = slots["language"]
        everywhere.pour(turn.state.said, everywhere.facts(slots, asked["context"]))
    elif intent in everywhere.TO_A_PERSON:
        everywhere.pour(turn.state.said, everywhere.facts(slots, asked["context"]))
        turn.to_a_person(everywhere.TO_A_PERSON[intent])
    elif certainty(meaning) == "sure" and answered_back(turn, ask, intent, everywhere.facts(slots, asked["context"])):
        return
    elif greets(turn.heard.words, turn.state.language):
        turn.failed(ask, "greeting")
    else:
        believe(turn, ask, asked, meaning)


def _faint(turn: Turn) -> bool:
    """Does the recogniser itself hardly believe what it heard?"""
    return turn.heard.confidence is not None and turn.heard.confidence < UNSURE


def understood(turn: Turn, asked: Asked) -> Meaning:
    """What the words mean, as an answer to the question that was put."""
    return turn.tools.understand(
        turn.heard.words,
        language=turn.state.language,
        context=asked["context"],
        programme=turn.tools.programme(),
        today=turn.tools.clock().astimezone(turn.tools.zone).date(),
        options=[option for option in asked["options"] if "date" in option],
        confidence=turn.heard.confidence,
    )


def believe(turn: Turn, ask: Ask, asked: Asked, meaning: Meaning) -> None:
    """Sure: it counts. Half sure: it is read back first. Ambiguous: we ask back. Else it was not understood."""
    slots, sure = dict(meaning.slots), certainty(meaning)
    facts = everywhere.facts(slots, asked["context"])
    if slots.get("confirm") == "yes" and meaning.unsure == ("confirm",) and _nothing_new(turn, facts):
        facts, sure = {}, "sure"  # «oui, deux places», of two places
    if slots.get("clarify"):
        ambiguous(turn, ask, slots["clarify"], list(meaning.candidates), facts)
    elif sure == "unclear":
        turn.failed(ask, "unclear")
    elif sure == "unsure" and turn.can_echo(facts):
        turn.doubt("heard_right", {"pending": facts}, {})
    elif sure == "unsure" and ("confirm" in slots or facts):
        turn.failed(ask, "unclear")  # nothing is sold on half a yes, nor confirmed that cannot be said
    else:
        sure_of(turn, ask, asked, slots, facts)


def ambiguous(turn: Turn, ask: Ask, slot: str, candidates: list[Any], facts: Slots) -> None:
    """Two titles, numbers, dates or places are offered by key and word; anything else is asked for more precisely."""
    facts = {name: value for name, value in facts.items() if name != slot}
    if slot == "production" and candidates:
        turn.doubt("which_one", {"slot": slot, "candidates": candidates}, facts)
        return
    if len(candidates) > 1 and turn.tools.has_prompt(f"doubt.value.{slot}"):
        turn.doubt("which_value", {"slot": slot, "candidates": candidates}, facts)
        return
    turn.failed(ask, "precisely")
    everywhere.pour(turn.state.said, facts)


def sure_of(turn: Turn, ask: Ask, asked: Asked, slots: Slots, facts: Slots) -> None:
    """Facts go into what was said, and the form is walked again if they go beyond the question; else they answer it."""
    if "choice" in slots and chosen(turn, ask, asked, slots):
        return
    if facts and turn.state.where[-1].startswith("doubt."):
        turn.leave_doubt()
        below = turn.step()
        ask = below if isinstance(below, Ask) else ask
    wants = ask.slot == "intent" and "intent" in slots
    if facts:
        turn.state.remember()
        everywhere.pour(turn.state.said, facts)
        turn.echo(facts)
        turn.facts_given = True
    if wants:
        turn.state.said["intent"] = slots["intent"]
    if also := _also(ask, slots, facts):
        turn.progress(ask, also)
    elif facts.keys() - set(ask.fills) and turn.forms():
        turn.from_the_top()
    elif facts or wants:
        turn.state.tries = 0  # the walk finds the slot known and goes on
    else:
        by_slots(turn, ask, asked, slots)


def _also(ask: Ask, slots: Slots, facts: Slots) -> str:
    """«Moins cher», said of an offer, is an answer of its own, if nothing else was said with it."""
    if not facts.keys() <= {what.partition("=")[0] for what in ask.also}:
        return ""
    for what, outcome in ask.also.items():
        slot, _, value = what.partition("=")
        if slot in slots and value in ("", str(slots[slot])):
            return outcome
    return ""


def chosen(turn: Turn, ask: Ask, asked: Asked, slots: Slots) -> bool:
    """«Celle de vingt heures» is a choice among what was read out, whatever else it says."""
    try:
        value = ask.answer.by_slots({"choice": slots["choice"]}, asked)
    except NotUnderstood:
        return False
    answered(turn, ask, value)
    return True


def _nothing_new(turn: Turn, facts: Slots) -> bool:
    return all(turn.state.said.get(slot) == value for slot, value in facts.items())


def by_slots(turn: Turn, ask: Ask, asked: Asked, slots: Slots) -> None:
    """Yes, no, «the second one»: answers that only mean something to this question."""
    try:
        answered(turn, ask, ask.answer.by_slots(slots, asked))
    except NotUnderstood:
        turn.failed(ask, "unclear")


def answered(turn: Turn, ask: Ask, value: Any) -> None:
    """Give the question its answer and go where the step says; what was chosen in words («le premier») is read back."""
    turn.state.remember()
    if ask.slot and not isinstance(value, list):
        everywhere.pour(turn.state.said, {ask.slot: value})
    outcome = turn.received(ask, turn.call(ask), value)
    if turn.heard.words and turn.state.said.get(ask.slot) == value:
        turn.echo({ask.slot: value})
    turn.progress(ask, outcome)
