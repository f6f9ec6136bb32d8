"""Line: one telephone line to the product, on a virtual clock: dial, hear, press, say, be silent, hang up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from ivr.simulator.body import Silent
from ivr.simulator.call import Call, Listening, Piece, StatusTo, Webhook
from ivr.simulator.credentials import AUTH_TOKEN
from ivr.simulator.errors import Fault
from ivr.simulator.mouth import make_noise, seconds_to_say, speak
from ivr.simulator.network import Network

BETWEEN_KEYS = 0.1
PATIENCE_IN_QUEUE = 4.0


@dataclass(frozen=True)
class Moment:
    """What came of the last deed: what was heard since, and where the call stands now."""

    heard: tuple[Piece, ...]
    """In order: `.text` with `.language`, or `.url` of a sound; `.cut` when the caller interrupted it."""
    listens: Listening | None
    """What is waited for (`verb`, `keys`, `speech`, `digits`, `hints`), None when nothing is."""
    ended: bool
    queued: bool
    bridged: bool
    status: str
    faults: tuple[Fault, ...]
    """Everything a carrier would have complained of in this call so far."""

    @property
    def said(self) -> str:
        """All that was heard, as one text."""
        return " ".join(piece.heard for piece in self.heard)


class Line:
    """A caller with a telephone. Every deed runs the virtual clock until the product waits for the caller again.

    `base_url` is where the product is; `http` is None for real HTTP, or a WSGI application or Flask test client that is
    called directly. `incoming`, `fallback` and `ended` are the addresses a number would be configured with.
    TwiML a carrier would complain of raises BadTwiml with address, verb and reason.
    """

    def __init__(
        self,
        base_url: str,
        auth_token: str = AUTH_TOKEN,
        caller: str = "+33612345678",
        called: str = "+33189000000",
        http: Any = None,
        *,
        twice: bool = False,
        network: Network | None = None,
        incoming: str = "/voice/incoming",
        fallback: str = "/voice/again",
        ended: str = "/voice/ended",
        **network_options: Any,
    ) -> None:
        self._own = network is None
        self.network = network or Network(base_url, auth_token=auth_token, http=http, twice=twice, **network_options)
        self.caller, self.called = caller, called
        base = base_url.rstrip("/")
        self._webhook = Webhook(base + incoming, fallback_url=base + fallback if fallback else "")
        self._status_to = StatusTo(base + ended if ended else "")
        self.call: Call | None = None
        self._told = 0

    @property
    def call_sid(self) -> str:
        """The call's identifier."""
        return self._live.sid

    @property
    def _live(self) -> Call:
        if self.call is None:
            raise RuntimeError("nobody has dialled yet")
        return self.call

    # --- deeds ------------------------------------------------------------------------------------------------------

    def dial(self, *, settle: bool = True) -> Moment:
        """Call the number, and listen until something is expected of the caller."""
        carrier = self.network.carrier
        self.call = carrier.receive(self.caller, self.called, self._webhook, Silent(carrier.durations), self._status_to)
        self._told = 0
        return self.settle() if settle else self.now()

    def press(self, keys: str) -> Moment:
        """Press keys one after the other, a tenth of a second apart."""
        return self._after(self._press(keys))

    def say(self, words: str, *, confidence: float | None = 0.9, seconds: float | None = None) -> Moment:
        """Say something."""
        return self._after(speak(self._live, words, seconds or seconds_to_say(words), confidence))

    def record(self, seconds: float, mulaw: bytes = b"", *, finish: str = "#") -> Moment:
        """Speak into a recording for so long (`mulaw`, 8 kHz, is what it will hold), then press the finishing key."""
        return self._after(self._record(seconds, mulaw, finish))

    def silence(self) -> Moment:
        """Do nothing until the product has given up waiting for this answer."""
        return self._after(asyncio.sleep(0))

    def hang_up(self) -> Moment:
        """Put the receiver down; returns when the product has been told."""
        self._live.hang_up()
        self.network.run(self._until_over())
        return self.now()

    def wait(self, seconds: float) -> Moment:
        """Let time pass, whatever happens in it."""
        self.network.wait(seconds)
        return self.now()

    def settle(self) -> Moment:
        """Listen until the product waits for the caller, the call is over, or it waits in a queue or a room."""
        self.network.run(self._settled())
        return self.now()

    def now(self) -> Moment:
        """Where the call stands, with everything heard since the last time this was asked."""
        call = self._live
        self.network.complain()
        fresh, self._told = tuple(call.heard[self._told :]), len(call.heard)
        return Moment(
            fresh,
            call.listening,
            call.is_over,
            call.queue is not None,
            call.bridged_to is not None,
            call.status,
            tuple(call.faults),
        )

    def close(self) -> None:
        """Hang up, if need be, and stop a clock of one's own."""
        if self._own:
            self.network.close()
        elif self.call is not None and not self.call.is_over:
            self.hang_up()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # --- how --------------------------------------------------------------------------------------------------------

    def _after(self, deed: Any) -> Moment:
        self.network.run(self._do_and_settle(deed))
        return self.now()

    async def _do_and_settle(self, deed: Any) -> None:
        call, asked = self._live, self._live.listening
        await deed
        while asked is not None and call.listening is asked and not call.is_over:
            await _moved(call, 1.0)
        await self._settled()

    async def _press(self, keys: str) -> None:
        for key in keys:
            self._live.press(key)
            await asyncio.sleep(BETWEEN_KEYS)

    async def _record(self, seconds: float, mulaw: bytes, finish: str) -> None:
        await make_noise(self._live, seconds, mulaw)
        if finish:
            self._live.press(finish)

    async def _settled(self) -> None:
        call = self._live
        queued_since: float | None = None
        while not (call.is_over or call.bridged_to or (call.listening and call.listening.prompted)):
            if call.queue is not None or call.room is not None:
                queued_since = call.now() if queued_since is None else queued_since
                if call.now() - queued_since >= PATIENCE_IN_QUEUE:
                    return
            await _moved(call, 0.5)
            if self.network.carrier.crashes:
                return
        if call.is_over:
            await self._until_over()

    async def _until_over(self) -> None:
        await self._live.over.wait()
        if self._live.told is not None:
            await asyncio.wait({self._live.told})


async def _moved(call: Call, seconds: float) -> None:
    """Until something changes in the call, or so many seconds have passed."""
    try:
        await asyncio.wait_for(call.moved.wait(), seconds)
    except TimeoutError:
        return
