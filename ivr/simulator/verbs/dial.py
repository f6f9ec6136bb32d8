"""Dial: connect the caller with somebody: numbers, a queue, or a conference (Twilio docs, TwiML Dial)."""

from __future__ import annotations

import asyncio

from ivr.simulator import performance, progress
from ivr.simulator.addresses import may_be_shown, telephone_number
from ivr.simulator.attributes import Attributes
from ivr.simulator.body import FarEnd
from ivr.simulator.bridges import Bridge
from ivr.simulator.call import Call, HungUp, StatusTo
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import DIAL_IN_A_DIAL, DIAL_NO_NUMBER, DIAL_NOBODY, SCHEMA
from ivr.simulator.verbs import dial_conference, dial_queue
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.dial_recording import DialRecording
from ivr.simulator.verbs.outcome import Ended, Goto, NotAllowedHere
from ivr.simulator.verbs.play import KEYS, send_keys
from ivr.simulator.verbs.talking import until_over

LEGS = ("Number", "Client", "Sip", "Sim", "WhatsApp", "Application")
MOST_LEGS = 10
IN_A_WHISPER = frozenset({"Say", "Play", "Gather", "Hangup", "Pause", "Redirect"})


async def dial(call: Call, element: Element, page: Page) -> Goto | None:
    """Dial; afterwards ask the action, or go on with the next verb when there is none."""
    attributes = Attributes(element, call.warn)
    action = page.resolve(element.get("action")) if element.get("action") else ""
    method = attributes.method()
    try:
        params = await _dialled(call, element, page, attributes)
    except HungUp:
        if action:
            told = call.subresources.get("dialled", {"DialCallStatus": "canceled"})
            await ask_last(call, Goto(action, method, told), unheeded=True)
        raise
    progress.answer(call)
    return Goto(action, method, params) if action else None


async def _dialled(call: Call, element: Element, page: Page, attributes: Attributes) -> dict[str, str]:
    for noun in element.inside("Queue"):
        return await dial_queue.dial(call, noun, page, attributes, DialRecording(call, attributes, page))
    for noun in element.inside("Conference"):
        return await _in_a_room(call, noun, page, attributes)
    nouns = element.inside(*LEGS) or ((Element("Number", text=element.text),) if element.text else ())
    if not nouns:
        attributes.warn(DIAL_NOBODY, "nobody to dial")
        return {"DialCallStatus": "failed"}
    if len(nouns) > MOST_LEGS:
        attributes.warn(DIAL_NOBODY, f"more than {MOST_LEGS} to dial")
    return await _Dialling(call, element, page, attributes).result(nouns[:MOST_LEGS])


async def _in_a_room(call: Call, noun: Element, page: Page, attributes: Attributes) -> dict[str, str]:
    recording = DialRecording(call, attributes, page)
    recording.rings()
    recording.talks()
    try:
        params = await dial_conference.dial(call, noun, page, attributes)
    finally:
        recorded = recording.finished()
    return params | recorded


def address_of(noun: Element) -> str:
    """The address a noun rings; nothing for a Number that is none."""
    identity = noun.inside("Identity")
    text = identity[0].text if identity else noun.text
    if noun.name == "Number":
        return telephone_number(text) or ""
    return f"client:{text}" if noun.name == "Client" else text


