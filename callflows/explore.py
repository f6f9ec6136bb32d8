"""Explore: play every flow with every kind of answer, as a tireless and capricious caller would, in a real house.

`check` reads the flows; this one plays them. It finds dead ends, mistakes that only a call brings out, loops without
an exit, questions that nobody reaches or from which no person can be reached, and prompts that nobody ever hears.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from callflows.check import prompts_of
from callflows.engine import advance, begin
from callflows.heard import Heard
from callflows.language import Ask
from callflows.reply import HangUp, Listen, Transfer
from callflows.state import CallState
from callflows.tools import Tools
from callflows.turn import TRIES

Way = tuple[Heard, ...]
"""What a caller did, from the welcome on."""

SENTENCES = (
    "deux places pour la bohème le quinze décembre au parterre",
    "onéguine",
    "tosca",
    "mayerling",
    "la flûte enchantée",
    "samedi",
    "le trente mai",
    "trois places",
    "au balcon pas trop cher",
    "moins de trois euros",
    "catégorie six",
    "oui",
    "non",
    "retour",
    "répétez",
    "moins vite",
    "en anglais s'il vous plaît",
    "je voudrais échanger mes billets",
    "au secours",
    "êtes-vous un robot",
    "un ballet à garnier",
    "deux ou trois",
    "blablabla",
)
"""One of each kind of thing that callers say."""

KEYS = ("1", "2", "7", "12", "112", "1512", "2643", "99", "0", "*", "#")
"""Keys that are tried at every question, beside those it offers."""


@dataclass
class Report:
    """What the walk has seen."""

    turns: int = 0
    asked: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    """One call in flight at each question, as JSON: what the next version must be able to go on with."""


def explore(
    tools: Tools, *, starts: Iterable[str] = ("main_menu.welcome",), visits: int = 2, turns: int = 20_000
) -> Report:
    """Walk breadth first from each start; every answer is tried at the first `visits` visits to a question.

    Every way is played from its beginning by a caller of its own, so that no two ways share a hold.
    """
    walk = _Walk(tools, visits, turns)
    for start in starts:
        walk.from_start(start)
    report, flows = walk.report, tools.flows.values()
    questions = {f"{flow.name}.{step.name}" for flow in flows for step in flow.steps.values() if isinstance(step, Ask)}
    prompts = {prompt for flow in flows for step in flow.steps.values() for prompt in prompts_of(step)}
    report.unreached = sorted(questions - report.asked)
    report.unheard = sorted(prompts - report.heard)
    return report


class _Walk:
    """The walk at work: callers are numbered, ways are queued."""

    def __init__(self, tools: Tools, visits: int, turns: int) -> None:
        self.report = Report()
        self._tools, self._most_visits, self._most_turns = tools, visits, turns
        self._callers = count()
        self._visits: Counter[str] = Counter()

    def from_start(self, start: str) -> None:
        """Everything that can be reached from one step."""
        ahead: deque[Way] = deque([()])
        while ahead and self.report.turns < self._most_turns:
            way = ahead.popleft()
            state = self._play(start, way)
            if state is None or isinstance(state.answer.then, Transfer | HangUp):
                continue
            self._visits[state.where[-1]] += 1
            if self._visits[state.where[-1]] <= self._most_visits:
                self._person_in_reach(start, way, state)
                ahead += [(*way, heard) for heard in answers_to(state)]

    def _play(self, start: str, way: Way) -> CallState | None:
        """The state at the end of this way, played by a new caller; None when something went wrong."""
        call = f"explorer-{next(self._callers)}"
        state: CallState | None = None
        try:
            state = begin(call, {"phone": "+33100000000"}, self._tools, first=start)
            for heard in way:
                self._listen(state)
                self.report.turns += 1
                state = advance(state, heard, self._tools)
            self._listen(state)
            return state
        except Exception as problem:  # whatever a caller can bring about belongs into the report
            self._found(state.where[-1] if state else start, f"{type(problem).__name__}: {problem}", way)
            return None
        finally:
            self._tools.clerk(call).release_all(request=f"{call}:ended")

    def _person_in_reach(self, start: str, way: Way, state: CallState) -> None:
        """0 must reach a person from every question; silence must come to an end."""
        if not isinstance(state.answer.then, Listen) or state.answer.then.secret:
            return
        asked = self._play(start, (*way, Heard(keys="0")))
        if asked is not None and not isinstance(asked.answer.then, Transfer):
            self._found(state.where[-1], "0 does not reach a person", way)
        silent = self._play(start, (*way, *[Heard()] * TRIES))
        if silent is not None and not isinstance(silent.answer.then, Transfer | HangUp):
            self._found(state.where[-1], "silence goes round for ever", way)

    def _listen(self, state: CallState) -> None:
        self.report.heard |= {say.prompt for say in state.answer.says}
        if state.asked:
            self.report.asked.add(state.asked["step"])
            self.report.saved.setdefault(state.asked["step"], state.to_json())

    def _found(self, place: str, problem: str, way: Way) -> None:
        told = " → ".join(heard.keys or heard.words or "silence" for heard in way)
        self.report.problems.append(f"{place}: {problem} (after {told or 'the welcome'})")


def answers_to(state: CallState) -> Iterator[Heard]:
    """Every kind of answer to the question that stands: silence, each key offered, others, sentences, a recording."""
    offered = [option["key"] for option in (state.asked or {}).get("options", ())]
    yield Heard()
    yield from (Heard(keys=key) for key in dict.fromkeys((*offered, *KEYS)))
    yield from (Heard(words=words) for words in SENTENCES)
    yield Heard(recording="https://carrier.invalid/recording")
