"""advance(state, heard, tools) -> state: the only loop through which every call goes, turn by turn.

A turn: what was heard is held against the question *as it was put*; keys and words become slots; the flow is walked
from step to step, past every question whose slot is known, until one must be put or the call ends. A flow whose
slots were changed by a sentence is walked again from its first step: that is how «non, trois places» reaches back.
"""

from __future__ import annotations

import hashlib
from typing import Any

from callflows import everywhere
from callflows.answers import Asked, Recording
from callflows.errors import FlowError, NotUnderstood
from callflows.heard import Heard
from callflows.language import RETURN, Ask, Call, Do, End, Flow, Step, Tell
from callflows.reply import Continue, Listen, Record, Reply, Say, Then
from callflows.state import CallState
from callflows.tools import Tools
from callflows.understanding import Meaning, certainty

STEPS_IN_ONE_TURN = 40
"""A flow that goes further without a question is broken."""

TRIES = 3
"""After so many silences or misunderstandings in a row a person takes over."""

MOST_TURNS = 150
"""A call that goes on for longer goes round in circles; a person ends it kindly."""

HOME = "main_menu.welcome"
MENU = "main_menu.menu"


def begin(
    call_id: str, caller: dict[str, Any], tools: Tools, *, first: str = HOME, interrupted: bool = False
) -> CallState:
    """The first turn of a call: the welcome, or after a loss of memory «we were interrupted»."""
    language = caller.get("language") or "fr"
    state = CallState(call_id, language=language, caller=caller, where=[first])
    turn = Turn(state, Heard(), tools)
    if interrupted:
        turn.say("general.interrupted")
    turn.walk()
    return turn.finish()


def advance(state: CallState, heard: Heard, tools: Tools) -> CallState:
    """The state after the caller did what was heard; the state handed in stays as it was."""
    turn = Turn(state.next_turn(), heard, tools)
    turn.hear()
    turn.walk()
    return turn.finish()


