"""The verbs, one function each: name in the document -> what performs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ivr.simulator.verbs.connect import connect
from ivr.simulator.verbs.dial import dial
from ivr.simulator.verbs.echo import echo
from ivr.simulator.verbs.enqueue import enqueue
from ivr.simulator.verbs.gather import gather
from ivr.simulator.verbs.hangup import hangup
from ivr.simulator.verbs.leave import leave
from ivr.simulator.verbs.pause import pause
from ivr.simulator.verbs.pay import pay
from ivr.simulator.verbs.play import play
from ivr.simulator.verbs.record import record
from ivr.simulator.verbs.redirect import redirect
from ivr.simulator.verbs.refer import refer
from ivr.simulator.verbs.reject import reject
from ivr.simulator.verbs.say import say
from ivr.simulator.verbs.sms import sms
from ivr.simulator.verbs.start import start
from ivr.simulator.verbs.stop import stop
from ivr.simulator.verbs.unheard import unheard

VERBS: dict[str, Callable[..., Awaitable[Any]]] = {
    "Connect": connect,
    "Dial": dial,
    "Echo": echo,
    "Enqueue": enqueue,
    "Gather": gather,
    "Hangup": hangup,
    "Leave": leave,
    "Pause": pause,
    "Pay": pay,
    "Play": play,
    "Prompt": unheard,
    "Queue": unheard,
    "Record": record,
    "Redirect": redirect,
    "Refer": refer,
    "Reject": reject,
    "Say": say,
    "Sms": sms,
    "Start": start,
    "Stop": stop,
}
