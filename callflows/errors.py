"""What can go wrong inside a dialogue.

FlowError            our own mistake: found by `souffleur flows check`, or by the step limit
NotUnderstood        the answer did not fit the question; never leaves the engine
"""

from __future__ import annotations


class FlowError(Exception):
    """A flow is written wrongly: an unknown step, an undeclared outcome, a loop without a question."""


class NotUnderstood(Exception):
    """What the caller did is no answer to this question."""
