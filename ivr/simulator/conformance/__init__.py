"""Conformance: cases as data (pages, a caller's deeds, what must come of them), run on the virtual clock, compared."""

from ivr.simulator.conformance.judge import Verdict, judge, judge_all

__all__ = ["Verdict", "judge", "judge_all"]
