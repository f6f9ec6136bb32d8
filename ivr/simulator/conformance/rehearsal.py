"""Runs one case: its pages as the product, its caller, agent, far ends, socket and REST deeds on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from ivr.simulator import progress, rest_calls
from ivr.simulator.body import FarEnd, Silent
from ivr.simulator.call import Call, StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import VirtualLoop
from ivr.simulator.conformance.lint import lint
from ivr.simulator.conformance.outcome import Outcome
from ivr.simulator.edge import Answer, PageAnswer, PagesEdge
from ivr.simulator.errors import Fault
from ivr.simulator.mouth import make_noise, speak
from ivr.simulator.sockets import ScriptedSocket, SocketClosed
from ivr.simulator.sounds import TrustedSounds, no_sound
from ivr.simulator.streams import Stream

Case = dict[str, Any]
CALLER, CALLED = "+33612345678", "+33189000000"
START = "https://opera.test/ivr/voice"
LONGEST = 14_400.0
"""No call lasts longer than four hours."""


def rehearse(case: Case) -> Outcome:
    """Run the case to its end."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_Rehearsal(case, loop).outcome())
    finally:
        _abandon(loop)


def _abandon(loop: VirtualLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks))
    loop.close()


class _Rehearsal:
    def __init__(self, case: Case, loop: VirtualLoop) -> None:
        self.case = case
        pages = {url: answers(page) for url, page in case.get("pages", {}).items()}
        troubles = {url: no_sound(found[0].answer) for url, found in pages.items()}
        self.sockets: list[str] = []
        self.refusals: list[Fault] = []
        self.carrier = Carrier(
            loop,
            PagesEdge(pages),
            seed=str(case.get("id")),
            sounds=TrustedSounds(troubles),
            plain_sockets=False,
            open_socket=self._socket,
            out_of_order=bool(case.get("out_of_order")),
        )
        for far in case.get("far", ()):
            body = FarEnd(
                far.get("outcome", "answer"),
                far.get("after", 0.0),
                far.get("talk"),
                from_bridge=bool(far.get("from_bridge")),
            )
            self.carrier.connect(str(far.get("number", far.get("to", ""))), body)

    async def outcome(self) -> Outcome:
        """Start the call and everybody's deeds; when the call is over, what came of it."""
        self._fill_queue()
        call = self._start()
        deeds: list[asyncio.Future[None]] = [asyncio.ensure_future(deed) for deed in self._deeds(call)]
        try:
            await asyncio.wait_for(call.over.wait(), LONGEST)
        except TimeoutError:
            call.hang_up()
            await call.over.wait()
        await self._late(deeds)
        if self.carrier.crashes:
            raise self.carrier.crashes[0]
        others = [other for other in self.carrier.calls.values() if other is not call]
        return Outcome(
            call, others, self.carrier.requests, self.sockets, self.refusals, lint(self.case, self.carrier.requests)
        )

    def _fill_queue(self) -> None:
        """Those who wait already, when the case says so."""
        filled = self.case.get("queue") or {}
        if not filled:
            return
        queue = self.carrier.queue_named(filled.get("name", "billetterie"))
        assert queue is not None
        waiting = int(filled.get("size", filled.get("waiting", 0)))
        for number in range(waiting):
            queue.join(self.carrier.new_call(f"+3360000{number:04d}", CALLED, Silent()))
        queue.most = waiting if filled.get("full") else int(filled.get("max", filled.get("max_size", queue.most)))

    async def _late(self, deeds: list[asyncio.Future[None]]) -> None:
        """Let callbacks arrive and REST deeds happen that come after the end."""
        last = max((rest.get("t", 0.0) for rest in self.case.get("rest", ())), default=0.0)
        await asyncio.sleep(max(1.0, last - self.carrier.loop.time() + 0.1))
        for deed in deeds:
            deed.cancel()
        await asyncio.gather(*deeds, return_exceptions=True)

    def _start(self) -> Call:
        start = self.case.get("start") or {}
        try:
            rest_calls.webhook({"Url": start.get("url", ""), "Twiml": start.get("twiml", "")})
        except rest_calls.Refused as refused:
            return self._refused(refused)
        url = start.get("url", "" if start.get("twiml") else START)
        webhook = Webhook(
            url,
            start.get("method", "POST").upper(),
            start.get("twiml", ""),
            start.get("fallback_url", ""),
            start.get("fallback_method", "POST").upper(),
        )
        status_to = StatusTo(
            start.get("status_callback", ""), start.get("status_callback_method", "POST").upper(), _events(start)
        )
        if start.get("direction", "inbound") == "inbound":
            return self.carrier.receive(
                start.get("from", CALLER), start.get("to", CALLED), webhook, Silent(), status_to
            )
        to = start.get("to", CALLER)
        self.carrier.numbers.setdefault(to, FarEnd("answer"))
        return self.carrier.place(start.get("from", CALLED), to, webhook, status_to, timeout=start.get("timeout", 60))

    def _refused(self, refused: rest_calls.Refused) -> Call:
        self.refusals.append(Fault(refused.code, refused.reason))
        call = self.carrier.new_call(CALLED, CALLER, Silent(), direction="outbound-api")
        self.carrier.spawn(progress.finish(call, "failed"))
        return call

    def _deeds(self, call: Call) -> list[Coroutine[Any, Any, None]]:
        deeds = [self._at(deed["t"], self._does(call, deed)) for deed in self.case.get("caller", ())]
        deeds += [self._at(rest["t"], self._rest(call, rest)) for rest in self.case.get("rest", ())]
        for far in self.case.get("far", ()):
            presses = far.get("press") or []
            for deed in presses if isinstance(presses, list) else [presses]:
                deeds.append(self._at(deed["t"], self._far_presses(str(far.get("number")), str(deed["press"]))))
        agents = self.case.get("agent") or []
        for agent in agents if isinstance(agents, list) else [agents]:
            deeds.append(self._at(agent.get("dials_queue_at", 0.0), self._agent(agent)))
        return deeds

    async def _at(self, t: float, deed: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.sleep(max(0.0, t - self.carrier.loop.time()))
        except asyncio.CancelledError:
            deed.close()
            raise
        await deed

    async def _does(self, call: Call, deed: dict[str, Any]) -> None:
        if "press" in deed:
            for key in str(deed["press"]):
                call.press(key)
        elif "say" in deed:
            await speak(call, deed["say"], deed.get("dur", 1.0), deed.get("confidence"))
        elif "voice" in deed:
            await make_noise(call, deed["voice"])
        elif deed.get("hangup"):
            call.hang_up()

    async def _far_presses(self, number: str, keys: str) -> None:
        """Somebody who was dialled presses keys, in a whisper for example."""
        for leg in self.carrier.calls.values():
            if leg.to == number and not leg.is_over:
                for key in keys:
                    leg.press(key)

    async def _rest(self, call: Call, rest: dict[str, Any]) -> None:
        try:
            if "update" in rest:
                rest_calls.update(self.carrier, call, {key: str(value) for key, value in rest["update"].items()})
            elif "create" in rest:
                rest_calls.create(self.carrier, {key: str(value) for key, value in rest["create"].items()})
        except rest_calls.Refused as refused:
            self.refusals.append(Fault(refused.code, refused.reason, at=self.carrier.loop.time()))

    async def _agent(self, agent: dict[str, Any]) -> None:
        name = agent.get("queue") or next((queue.name for queue in self.carrier.queues.values()), "")
        where = f' url="{agent["url"]}"' if agent.get("url") else ""
        twiml = f"<Response><Dial><Queue{where}>{name}</Queue></Dial></Response>"
        body = FarEnd("answer", 0.0, agent.get("talk"), from_bridge=True)
        self.carrier.connect("+33100000000", body)
        self.carrier.place(CALLED, "+33100000000", Webhook(twiml=twiml), StatusTo())

    async def _socket(self, stream: Stream) -> ScriptedSocket:
        self.sockets.append(stream.url)
        script = self.case.get("ws") or {}
        if any(script.get(word) for word in ("refuses", "refused", "fails")):
            raise SocketClosed("as scripted")
        return ScriptedSocket(script.get("server_closes_at"))


def _events(start: dict[str, Any]) -> tuple[str, ...]:
    written = start.get("status_callback_event", "completed")
    return tuple(written.split()) if isinstance(written, str) else tuple(written)


def answers(page: Any) -> list[PageAnswer]:
    """A page's answers in turn, from its text, its description, or a list of either."""
    if isinstance(page, list):
        return [answer for each in page for answer in answers(each)]
    if isinstance(page, str):
        return [PageAnswer(Answer(200, page.encode(), {"content-type": "text/xml"}))]
    headers = {name.lower(): value for name, value in (page.get("headers") or {}).items()}
    cookies = headers.pop("set-cookie", None)
    set_cookies = tuple(cookies) if isinstance(cookies, list) else (cookies,) if cookies else ()
    body = str(page.get("body") or "").encode().ljust(int(page.get("body_bytes") or 0))
    connects = not any(page.get(word) for word in ("refused", "refuses", "connect_error", "connection_error"))
    return [PageAnswer(Answer(page.get("status", 200), body, headers, set_cookies), page.get("delay", 0.0), connects)]
