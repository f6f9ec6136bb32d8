"""Performing documents: one verb after the other, the fallback when one fails, and the end of the call."""

from __future__ import annotations

import asyncio

from ivr.simulator import asking, placed, progress
from ivr.simulator.call import Call, HungUp, Sent, Webhook
from ivr.simulator.document import Element, Page, read
from ivr.simulator.errors import TOO_MANY_REDIRECTS, BadTwiml, DocumentFailed, Fault
from ivr.simulator.verbs import VERBS
from ivr.simulator.verbs.outcome import Ended, Goto, Leaves, NotAllowedHere

MOST_PAGES_AT_ONCE = 100
"""A chain of pages in which nothing is heard would otherwise never end on the virtual clock."""


async def inbound(call: Call) -> None:
    """A call that came in: ask what to do, answer, do it, and say when it is over."""
    await _whole_life(call, call.webhook, ask_first=True)


async def outbound(call: Call, timeout: float) -> None:
    """A call that the REST API placed: ring; once answered, the same."""
    try:
        outcome = await rung(call, timeout)
    except HungUp:
        outcome = "canceled"
    if outcome != "answered":
        await progress.finish(call, outcome)
        return
    call.carrier.spawn(_far_end_talks(call))
    await placed.answered(call)
    await _whole_life(call, call.webhook, ask_first=False)


async def rung(call: Call, timeout: float) -> str:
    """Let a leg ring at most so long: answered (the leg is then in progress), busy, failed or no-answer."""
    progress.tell(call, "initiated")
    call.status = "ringing"
    progress.tell(call, "ringing")
    try:
        outcome = await call.until(asyncio.wait_for(call.body.ring(call), timeout))
    except TimeoutError:
        return "no-answer"
    if outcome != "answer":
        return outcome
    progress.answer(call)
    return "answered"


async def _far_end_talks(call: Call) -> None:
    await call.body.talk(call)
    call.hang_up()


async def _whole_life(call: Call, start: Webhook, *, ask_first: bool) -> None:
    """From the first document to the final status; the REST API may send it elsewhere on the way."""
    target: Webhook | None = start
    final = "completed"
    first = ask_first
    try:
        while target is not None:
            try:
                await _from(call, target, may_refuse=first)
                target = None
            except Sent as sent:
                call.resume()
                target, first = sent.target, False
                _sent_elsewhere(call, sent.target)
    except HungUp:
        final = "completed" if call.answered_at is not None else call.subresources.get("end_as", "no-answer")
    except Ended as ended:
        final = ended.status
    finally:
        await progress.finish(call, final)


def _sent_elsewhere(call: Call, target: Webhook) -> None:
    """A change by REST answers a call that a Pause kept ringing; it may bring a fallback of its own."""
    progress.answer(call)
    if target.fallback_url:
        call.webhook = target


async def _from(call: Call, webhook: Webhook, *, may_refuse: bool) -> None:
    page = await opening_page(call, webhook)
    if page is None:
        progress.answer(call)
        return
    if (may_refuse and not _refuses(page)) or not may_refuse:
        progress.answer(call)
    await perform(call, page, unanswered=may_refuse)


def _refuses(page: Page) -> bool:
    """Does the page begin with something that leaves the call unanswered, at least for a while?"""
    if not page.verbs:
        return False
    first = page.verbs[0]
    return first.name in {"Reject", "Pause"} or (first.name == "Dial" and first.get("answerOnBridge").lower() == "true")


async def opening_page(call: Call, webhook: Webhook) -> Page | None:
    """The page of an address or of inline TwiML; None when not even the fallback had one."""
    if not webhook.url:
        try:
            return noted(call, read(webhook.twiml))
        except DocumentFailed as failed:
            return await _fallback(call, failed)
    return await fetched(call, Goto(webhook.url, webhook.method))


async def fetched(call: Call, goto: Goto) -> Page | None:
    """The page to go to, or the fallback's, or None."""
    try:
        return noted(call, await call.until(asking.page(call, goto.url, goto.method, dict(goto.params))))
    except DocumentFailed as failed:
        return await _fallback(call, failed)


def noted(call: Call, page: Page) -> Page:
    """The page, once its warnings are in the call's log."""
    for fault in page.faults:
        call.warn(fault.code, fault.reason, fault.verb, fault.url)
    return page


async def _fallback(call: Call, failed: DocumentFailed) -> Page | None:
    """Ask the fallback address what to do about a document that failed."""
    fault = Fault(failed.code, failed.reason, failed.url, failed.verb, call.now())
    call.faults.append(fault)
    if not call.webhook.fallback_url:
        _give_up(call, fault)
        return None
    more = {"ErrorCode": str(failed.code), "ErrorUrl": failed.url}
    try:
        page = await call.until(asking.page(call, call.webhook.fallback_url, call.webhook.fallback_method, more))
    except DocumentFailed as again:
        call.faults.append(Fault(again.code, again.reason, again.url, again.verb, call.now()))
        _give_up(call, fault)
        return None
    return noted(call, page)


def _give_up(call: Call, fault: Fault) -> None:
    """The caller hears the carrier's own apology, and the call ends."""
    call.treatment = call.treatment or "application-error"
    if call.carrier.strict:
        raise BadTwiml(fault)


async def perform(call: Call, page: Page, *, allowed: frozenset[str] | None = None, unanswered: bool = False) -> None:
    """Perform a page and every page it leads to; returns when the last one ran out of verbs."""
    current: Page | None = page
    began, pages = call.now(), 0
    while current is not None:
        began, pages = (began, pages + 1) if call.now() == began else (call.now(), 0)
        if pages > MOST_PAGES_AT_ONCE:
            call.warn(TOO_MANY_REDIRECTS, "pages lead to each other and no time passes", "Redirect", current.url)
            raise Ended("failed")
        current = await _one_page(call, current, allowed, unanswered=unanswered)
        unanswered = False


async def _one_page(call: Call, page: Page, allowed: frozenset[str] | None, *, unanswered: bool) -> Page | None:
    for place, verb in enumerate(page.verbs):
        if allowed is not None and verb.name not in allowed:
            raise NotAllowedHere(verb.name)
        goto = await _one_verb(call, verb, page, first=unanswered and place == 0)
        if goto is not None:
            following = await fetched(call, goto) if isinstance(goto, Goto) else goto
            if following is None:
                raise Ended("completed")
            return following
    return None


async def _one_verb(call: Call, verb: Element, page: Page, *, first: bool) -> Goto | Page | None:
    perform_verb = VERBS[verb.name]
    try:
        if verb.name == "Reject" and not first:
            raise Ended("completed")
        if call.answered_at is None and not (verb.name in {"Reject", "Dial"} or (verb.name == "Pause" and first)):
            progress.answer(call)
        following: Goto | Page | None = await perform_verb(call, verb, page)
        if verb.name == "Pause":
            progress.answer(call)  # a Pause at the beginning delays the answer (Twilio docs, TwiML Pause)
        return following
    except DocumentFailed as failed:
        failed.url, failed.verb = failed.url or page.url, failed.verb or verb.name
        fallback = await _fallback(call, failed)
        if fallback is None:
            raise Ended("completed") from None
        return fallback


__all__ = ["Leaves", "fetched", "inbound", "noted", "outbound", "perform", "rung"]
