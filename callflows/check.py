"""Check flows before a call does: targets exist, outcomes meet, prompts have wordings, every way leads on."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from callflows.language import RETURN, Ask, Do, End, Flow, Step, Tell
from prompts import Catalogue


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


def faults(flows: dict[str, Flow], catalogue: Catalogue) -> list[Fault]:
    """Everything that is wrong with these flows, in the order of the dialogue; nothing is the best answer."""
    steps = [(flow, step) for flow in flows.values() for step in flow.steps.values()]
    return [
        *(fault for flow, step in steps for fault in _targets(flows, flow, step)),
        *(fault for flow, step in steps for fault in _outcomes(flow, step)),
        *(fault for flow, step in steps for fault in _prompts(flow, step, catalogue)),
        *_unreached(flows),
        *_no_way_out(flows),
    ]


def full_name(flow: Flow, target: str) -> str:
    """«flow.step» of a target as it is written in `to`."""
    return target if "." in target or target == RETURN else f"{flow.name}.{target}"


def prompts_of(step: Step) -> Iterator[str]:
    """Every prompt that a step may say by name."""
    if isinstance(step, Ask | Tell | End):
        yield step.prompt
    if isinstance(step, Ask) and step.answer.each:
        yield step.answer.each


def _targets(flows: dict[str, Flow], flow: Flow, step: Step) -> Iterator[Fault]:
    for outcome, target in step.to.items():
        name = full_name(flow, target)
        if name == RETURN:
            continue
        there, _, where = name.partition(".")
        if there not in flows or where not in flows[there].steps:
            yield Fault(f"{flow.name}.{step.name}", f"outcome {outcome!r} leads to {name}, which does not exist")


def _outcomes(flow: Flow, step: Step) -> Iterator[Fault]:
    """The words a step may return, read from its source, against the words in `to`."""
    if not isinstance(step, Ask | Do):
        return
    place = f"{flow.name}.{step.name}"
    declared = set(step.to)
    also = {*step.also.values(), *([step.silent] if step.silent else [])} if isinstance(step, Ask) else set()
    returned = _returned(step.receive if isinstance(step, Ask) else step.work)
    for word in sorted((returned - {"*"} | also) - declared):
        yield Fault(place, f"returns {word!r}, which is not in to={sorted(declared)}")
    if "*" not in returned:
        for word in sorted(declared - returned - also):
            yield Fault(place, f"declares {word!r} and never returns it")


def _returned(function: Callable[..., str]) -> set[str]:
    """The words in a function's `return`s; «*» stands for a value that only a call can know."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value is not None:
            words |= _words(node.value)
    return words


def _words(value: ast.expr) -> set[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, ast.IfExp):
        return _words(value.body) | _words(value.orelse)
    return {"*"}


def _prompts(flow: Flow, step: Step, catalogue: Catalogue) -> Iterator[Fault]:
    for prompt in prompts_of(step):
        for language in catalogue.languages:
            if prompt not in catalogue.keys(language):
                yield Fault(f"{flow.name}.{step.name}", f"prompt {prompt} has no wording in {language}")


def _edges(flows: dict[str, Flow]) -> dict[str, set[str]]:
    return {
        f"{flow.name}.{step.name}": {full_name(flow, target) for target in step.to.values()}
        for flow in flows.values()
        for step in flow.steps.values()
    }


EVERYWHERE = ("main_menu.welcome", "main_menu.menu", "main_menu.goodbye", "to_agent.handing_over", "doubt.heard_right",
              "doubt.which_one", "doubt.which_value", "record_prompts.pin", "to_agent.message",
              "consent.withdraw")  # fmt: skip
"""Steps that the engine or the switchboard enters by themselves."""


def _unreached(flows: dict[str, Flow]) -> Iterator[Fault]:
    edges, seen, ahead = _edges(flows), set[str](), list(EVERYWHERE)
    while ahead:
        name = ahead.pop()
        if name not in seen and name in edges:
            seen.add(name)
            ahead += edges[name]
    for name in edges.keys() - seen:
        yield Fault(name, "no call ever comes here")


def _no_way_out(flows: dict[str, Flow]) -> Iterable[Fault]:
    """Steps from which neither an end nor a return can be reached."""
    edges = _edges(flows)
    out = {name for name in edges if not edges[name]} | {name for name, to in edges.items() if RETURN in to}
    while more := {name for name, to in edges.items() if name not in out and to & out}:
        out |= more
    return [Fault(name, "no way out: every path from here goes round for ever") for name in sorted(edges.keys() - out)]
