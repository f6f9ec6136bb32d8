"""The progress of a call and who is told of it: status callbacks, in order or on request out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from ivr.simulator import asking
from ivr.simulator.edge import AnsweredTooLate, CouldNotConnect
from ivr.simulator.errors import CONNECTION, RETRIEVAL, DocumentFailed, Fault

if TYPE_CHECKING:
    from ivr.simulator.call import Call

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def answer(call: Call) -> None:
    """The leg is answered, if it was not yet."""
    if call.answered_at is not None:
        return
    call.answered_at, call.status = call.now(), "in-progress"
    call.answered.set()
    tell(call, "answered")
    call.change()


async def finish(call: Call, status: str) -> None:
    """The leg is over; the final event is told."""
    if call.is_over:
        return
    call.status, call.ended_at = status, call.now()
    call.listening = None
    for stream in list(call.streams.values()):
        stream.finish()
    call.over.set()
    call.answered.set()
    tell(call, "completed", told_as=status)
    call.change()


def tell(call: Call, event: str, *, told_as: str = "") -> None:
    """Tell the status address of an event it asked for, after the ones before it."""
    to = call.status_to
    if not to.url or event not in to.events:
        return
    status = told_as or {"answered": "in-progress"}.get(event, event)
    params = _params(call, status)
    call.sequence += 1
    before = None if call.carrier.out_of_order else call.told
    call.told = call.carrier.spawn(_told(call, params, before))


def _params(call: Call, status: str) -> dict[str, str]:
    params = {
        "CallStatus": status,
        "SequenceNumber": str(call.sequence),
        "CallbackSource": "call-progress-events",
        "Timestamp": formatdate(call.carrier.wall_time(), usegmt=False).replace("-0000", "+0000"),
    }
    if status not in FINAL:
        return params
    seconds = int(call.now() - call.answered_at) if call.answered_at is not None else 0
    codes = {"busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}
    return params | {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "SipResponseCode": codes.get(status, "200"),
    }


async def _told(call: Call, params: dict[str, str], before: asyncio.Task[None] | None) -> None:
    if before is not None:
        await asyncio.wait({before})
    if call.carrier.out_of_order and params["CallStatus"] not in FINAL:
        await asyncio.sleep(0.5)  # long enough for the next event to overtake this one
    await beside(call, call.status_to.url, call.status_to.method, params, kind="status")


async def beside(
    call: Call,
    url: str,
    method: str,
    params: dict[str, str],
    *,
    kind: str,
    unheeded: bool = False,
    alone: bool = False,
) -> None:
    """Tell an address something; whatever it answers is not performed, and a failure only logged."""
    try:
        answer, _ = await asking.ask(call, url, method, params, kind=kind, unheeded=unheeded, alone=alone)
    except DocumentFailed as failed:
        call.faults.append(Fault(failed.code, failed.reason, url, kind, call.now()))
        return
    if answer.status >= 400:
        call.faults.append(Fault(RETRIEVAL, f"answered {answer.status}", url, kind, call.now()))


async def beside_json(call: Call, url: str, body: str) -> None:
    """Tell an address something as JSON; a failure is only logged."""
    try:
        answer = await asking.tell_json(call, url, body)
    except (CouldNotConnect, AnsweredTooLate) as failed:
        call.faults.append(Fault(CONNECTION, type(failed).__name__, url, "json", call.now()))
        return
    if answer.status >= 400:
        call.faults.append(Fault(RETRIEVAL, f"answered {answer.status}", url, "json", call.now()))


async def after(before: asyncio.Task[None] | None, deed: Coroutine[Any, Any, None]) -> None:
    """Do something once what came before it is done."""
    try:
        if before is not None:
            await asyncio.wait({before})
    except asyncio.CancelledError:
        deed.close()
        raise
    await deed