class _Dialling:
    """One Dial of numbers, clients or SIP addresses."""

    def __init__(self, call: Call, element: Element, page: Page, attributes: Attributes) -> None:
        self.call, self.element, self.page, self.attributes = call, element, page, attributes
        self.seconds = attributes.within("timeout", 30, 5, 600)
        self.limit = attributes.whole("timeLimit", 14_400, least=1)
        self.star = attributes.flag("hangupOnStar", False)
        self.recording = DialRecording(call, attributes, page)

    async def result(self, nouns: tuple[Element, ...]) -> dict[str, str]:
        """Ring, talk, and the parameters for the action."""
        if not self.attributes.flag("answerOnBridge", False):
            progress.answer(self.call)
        self.recording.rings()
        groups = [(noun,) for noun in nouns] if self.attributes.flag("sequential", False) else [nouns]
        found: dict[str, str] = {}
        for group in groups:
            legs = [self._leg(noun) for noun in group]
            leg, found = await self._first(legs, group)
            if leg is not None:
                return await self._talk(leg)
        return found | self.recording.finished()

    def _leg(self, noun: Element) -> Call:
        carrier = self.call.carrier
        address = address_of(noun)
        if not address:
            self.attributes.warn(DIAL_NO_NUMBER, f"{noun.text!r} is no telephone number")
        events = tuple(noun.get("statusCallbackEvent", "completed").split())
        url = self.page.resolve(noun.get("statusCallback")) if noun.get("statusCallback") else ""
        return carrier.new_call(
            self._caller_id(),
            address or noun.text,
            carrier.body_at(address) if address else FarEnd("failed"),
            direction="outbound-dial",
            parent_sid=self.call.sid,
            status_to=StatusTo(url, noun.get("statusCallbackMethod", "POST").upper(), events),
        )

    def _caller_id(self) -> str:
        written = self.element.get("callerId").strip()
        if written and not may_be_shown(written):
            self.attributes.wrong("callerId", f"callerId={written!r} is neither a number nor a client")
            written = ""
        return written or self.call.from_

    async def _first(self, legs: list[Call], nouns: tuple[Element, ...]) -> tuple[Call | None, dict[str, str]]:
        """The first leg to answer (and to accept the whisper); all others are called off."""
        ringing: dict[asyncio.Future[str], Call] = {
            asyncio.ensure_future(self._ready(leg, noun)): leg for leg, noun in zip(legs, nouns, strict=True)
        }
        outcomes: list[str] = []
        try:
            waiting: set[asyncio.Future[str]] = set(ringing)
            while waiting:
                done, waiting = await self.call.until(asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED))
                for task in sorted(done, key=lambda one: legs.index(ringing[one])):
                    if task.result() == "answered":
                        return ringing.pop(task), {}
                    outcomes.append(task.result())
            return None, _nobody(outcomes, legs)
        finally:
            await self._call_off(ringing)

    async def _call_off(self, ringing: dict[asyncio.Future[str], Call]) -> None:
        for task in ringing:
            task.cancel()
        await asyncio.gather(*ringing, return_exceptions=True)
        for leg in ringing.values():
            await progress.finish(leg, "canceled" if leg.answered_at is None else "completed")

    async def _ready(self, leg: Call, noun: Element) -> str:
        """Ring one leg and let it hear its whisper: answered, or why not."""
        try:
            outcome = await performance.rung(leg, self.seconds)
            if outcome == "answered" and noun.get("sendDigits"):
                await self._send_digits(leg, noun)
            if outcome == "answered" and noun.get("url"):
                outcome = await self._whispered(leg, noun)
        except HungUp:
            outcome = "declined"
        if outcome != "answered":
            await progress.finish(leg, "completed" if outcome == "declined" else outcome)
        return outcome

    async def _send_digits(self, leg: Call, noun: Element) -> None:
        digits = noun.get("sendDigits")
        if set(digits) - KEYS:
            Attributes(noun, self.call.warn).wrong("sendDigits", f"sendDigits={digits!r} holds what no telephone has")
        await send_keys(leg, "".join(digit for digit in digits if digit in KEYS))

    async def _whispered(self, leg: Call, noun: Element) -> str:
        goto = Goto(self.page.resolve(noun.get("url")), Attributes(noun, self.call.warn).method())
        try:
            found = await performance.fetched(leg, goto)
            if found is not None:
                await performance.perform(leg, found, allowed=IN_A_WHISPER)
        except Ended:
            return "declined"
        except NotAllowedHere as error:
            code = DIAL_IN_A_DIAL if error.verb == "Dial" else SCHEMA
            leg.warn(code, f"<{error.verb}> may not stand in a whisper", error.verb, goto.url)
            return "declined"
        return "answered" if found is not None else "declined"

    async def _talk(self, leg: Call) -> dict[str, str]:
        """Bridge the two until either hangs up, the star key or the limit."""
        progress.answer(self.call)
        bridge = Bridge(self.call, leg)
        self.recording.talks()
        bridge.join()
        try:
            await self.call.until(until_over(self.call, until_hung_up(leg), self.limit, star=self.star))
        finally:
            bridge.part()
            await progress.finish(leg, "completed")
            params = {
                "DialCallStatus": "completed",
                "DialCallSid": leg.sid,
                "DialCallDuration": str(bridge.seconds()),
                "DialBridged": "true",
            }
            params |= self.recording.finished()
            self.call.subresources["dialled"] = params
        return params


async def until_hung_up(leg: Call) -> None:
    """Until the person at that leg has had enough."""
    try:
        await leg.until(leg.body.talk(leg))
    except HungUp:
        return


def _nobody(outcomes: list[str], legs: list[Call]) -> dict[str, str]:
    """What the action is told when nobody talked: declined whispers were answered, yet not bridged."""
    if not outcomes:
        return {"DialCallStatus": "failed", "DialBridged": "false"}
    if "declined" in outcomes:
        leg = next(leg for leg in legs if leg.answered_at is not None)
        return {"DialCallStatus": "completed", "DialCallSid": leg.sid, "DialBridged": "false", "DialCallDuration": "0"}
    status = outcomes[-1] if len(set(outcomes)) == 1 else "busy" if "busy" in outcomes else "no-answer"
    return {"DialCallStatus": status, "DialCallSid": legs[-1].sid, "DialBridged": "false"}
