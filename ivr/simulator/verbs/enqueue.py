"""Enqueue: wait in a line, with a wait document, until taken, sent away or tired of it (Twilio docs, TwiML Enqueue)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ivr.simulator import asking, performance
from ivr.simulator.attributes import Attributes
from ivr.simulator.bridges import Bridge
from ivr.simulator.call import Call, HungUp, Piece, Sent
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import SCHEMA, DocumentFailed, Fault
from ivr.simulator.queues import Member, Queue
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.outcome import Ended, Goto, Leaves, NotAllowedHere

IN_THE_LINE = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
BEFORE_THE_BRIDGE = frozenset({"Play", "Say", "Pause", "Redirect"})
DEFAULT_MUSIC = "platform:classical"
MUSIC_SECONDS = 60
LONGEST_NAME = 64


@dataclass(frozen=True)
class Taken:
    """An agent's leg takes this caller: the bridge to be, and the address of what the caller hears first."""

    bridge: Bridge
    announce: Goto | None


async def enqueue(call: Call, element: Element, page: Page) -> Goto | None:
    """Wait; then ask the action with the result, or go on with the next verb when there is none."""
    attributes = Attributes(element, call.warn)
    action = page.resolve(element.get("action")) if element.get("action") else ""
    if _names_no_queue(element, attributes):
        return Goto(action, attributes.method(), {"QueueResult": "error"}) if action else None
    queue = call.carrier.queue_named(element.text)
    assert queue is not None
    queue.most = attributes.whole("maxQueueSize", queue.most)
    stay = _Stay(call, element, page, attributes, queue)
    try:
        result = await stay.result()
    except (HungUp, Ended):
        if action:
            await ask_last(call, Goto(action, attributes.method(), stay.params(stay.ended_as("hangup"))))
        raise
    except Sent:
        if action:
            goto = Goto(action, attributes.method(), stay.params(stay.ended_as("redirected")))
            call.carrier.spawn(ask_last(call, goto, unheeded=True))
        raise
    return Goto(action, attributes.method(), stay.params(result)) if action else None


def _names_no_queue(element: Element, attributes: Attributes) -> bool:
    """No name, too long a name, or a workflow, of which this network has none."""
    if element.get("workflowSid"):
        attributes.warn(SCHEMA, "this network has no workflows")
    elif not 0 < len(element.text) <= LONGEST_NAME:
        attributes.warn(SCHEMA, f"a queue has a name of at most {LONGEST_NAME} characters")
    else:
        return False
    return True


class _Stay:
    """One caller's stay in a queue."""

    def __init__(self, call: Call, element: Element, page: Page, attributes: Attributes, queue: Queue) -> None:
        self.call, self.element, self.page, self.attributes, self.queue = call, element, page, attributes, queue
        self.member: Member | None = None
        self.bridged = False

    def ended_as(self, word: str) -> str:
        """The QueueResult of somebody who hung up or was sent away, which differs once they had been bridged."""
        if not self.bridged:
            return word
        return "bridged" if word == "hangup" else "redirected-from-bridged"

    def params(self, result: str) -> dict[str, str]:
        """What the action is told; which queue and how long only when the call was in it."""
        if self.member is None:
            return {"QueueResult": result}
        waited = int(self.member.waited + 1e-9)
        return {"QueueResult": result, "QueueSid": self.queue.sid, "QueueTime": str(waited)}

    async def result(self) -> str:
        """Wait until something ends it, and name it."""
        self.member = self.queue.join(self.call)
        if self.member is None:
            return "queue-full"
        self.call.queue = self.queue
        self.call.change()
        try:
            return await self._in_line(self.member)
        finally:
            self.queue.leave(self.member)
            if self.member.taken.done() and not self.member.taken.cancelled():
                self.member.taken.result().bridge.part()
            self.call.queue = None
            self.call.change()

    async def _in_line(self, member: Member) -> str:
        waiting = asyncio.ensure_future(self._wait_document())
        try:
            await self.call.until(asyncio.wait({waiting, member.taken}, return_when=asyncio.FIRST_COMPLETED))
            if not member.taken.done():
                return waiting.result()
        finally:
            if not waiting.done():
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
            elif not waiting.cancelled():
                waiting.exception()
        return await self._talk(member.taken.result())

    async def _wait_document(self) -> str:
        """Perform the wait document again and again; the result when it ends the stay by itself."""
        written = self.element.attributes.get("waitUrl")
        try:
            while True:
                began = self.call.now()
                await self._once(written)
                if self.call.now() - began < 1e-6:
                    await self.call.wait(1)  # an empty wait document is asked once a second, not for ever at once
        except Leaves:
            return "leave"
        except NotAllowedHere as error:
            self.attributes.warn(SCHEMA, f"<{error.verb}> may not stand in a wait document")
            return "error"
        except DocumentFailed as failed:
            self.call.faults.append(Fault(failed.code, failed.reason, failed.url, "Enqueue", self.call.now()))
            return "error"

    async def _once(self, written: str | None) -> None:
        if written is None:
            await self.call.until(self.call.body.play(self.call, Piece(self.call.now(), url=DEFAULT_MUSIC)))
            await self.call.wait(MUSIC_SECONDS)
            return
        if not written.strip():
            await self.call.wait(MUSIC_SECONDS)
            return
        method = self.attributes.method("waitUrlMethod")
        url = self.page.resolve(written)
        found = performance.noted(
            self.call, await self.call.until(asking.page(self.call, url, method, self._wait_params()))
        )
        await performance.perform(self.call, found, allowed=IN_THE_LINE)

    def _wait_params(self) -> dict[str, str]:
        assert self.member is not None
        return {
            "QueueSid": self.queue.sid,
            "QueuePosition": str(self.queue.position(self.member)),
            "QueueTime": str(int(self.call.now() - self.member.since + 1e-9)),
            "AvgQueueTime": str(int(self.queue.average_wait())),
            "CurrentQueueSize": str(len(self.queue.members)),
            "MaxQueueSize": str(self.queue.most),
        }

    async def _talk(self, taken: Taken) -> str:
        """Hear the announcement, then talk until either hangs up."""
        if taken.announce is not None:
            await self._announced(taken.announce)
        if taken.bridge.over.is_set():
            return "error"
        taken.bridge.join()
        self.bridged = True
        await self.call.until(taken.bridge.over.wait())
        return "bridged"

    async def _announced(self, announce: Goto) -> None:
        assert self.member is not None
        params = {"QueueSid": self.queue.sid, "QueueTime": str(int(self.member.waited + 1e-9)), **announce.params}
        try:
            page = await self.call.until(asking.page(self.call, announce.url, announce.method, params))
            await performance.perform(self.call, performance.noted(self.call, page), allowed=BEFORE_THE_BRIDGE)
        except (DocumentFailed, NotAllowedHere) as error:
            self.attributes.warn(SCHEMA, f"the announcement failed: {error}")
