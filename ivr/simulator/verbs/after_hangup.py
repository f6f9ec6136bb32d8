"""The last request of a verb whose caller hung up: asked, and whatever it answers is not performed."""

from __future__ import annotations

from ivr.simulator import progress
from ivr.simulator.call import Call
from ivr.simulator.verbs.outcome import Goto


async def ask_last(call: Call, goto: Goto, *, unheeded: bool = False) -> None:
    """Tell the action how it ended; `unheeded` when no documentation says that it is told at all."""
    await progress.beside(call, goto.url, goto.method, dict(goto.params), kind="twiml", unheeded=unheeded)
