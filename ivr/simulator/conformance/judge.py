"""Judges cases: passed, failed, or beside the point where the case itself says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ivr.simulator.conformance.compare import differences
from ivr.simulator.conformance.rehearsal import rehearse


@dataclass(frozen=True)
class Verdict:
    """One case and how it differs; `counts` is False for cases that are disputed or checked by other means."""

    id: str
    differences: tuple[str, ...]
    counts: bool = True

    @property
    def passed(self) -> bool:
        """No difference at all."""
        return not self.differences

    @property
    def failed(self) -> bool:
        """Different, and it matters."""
        return self.counts and not self.passed


def judge(case: dict[str, Any]) -> Verdict:
    """Run one case and compare."""
    counts = bool(case.get("exec", True)) and case.get("strength") != "disputed"
    try:
        found = differences(case.get("expect") or {}, rehearse(case))
    except Exception as error:  # a case that breaks the network is a failure of the network, shown with the others
        found = [f"the network broke: {type(error).__name__}: {error}"]
    return Verdict(str(case.get("id", "?")), tuple(found), counts)


def judge_all(cases: Iterable[dict[str, Any]]) -> Iterator[Verdict]:
    """Judge one after the other."""
    return (judge(case) for case in cases)
