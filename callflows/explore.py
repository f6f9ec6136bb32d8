"""Explore: walk every flow with every kind of answer, as a tireless and capricious caller would, on a real house.

`check` reads the flows; this one plays them. It finds dead ends, mistakes that only a call brings out, loops without
an exit, questions that nobody reaches or from which no person can be reached, and prompts that nobody ever hears.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from callflows.engine import advance, begin
from callflows.heard import Heard
from callflows.reply import Continue, HangUp, Listen, Record, Transfer
from callflows.state import CallState
from callflows.tools import Tools

Path = tuple[str, ...]


@dataclass
class Report:
    """What the walk has seen."""

    turns: int = 0
    asked: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)


SENTENCES = (
    "deux places pour la bohème le quinze décembre au parterre",
    "onéguine",
    "la flûte enchantée",
    "samedi",
    "trois places",
    "au balcon pas trop cher",
    "oui",
    "non",
    "retour",
    "répétez",
    "je voudrais échanger mes billets",
    "au secours",
    "êtes-vous un robot",
    "blablabla",
)
"""One of each kind of thing that callers say."""


def explore(parts: Tools, *, most_turns: int = 4000, per_question: int = 2) -> Report:
    """Walk breadth first from the welcome; every answer is tried at the first `per_question` visits to a question."""
    report = Report()
    ahead: deque[tuple[CallState, Path]] = deque([(begin("explore", {"phone": "+33100000000"}, parts), ())])
    visits: Counter[str] = Counter()
    while ahead and report.turns < most_turns:
        state, path = ahead.popleft()
        _listen(report, state)
        visits[state.where[-1]] += 1
        if visits[state.where[-1]] > per_question or not isinstance(state.answer.then, Listen | Record | Continue):
            continue
        _person_in_reach(report, state, parts, path)
        for heard in answers_to(state):
            following = _next(report, state, heard, parts, path)
            if following is not None:
                ahead.append((following, (*path, heard.keys or heard.words or "silence")))
    steps = {f"{flow.name}.{step}" for flow in parts.flows.values() for step in flow.steps}
    questions = {name for name in steps if _is_question(parts, name)}
    report.unreached = sorted(questions - report.asked)
    report.unheard = sorted(_prompts(parts) - report.heard)
    return report


def answers_to(state: CallState) -> Iterable[Heard]:
    """Every kind of answer to the question that stands: each key offered, numbers, words, silence, nonsense."""
    then = state.answer.then
    if isinstance(then, Continue):
        return [Heard()]
    if isinstance(then, Record):
        return [Heard(recording="https://carrier.invalid/recording"), Heard()]
    offered = [option["key"] for option in (state.asked or {}).get("options", ())]
    keys = dict.fromkeys([*offered, "1", "2", "7", "12", "112", "1512", "2266", "99", "0", "*", "#"])
    return [Heard(), *(Heard(keys=key) for key in keys), *(Heard(words=words) for words in SENTENCES)]


def _next(report: Report, state: CallState, heard: Heard, parts: Tools, path: Path) -> CallState | None:
    """One turn; whatever goes wrong is a problem with the way that led there."""
    report.turns += 1
    try:
        return advance(state, heard, parts)
    except Exception as problem:
        way = " → ".join((*path, heard.keys or heard.words or "silence"))
        report.problems.append(f"{state.where[-1]}: {type(problem).__name__}: {problem} (after {way})")
        return None


def _person_in_reach(report: Report, state: CallState, parts: Tools, path: Path) -> None:
    """0 must reach a person from wherever a question stands; so must three silences, or they must end the call."""
    if not isinstance(state.answer.then, Listen) or state.answer.then.secret:
        return
    following = _next(report, state, Heard(keys="0"), parts, path)
    if following is not None and not isinstance(following.answer.then, Transfer):
        report.problems.append(f"{state.where[-1]}: 0 does not reach a person")
    silent: CallState | None = state
    for _ in range(4):
        if silent is None or isinstance(silent.answer.then, Transfer | HangUp):
            return
        silent = _next(report, silent, Heard(), parts, path)
    report.problems.append(f"{state.where[-1]}: silence goes round for ever")


def _listen(report: Report, state: CallState) -> None:
    report.heard |= {say.prompt for say in state.answer.says}
    if state.asked:
        report.asked.add(state.asked["step"])
    elif state.where:
        report.asked.add(state.where[-1])


def _is_question(parts: Tools, name: str) -> bool:
    flow, step = name.split(".")
    return hasattr(parts.flows[flow].steps[step], "answer")


def _prompts(parts: Tools) -> set[str]:
    found: set[str] = set()
    for flow in parts.flows.values():
        for step in flow.steps.values():
            spoken: Any = getattr(step, "prompt", "")
            found |= {spoken} if spoken else set()
    return found