class Turn:
    """One turn at work on its own copy of the state."""

    def __init__(self, state: CallState, heard: Heard, tools: Tools) -> None:
        self.state, self.heard, self.tools = state, heard, tools
        self.says: list[Say] = []
        self.then: Then | None = None

    # -- what was heard ------------------------------------------------------------------------------------------

    def hear(self) -> None:
        """Hold what was heard against the question that stands."""
        ask, asked = self.standing_question(), self.state.asked
        if ask is None or asked is None:
            return
        if self.state.turn > MOST_TURNS:
            self.to_a_person("long")
        elif self.heard.is_silence:
            self.silence(ask)
        elif self.heard.recording:
            self.recording(ask)
        elif self.heard.keys:
            self.keys(ask, asked)
        else:
            self.words(ask, asked)

    def standing_question(self) -> Ask | None:
        """The step that waits, if it is still the question that was put: an answer is only given to its question."""
        asked, step = self.state.asked, self.step()
        if asked is None or not isinstance(step, Ask) or step.prompt != asked["prompt"]:
            return None
        return step

    def silence(self, ask: Ask) -> None:
        """Nobody answered: ask again, more helpfully each time, and call a person in the end."""
        if ask.silent:
            self.follow(ask, ask.silent)
        else:
            self.failed(ask, "silence")

    def recording(self, ask: Ask) -> None:
        """A recording answers only the question that asked for one."""
        if isinstance(ask.answer, Recording):
            self.answered(ask, self.heard.recording)
        else:
            self.failed(ask, "unclear")

    def keys(self, ask: Ask, asked: Asked) -> None:
        """Keys mean what they meant when the question was put; 0, * and # work everywhere else."""
        keys = self.heard.keys.rstrip("#") or "#"
        try:
            self.answered(ask, ask.answer.by_keys(keys, asked, self.call(ask)))
        except NotUnderstood:
            command = everywhere.KEYS.get(keys)
            if command:
                self.command(ask, command)
            else:
                self.failed(ask, "unclear")

    def words(self, ask: Ask, asked: Asked) -> None:
        """Words become slots; commands and calls for a person come first, then the answer, then all the rest."""
        meaning = self.understood(asked)
        slots = dict(meaning.slots)
        if meaning.distress:
            self.to_a_person("distress")
        elif "command" in slots:
            self.command(ask, slots["command"])
        elif slots.get("language") and slots["language"] != self.state.language:
            self.state.language = slots["language"]
        elif slots.get("intent") == "is_robot":
            self.say("general.robot")
        elif slots.get("intent") in everywhere.TO_A_PERSON:
            everywhere.pour(self.state.said, everywhere.facts(slots, asked["context"]))
            self.to_a_person(everywhere.TO_A_PERSON[slots["intent"]])
        else:
            self.slots(ask, asked, meaning, slots)

    def understood(self, asked: Asked) -> Meaning:
        """What the words mean, as an answer to the question that was put."""
        return self.tools.understand(
            self.heard.words,
            language=self.state.language,
            context=asked["context"],
            programme=self.tools.programme(),
            today=self.tools.clock().astimezone(self.tools.zone).date(),
            options=asked["options"],
            confidence=self.heard.confidence,
        )

    def slots(self, ask: Ask, asked: Asked, meaning: Meaning, slots: dict[str, Any]) -> None:
        """An answer, more than an answer, half an answer, or none."""
        facts, sure = everywhere.facts(slots, asked["context"]), certainty(meaning)
        if slots.get("clarify"):
            self.ambiguous(ask, slots["clarify"], list(meaning.candidates), facts)
        elif sure == "unclear":
            self.failed(ask, "unclear")
        elif sure == "unsure" and facts:
            self.doubt("heard_right", {"pending": facts}, {})
        elif sure == "unsure" and "confirm" in slots:
            self.failed(ask, "unclear")  # nothing is sold on half a yes
        else:
            self.sure_of(ask, asked, slots, facts)

    def ambiguous(self, ask: Ask, slot: str, candidates: list[Any], facts: dict[str, Any]) -> None:
        """Two titles are offered by key and word; anything else is asked for again, more precisely."""
        facts = {name: value for name, value in facts.items() if name != slot}
        if slot == "production" and candidates:
            self.doubt("which_one", {"slot": slot, "candidates": candidates}, facts)
            return
        self.failed(ask, "precisely")
        everywhere.pour(self.state.said, facts)

    def sure_of(self, ask: Ask, asked: Asked, slots: dict[str, Any], facts: dict[str, Any]) -> None:
        """Facts go into what was said; the question's own answer goes to its step."""
        only = facts.keys() <= ask.also.keys()
        also = next((outcome for slot, outcome in ask.also.items() if only and slot in slots), "")
        beyond = {slot: value for slot, value in facts.items() if slot not in ask.fills}
        if facts:
            self.state.remember()
            everywhere.pour(self.state.said, facts)
            self.echo(facts)
        if "intent" in slots and ask.slot == "intent":
            self.state.said["intent"] = slots["intent"]
        if also:
            self.progress(ask, also)
        elif beyond and self.forms():
            self.from_the_top()
        elif facts or ("intent" in slots and ask.slot == "intent"):
            self.state.tries = 0
        else:
            self.by_slots(ask, asked, slots)

    def by_slots(self, ask: Ask, asked: Asked, slots: dict[str, Any]) -> None:
        """Yes, no, «the second one»: answers that only mean something to this question."""
        try:
            self.answered(ask, ask.answer.by_slots(slots, asked))
        except NotUnderstood:
            self.failed(ask, "unclear")

    def answered(self, ask: Ask, value: Any) -> None:
        """Give the question its answer and go where the step says."""
        self.state.remember()
        call = self.call(ask)
        if ask.slot and not isinstance(value, list):
            everywhere.pour(self.state.said, {ask.slot: value})
        self.progress(ask, self.received(ask, call, value))

    def received(self, ask: Ask, call: Call, value: Any) -> str:
        """Let the step have the value, and keep what it wrote down."""
        outcome = ask.receive(call, value)
        call.keep()
        return outcome

    # -- what works everywhere -----------------------------------------------------------------------------------

    def command(self, ask: Ask, command: str) -> None:
        """Repeat, back, help, a person …; whatever is no command of ours is a question not understood."""
        deed = getattr(self, f"do_{command}", None)
        if deed is None:
            self.failed(ask, "unclear")
        else:
            self.state.tries = 0 if command != "repeat" else self.state.tries
            deed(ask)

    def do_agent(self, ask: Ask) -> None:
        """A person, please."""
        self.to_a_person("agent")

    def do_repeat(self, ask: Ask) -> None:
        """The question is put again by the walk."""

    def do_help(self, ask: Ask) -> None:
        """What one may say or press here."""
        self.say(self.first_known(f"{ask.prompt}.help", "general.help"))

    def do_slower(self, ask: Ask) -> None:
        """The same again, slowly, and from now on."""
        self.state.pace = "slow"

    def do_louder(self, ask: Ask) -> None:
        """We cannot speak louder than the line; slowly helps as much."""
        self.state.pace = "slow"

    def do_wait(self, ask: Ask) -> None:
        """The caller thinks; she is told that there is time."""
        self.say("general.take_your_time")

    def do_back(self, ask: Ask) -> None:
        """Undo the last answer."""
        if not self.state.undo():
            self.say("general.at_the_start")

    def do_restart(self, ask: Ask) -> None:
        """All over again: nothing was said, nothing is held."""
        self.call(ask).booking.release_all(request=self.request_id("restart"))
        self.state.said, self.state.data, self.state.history = {}, {}, []
        self.state.where = [MENU]

    do_cancel = do_restart

    def do_goodbye(self, ask: Ask) -> None:
        """The caller takes leave; what is only held is let go by the end of the call."""
        self.state.where = ["main_menu.goodbye"]

    def to_a_person(self, why: str) -> None:
        """Into the queue, with everything already said."""
        self.state.why = why
        self.state.where = [*self.state.where, "to_agent.handing_over"]

    def failed(self, ask: Ask, how: str) -> None:
        """Silence or not understood, counted; the third time a person takes over."""
        self.state.tries += 1
        if self.state.tries >= TRIES:
            self.to_a_person(how)
            return
        again = f".{self.state.tries}" if self.state.tries > 1 else ""
        self.say(self.first_known(f"{ask.prompt}.{how}{again}", f"general.{how}{again}", f"general.{how}"))

    def doubt(self, step: str, data: dict[str, Any], facts: dict[str, Any]) -> None:
        """Ask back rather than guess; the question that stood waits below."""
        self.state.remember()
        everywhere.pour(self.state.said, {slot: value for slot, value in facts.items() if slot != data.get("slot")})
        self.echo(data.get("pending", {}))
        self.state.data["doubt"] = data
        self.state.where = [*self.state.where, f"doubt.{step}"]

    # -- walking the flow ----------------------------------------------------------------------------------------

    def walk(self) -> None:
        """From step to step until a question must be put or the call ends."""
        for _ in range(STEPS_IN_ONE_TURN):
            if self.then is not None:
                return
            self.enter(self.step())
        raise FlowError(f"{self.state.where[-1]}: {STEPS_IN_ONE_TURN} steps without a question")

    def enter(self, step: Step) -> None:
        """One step of any of the four kinds."""
        call = self.call(step)
        if isinstance(step, Ask):
            if step.fills and any(slot in self.state.said for slot in step.fills):
                self.follow(step, self.received(step, call, self.state.said.get(step.slot)))
            else:
                self.put(step, call)
        elif isinstance(step, Do):
            outcome = step.work(call)
            call.keep()
            self.follow(step, outcome)
        elif isinstance(step, Tell):
            self.say(step.prompt, step.tells(call) if step.tells else {}, call.other_language if step.foreign else "")
            call.forget(*step.forgets)
            self.follow(step, "")
            self.then = Continue() if step.pause else None
        elif isinstance(step, End):
            self.say(step.prompt, step.tells(call) if step.tells else {})
            self.then, self.state.asked = step.then(call), None

    def put(self, ask: Ask, call: Call) -> None:
        """Put a question, and keep it as it was put."""
        answer, options = ask.answer, list(ask.answer.options(call))
        self.say(ask.prompt, ask.tells(call) if ask.tells else {})
        for option in options:
            sentence = option.prompt or answer.each
            if sentence and not option.hidden:
                self.say(sentence, {**option.slots, "key": int(option.key)})
        self.state.asked = {
            "step": self.state.where[-1],
            "prompt": ask.prompt,
            "context": answer.context,
            "options": [option.to_json() for option in options],
        }
        if isinstance(answer, Recording):
            self.then = Record(answer.seconds)
            return
        phrases = tuple(word for option in options for word in option.words)
        self.then = Listen(
            answer.context,
            phrases,
            answer.digits,
            answer.seconds,
            answer.patience,
            answer.speech,
            ask.bargein,
            answer.secret,
        )

    def follow(self, step: Step, outcome: str) -> None:
        """Go where the step's outcome leads."""
        if outcome not in step.to:
            raise FlowError(f"{self.state.where[-1]}: outcome {outcome!r} is not declared in to={list(step.to)}")
        target, where = step.to[outcome], self.state.where
        if target == RETURN:
            self.come_back()
        elif "." in target:
            where.append(target)
        else:
            where[-1] = f"{where[-1].split('.')[0]}.{target}"
        if not self.state.where:
            self.state.where = [MENU]

    def come_back(self) -> None:
        """To the step that left; after a doubt is settled, past everything that it may have changed."""
        left = self.state.where.pop()
        if left.startswith("doubt.") and self.forms():
            self.from_the_top()

    def progress(self, ask: Ask, outcome: str) -> None:
        """The caller got on: the tries are forgotten."""
        self.state.tries = 0
        self.follow(ask, outcome)

    def from_the_top(self) -> None:
        """More was said than was asked: walk the form again; what is known is not asked twice."""
        self.state.tries = 0
        depth = self.forms()[-1]
        flow = self.tools.flows[self.state.where[depth].split(".")[0]]
        self.state.where = [*self.state.where[:depth], f"{flow.name}.{flow.first}"]

    def forms(self) -> list[int]:
        """How deep in the stack a form is being filled; a flow that was entered from a form belongs to it."""
        flows = [self.tools.flows.get(place.split(".")[0]) for place in self.state.where]
        return [depth for depth, flow in enumerate(flows) if flow and flow.form]

    def step(self) -> Step:
        """The step that stands; renamed ones by their new name, unknown ones from the flow's beginning."""
        flow = self.flow()
        name = self.state.where[-1].split(".")[1]
        name = flow.moved.get(name, name)
        if name not in flow.steps:
            self.say("general.once_more")
            name = flow.first
        self.state.where[-1] = f"{flow.name}.{name}"
        return flow.steps[name]

    def flow(self) -> Flow:
        """The flow that stands; one that no longer exists leads to the menu."""
        name = self.state.where[-1].split(".")[0]
        if name not in self.tools.flows:
            self.state.where = [MENU]
            return self.tools.flows["main_menu"]
        return self.tools.flows[name]

    # -- small things --------------------------------------------------------------------------------------------

    def call(self, step: Step) -> Call:
        """What the step may see."""
        return Call(self.state, self.flow(), self.tools, self.request_id(f"{self.flow().name}.{step.name}"))

    def request_id(self, step: str) -> str:
        """Call, turn, step and what was heard: the same after a crash, another for another answer."""
        heard = hashlib.blake2b(repr(self.heard).encode("utf-8", "replace"), digest_size=6).hexdigest()
        return f"{self.state.call}:{self.state.turn}:{step}:{heard}"

    def say(self, prompt: str, slots: dict[str, Any] | None = None, language: str = "") -> None:
        """One more sentence in this turn's reply."""
        self.says.append(Say(prompt, slots or {}, language))

    def echo(self, facts: dict[str, Any]) -> None:
        """What was understood is read back before the next question."""
        for slot, value in facts.items():
            prompt = self.first_known(f"heard.{slot}.{value}", f"heard.{slot}")
            if value is not None and self.tools.has_prompt(prompt):
                self.say(prompt, {slot: self.spoken(slot, value)})

    def spoken(self, slot: str, value: Any) -> Any:
        """A fact as a prompt's slot: titles by name, euros as cents."""
        if slot == "production":
            return next((p.title for p in self.call(self.step()).booking.programme() if p.id == value), value)
        return int(value * 100) if slot in ("max_price", "max_total", "min_price") else value

    def first_known(self, *prompts: str) -> str:
        """The first of these prompts that the catalogue has, or the last."""
        return next((prompt for prompt in prompts if self.tools.has_prompt(prompt)), prompts[-1])

    def finish(self) -> CallState:
        """The state with this turn's reply in it."""
        if self.then is None:
            raise FlowError(f"{self.state.where[-1]}: the turn ended without an end")
        if not isinstance(self.then, Listen | Record):
            self.state.asked = None
        self.state.reply = Reply(tuple(self.says), self.then, self.state.language, self.state.pace).to_json()
        return self.state
