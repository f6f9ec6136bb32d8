"""Turn: one turn of a call at work on its own copy of the state; it walks the flow until a question must be put."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from callflows import everywhere
from callflows.answers import Recording
from callflows.errors import FlowError
from callflows.heard import Heard
from callflows.language import RETURN, Ask, Call, Do, End, Flow, Step, Tell
from callflows.reply import Continue, Listen, Record, Reply, Say, Then
from callflows.state import CallState
from callflows.tools import Tools

STEPS_IN_ONE_TURN = 40
"""A flow that goes further without a question is broken."""

TRIES = 3
"""After so many silences or misunderstandings in a row a person takes over."""

MENU = "main_menu.menu"


class Turn:
    """What is said in this turn, and where the call stands at its end."""

    def __init__(self, state: CallState, heard: Heard, tools: Tools) -> None:
        self.state, self.heard, self.tools = state, heard, tools
        self.booking = tools.clerk(state.call)
        self.says: list[Say] = []
        self.then: Then | None = None
        self.facts_given = False
        """Did the caller say something that was poured into what is known?"""

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

    def received(self, ask: Ask, call: Call, value: Any) -> str:
        """Let the step have the value, and keep what it wrote down."""
        outcome = ask.receive(call, value)
        call.keep()
        return outcome

    def put(self, ask: Ask, call: Call) -> None:
        """Put a question, and keep it as it was put."""
        answer, options = ask.answer, list(ask.answer.options(call))
        if ask.echoes:
            self.echo(ask.echoes(call))
        own = tuple(f"heard.{slot}" for slot in ask.says_back)
        self.says = [say for say in self.says if not own or not say.prompt.startswith(own)]
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
            self.then = Record(answer.seconds, answer.pause, answer.kind)
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

    def leave_doubt(self) -> None:
        """The caller said it otherwise: what was doubtful falls, and the question below stands again."""
        self.state.where = [place for place in self.state.where if not place.startswith("doubt.")] or [MENU]
        self.state.data.pop("doubt", None)

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

    # -- turning aside ------------------------------------------------------------------------------------------

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

    def end_circles(self, before: CallState) -> None:
        """Facts of which nothing stays, and which lead back to the very same question, count as a try."""
        if (
            not self.facts_given
            or self.state.asked is None
            or self.state.said != before.said
            or _question(self.state, self.says) != _question(before, before.answer.says)
        ):
            return
        self.state.tries = before.tries + 1
        if self.state.tries >= TRIES:
            self.says, self.then = [], None
            self.to_a_person("unclear")
            self.walk()

    def doubt(self, step: str, data: dict[str, Any], facts: dict[str, Any]) -> None:
        """Ask back rather than guess; the question that stood waits below."""
        self.state.remember()
        if any(place.startswith("doubt.") for place in self.state.where):
            self.leave_doubt()  # one at a time: what was doubtful before is asked for again
        everywhere.pour(self.state.said, {slot: value for slot, value in facts.items() if slot != data.get("slot")})
        self.state.data["doubt"] = data
        self.state.where = [*self.state.where, f"doubt.{step}"]

    # -- small things --------------------------------------------------------------------------------------------

    def call(self, step: Step) -> Call:
        """What the step may see."""
        flow = self.flow()
        return Call(self.state, flow, self.tools, self.booking, lambda: self.request_id(f"{flow.name}.{step.name}"))

    def request_id(self, step: str) -> str:
        """Call, turn, step and what was heard: the same after a crash, another for another answer."""
        return f"{self.state.call}:{self.state.turn}:{step}:{self._heard_in_short}"

    @cached_property
    def _heard_in_short(self) -> str:
        return hashlib.blake2b(repr(self.heard).encode("utf-8", "replace"), digest_size=6).hexdigest()

    def say(self, prompt: str, slots: dict[str, Any] | None = None, language: str = "") -> None:
        """One more sentence in this turn's reply."""
        self.says.append(Say(prompt, slots or {}, language))

    def can_echo(self, facts: dict[str, Any]) -> bool:
        """Is there a sentence for at least one of these facts?"""
        return any(self.tools.has_prompt(self.echo_of(slot, value)) for slot, value in facts.items())

    def echo_of(self, slot: str, value: Any) -> str:
        """The prompt that reads a fact back: of this very value, or of the slot."""
        return self.first_known(f"heard.{slot}.{value}", f"heard.{slot}")

    def echo(self, facts: dict[str, Any]) -> None:
        """What was understood is read back before the next question."""
        for slot, value in sorted(everywhere.as_said(facts).items(), key=lambda fact: everywhere.read_back_at(fact[0])):
            prompt = self.echo_of(slot, value)
            if value is not None and self.tools.has_prompt(prompt):
                self.say(prompt, {slot: self.spoken(slot, value)})

    def spoken(self, slot: str, value: Any) -> Any:
        """A fact as a prompt's slot: titles, weekdays and categories by name, euros as cents."""
        if slot == "production":
            return next((p.title for p in self.booking.programme() if p.id == value), value)
        if slot == "weekdays":
            return [everywhere.WEEKDAYS.get(day, day) for day in value]
        if slot == "category":
            return everywhere.category_name(value)
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


def _question(state: CallState, says: Iterable[Say]) -> object:
    """A question as it was put, with what was said in putting it."""
    asked = state.asked
    return asked, [say for say in says if asked and say.prompt == asked["prompt"]]
