"""Draw a flow from the code itself: a table that operators read, and a diagram."""

from __future__ import annotations

from dataclasses import dataclass

from callflows.check import full_name
from callflows.language import Ask, Do, End, Flow, Step, Tell
from prompts import Catalogue


@dataclass(frozen=True)
class Row:
    """One step as operators see it."""

    step: str
    kind: str
    prompt: str
    hears: str
    listens: str
    leads_to: tuple[tuple[str, str], ...]
    does: str


def as_table(flow: Flow, catalogue: Catalogue | None = None, language: str = "fr") -> tuple[Row, ...]:
    """Every step: what the caller hears, what we listen for, where it leads, what it does."""
    return tuple(_row(flow, step, catalogue, language) for step in in_order(flow))


def in_order(flow: Flow) -> list[Step]:
    """The steps as a call meets them: from the first one on, then those that only other flows enter."""
    seen: dict[str, Step] = {}
    ahead = [*reversed(flow.steps), flow.first]
    while ahead:
        name = ahead.pop()
        if name in flow.steps and name not in seen:
            seen[name] = flow.steps[name]
            ahead += reversed(flow.steps[name].to.values())
    return list(seen.values())


def as_markdown(flow: Flow, catalogue: Catalogue | None = None, language: str = "fr") -> str:
    """The table as a page."""
    lines = [
        f"## {flow.name}",
        "",
        "| step | the caller hears | we listen for | leads to | what it does |",
        "|---|---|---|---|---|",
    ]
    for row in as_table(flow, catalogue, language):
        ways = " · ".join(f"{outcome} → {target}" if outcome else f"→ {target}" for outcome, target in row.leads_to)
        lines.append(
            f"| {row.step} | {row.hears or '–'} | {row.listens or '–'} | {ways or row.kind} | {row.does or '–'} |"
        )
    return "\n".join(lines)


def as_diagram(flow: Flow) -> str:
    """The flow as a Mermaid flowchart: questions rounded, work square, ends double."""
    shapes = {Ask: '(["{}"])', Do: '["{}"]', Tell: '>"{}"]', End: '[["{}"]]'}
    lines = ["flowchart TD"]
    for step in in_order(flow):
        lines.append(f"    {step.name}{shapes[type(step)].format(step.name)}")
    for step in flow.steps.values():
        for outcome, target in step.to.items():
            arrow = f"-- {outcome} -->" if outcome else "-->"
            lines.append(f"    {step.name} {arrow} {_node(flow, target)}")
    return "\n".join(lines)


def _node(flow: Flow, target: str) -> str:
    name = full_name(flow, target)
    return (
        name.removeprefix(f"{flow.name}.")
        if name.startswith(f"{flow.name}.")
        else f'{name.replace(".", "_")}[/"{name}"/]'
    )


def _row(flow: Flow, step: Step, catalogue: Catalogue | None, language: str) -> Row:
    prompt = step.prompt if isinstance(step, Ask | Tell | End) else ""
    hears = catalogue.get(prompt, language).text if catalogue and prompt else prompt
    listens = ""
    if isinstance(step, Ask):
        listens = f"{type(step.answer).__name__} ({step.answer.context})"
    leads = tuple((outcome, full_name(flow, target)) for outcome, target in step.to.items())
    return Row(step.name, type(step).__name__.lower(), prompt, hears, listens, leads, step.does)
