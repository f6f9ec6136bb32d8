"""The last request of a verb whose caller hung up: asked, and whatever it answers is not performed."""

from __future__ import annotations

from ivr.simulator import progress
from ivr.simulator.call import Call
from ivr.simulator.verbs.outcome import Goto


async def ask_last(call: Call, goto: Goto) -> None:
    """Tell the action how it ended."""
    await progress.beside(call, goto.url, goto.method, dict(goto.params), kind="twiml")
