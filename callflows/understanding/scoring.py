"""Scoring: lines of a corpus against what was understood, and which errors would have been dangerous."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from callflows.understanding.engine import understand
from callflows.understanding.programme import Programme

Slots = Mapping[str, Any]
FIGURES = (
    "date",
    "dates",
    "date_from",
    "date_to",
    "time",
    "quantity",
    "min_price",
    "max_price",
    "max_total",
    "phone",
    "order_ref",
    "row",
    "choice",
)
"""Slots in which a wrong value is worse than none."""


@dataclass(frozen=True)
class Line:
    """A line of a corpus: what was said to which question, and what must come out of it."""

    lang: str
    context: str
    text: str
    expected: Slots
    acceptable: tuple[Slots, ...] = ()
    tolerance_days: int = 0
    options: tuple[Mapping[str, Any], ...] = ()
    id: str = ""
    today: str = ""
    """The day of the call, where it is not the corpus's own."""
    dangerous: tuple[str, ...] = ()
    """Slots in which a value that is not right would cost the caller something, even beside a right answer."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Line:
        """From the JSON of one line; fields that we do not know are left aside."""
        known: dict[str, Any] = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        known.update({name: tuple(known[name]) for name in ("acceptable", "options", "dangerous") if name in known})
        return cls(**known)

    @property
    def right(self) -> tuple[Slots, ...]:
        """Everything that may come out."""
        return (self.expected, *self.acceptable)


@dataclass
class Score:
    """Lines and slots of one kind, how many were right, and the dangerous errors."""

    lines: int = 0
    lines_right: int = 0
    slots: int = 0
    slots_right: int = 0
    dangerous: list[str] = field(default_factory=list)

    def add(self, line: Line, got: Slots) -> None:
        """Count one line."""
        self.lines += 1
        self.lines_right += is_right(line, got)
        self.slots += len(line.expected)
        self.slots_right += sum(
            _same(got.get(slot, ...), value, line.tolerance_days) for slot, value in line.expected.items()
        )
        if is_dangerous(line, got):
            self.dangerous.append(f"{line.text} -> {json.dumps(dict(got), ensure_ascii=False)}")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSONL file, as they stand there."""
    for text in path.read_text("utf-8").splitlines():
        if text.strip():
            yield json.loads(text)


def understood(line: Line, programme: Programme, today: date) -> dict[str, Any]:
    """The slots that come out of a line."""
    day = date.fromisoformat(line.today) if line.today else today
    return understand(
        line.text, language=line.lang, context=line.context, programme=programme, today=day, options=line.options
    ).slots


def is_right(line: Line, got: Slots) -> bool:
    """Do all slots of one right answer come out? More slots are welcome."""
    return any(
        all(_same(got.get(slot, ...), value, line.tolerance_days) for slot, value in right.items())
        for right in line.right
    )


def _same(got: Any, wanted: Any, days: int) -> bool:
    if isinstance(got, list) and isinstance(wanted, list):
        return sorted(map(str, got)) == sorted(map(str, wanted))
    if days and isinstance(got, str) and isinstance(wanted, str) and wanted[:1].isdecimal():
        return abs((date.fromisoformat(got) - date.fromisoformat(wanted)).days) <= days
    return bool(got == wanted)


def is_dangerous(line: Line, got: Slots) -> bool:
    """A yes that was none, a wrong figure, a guessed title: errors that cost the caller something."""
    if any(_wrong(line, slot, got.get(slot)) for slot in line.dangerous):
        return True
    if is_right(line, got):
        return False
    if got.get("confirm") == "yes" and not any(right.get("confirm") == "yes" for right in line.right):
        return True
    if got.get("production") and not any(right.get("production") == got["production"] for right in line.right):
        return any("production" in right or right.get("clarify") == "production" for right in line.right)
    return any(slot in got and _wrong_figure(line, slot, got[slot]) for slot in FIGURES)


def _wrong(line: Line, slot: str, value: Any) -> bool:
    return value is not None and not any(
        _same(value, right.get(slot, ...), line.tolerance_days) for right in line.right
    )


def _wrong_figure(line: Line, slot: str, value: Any) -> bool:
    expecting = [right for right in line.right if slot in right or right.get("clarify") == slot]
    return bool(expecting) and not any(_same(value, right.get(slot), line.tolerance_days) for right in expecting)


def score_by_context(scored: Iterable[tuple[Line, Slots]]) -> dict[tuple[str, str], Score]:
    """A score for every language and context, and one for the language as a whole under «all»."""
    scores: dict[tuple[str, str], Score] = {}
    for line, got in scored:
        for context in (line.context, "all"):
            scores.setdefault((line.lang, context), Score()).add(line, got)
    return dict(sorted(scores.items()))
