"""One line of a browser's telephone: its socket, its call, what it plays and what it hears."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simple_websocket import ConnectionClosed

from ivr.simulator.browser.ear import Ear, Recognise
from ivr.simulator.browser.house_side import HouseSide
from ivr.simulator.call import Call, Piece
from ivr.simulator.caller_deeds import Deed, SoundEnded
from ivr.simulator.mouth import seconds_to_say, speak
from ivr.simulator.telephone_sound import BYTES_PER_SECOND, TelephoneSound

if TYPE_CHECKING:
    from ivr.simulator.service import Service

STRETCH = 800
"""Bytes sent at once: a tenth of a second."""
KEYS = frozenset("0123456789*#")
LONGEST_NUMBER = 32
LOOKS_EVERY = 0.3
"""Seconds between two looks at what is said on a stream."""


class BrowserLine:
    """A telephone whose person sits at a browser. The socket's thread only passes things on to the network's thread.

    From the page: {"do": "register" | "dial" | "answer" | "decline" | "key" | "say" | "voice" | "hangup"}
    and binary µ-law.
    To the page: {"is": "ready" | "ringing" | "dialling" | "talking" | "caption" | "listening" | "heard" | "quiet" |
    "ended"} and binary µ-law.
    """

    def __init__(
        self,
        service: Service,
        socket: Any,
        sound: TelephoneSound,
        recognise: Recognise | None,
        house: HouseSide | None = None,
    ) -> None:
        self._service, self._socket, self._sound, self._recognise = service, socket, sound, recognise
        self._house, self._speaks = house or HouseSide(), False
        self._outbox: queue.SimpleQueue[str | bytes | None] = queue.SimpleQueue()
        self._number = ""
        self._call: Call | None = None
        self._answered: asyncio.Future[str] | None = None
        self._ear = Ear()

    # --- the socket's thread ----------------------------------------------------------------------------------------

    def live(self) -> None:
        """Until the page closes the socket."""
        sender = threading.Thread(target=self._send_all, name="line", daemon=True)
        sender.start()
        try:
            while True:
                message = self._socket.receive()
                self._service.soon(lambda message=message: self._obey(message))  # type: ignore[misc]
        except ConnectionClosed:
            pass
        finally:
            self._service.soon(self._gone)
            self._outbox.put(None)
            sender.join(5)

    def _send_all(self) -> None:
        while (message := self._outbox.get()) is not None:
            try:
                self._socket.send(message)
            except (ConnectionClosed, OSError):
                return

    # --- the network's thread: from the page ------------------------------------------------------------------------

    def _obey(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._speak_into(message)
            return
        try:
            told = json.loads(message)
            deed = getattr(self, f"_do_{told['do']}", None)
        except (ValueError, TypeError, KeyError):
            return
        if deed is not None:
            deed(told)

    def _do_register(self, told: dict[str, Any]) -> None:
        """Have this number from now on."""
        self._unregister()
        self._number = str(told.get("number", ""))[:LONGEST_NUMBER]
        if self._number:
            self._service.carrier.connect(self._number, self)
        self.tell("ready", number=self._number)

    def _do_dial(self, told: dict[str, Any]) -> None:
        if self._call is not None:
            return
        to = str(told.get("to", ""))[:LONGEST_NUMBER]
        caller = self._number or "anonymous"
        call = self._service.receive(caller, to, self)
        self._house.has_voice(call.sid, self._speaks)  # before the first webhook: it may open a stream
        self._take(call)
        self._service.carrier.spawn(self._read_along(call))
        self.tell("dialling", to=to, call=call.sid)

    def _do_answer(self, told: dict[str, Any]) -> None:
        self._reply("answer")

    def _do_decline(self, told: dict[str, Any]) -> None:
        self._reply("busy")

    def _reply(self, outcome: str) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(outcome)

    def _do_key(self, told: dict[str, Any]) -> None:
        key = str(told.get("key", ""))
        if self._call is not None and key in KEYS and len(key) == 1:
            self._call.press(key)

    def _do_say(self, told: dict[str, Any]) -> None:
        """Words typed instead of spoken."""
        words = str(told.get("words", "")).strip()[:1000]
        if self._call is not None and words:
            self._service.carrier.spawn(speak(self._call, words, seconds_to_say(words), None))

    def _do_voice(self, told: dict[str, Any]) -> None:
        """The microphone is on, or off again: who types is heard as typed, and so not on a stream."""
        self._speaks = bool(told.get("on"))
        if self._call is None:
            return
        self._house.has_voice(self._call.sid, self._speaks)
        for stream in () if self._speaks else tuple(self._call.streams.values()):
            stream.finish()

    def _do_hangup(self, told: dict[str, Any]) -> None:
        self._reply("busy")
        if self._call is not None:
            self._call.hang_up()

    def _gone(self) -> None:
        self._do_hangup({})
        self._unregister()

    def _unregister(self) -> None:
        if self._service.carrier.numbers.get(self._number) is self:
            del self._service.carrier.numbers[self._number]

    # --- the network's thread: the microphone -----------------------------------------------------------------------

    def _speak_into(self, mulaw: bytes) -> None:
        if self._call is None:
            return
        self._call.make_sound(mulaw)
        for deed, utterance in self._ear.hear(mulaw):
            if isinstance(deed, SoundEnded):
                self._service.carrier.spawn(self._understood(self._call, deed, utterance))
            else:
                self._call.do(deed)

    async def _understood(self, call: Call, deed: Deed, utterance: bytes) -> None:
        """The end of an utterance, with what the recogniser made of it."""
        listening = call.listening
        if self._recognise is None or listening is None or not listening.speech:
            call.do(deed)
            return
        loop = asyncio.get_running_loop()
        words, confidence = await loop.run_in_executor(None, self._recognise, utterance, listening)
        assert isinstance(deed, SoundEnded)
        call.do(replace(deed, words=words, confidence=confidence))
        self.tell("heard", words=words, confidence=confidence)

    # --- the network's thread: a Body -------------------------------------------------------------------------------

    async def ring(self, call: Call) -> str:
        """Ring in the browser until the person answers or declines."""
        if self._call is not None:
            return "busy"
        self._answered = asyncio.get_running_loop().create_future()
        self.tell("ringing", number=call.from_, call=call.sid)
        try:
            outcome = await self._answered
        except asyncio.CancelledError:
            self.tell("ended", status="no-answer")
            raise
        if outcome == "answer":
            self._take(call)
        else:
            self.tell("ended", status="declined")
        return outcome

    async def talk(self, call: Call) -> None:
        """The person hangs up through the call itself."""
        await asyncio.Event().wait()

    async def play(self, call: Call, piece: Piece) -> None:
        """Show the piece and play its sound at the pace of a telephone."""
        self.tell("caption", text=piece.text, url=piece.url, language=piece.language)
        sound = await self._sound.of(call, piece)
        due = call.now()
        try:
            for at in range(0, len(sound), STRETCH):
                self._outbox.put(sound[at : at + STRETCH])
                due += min(STRETCH, len(sound) - at) / BYTES_PER_SECOND
                await asyncio.sleep(max(0.0, due - call.now()))
        except asyncio.CancelledError:
            self.tell("quiet")
            raise

    def sound(self, call: Call, mulaw: bytes) -> None:
        """Sound from a stream, or from whoever is bridged."""
        self._outbox.put(bytes(mulaw))

    def _take(self, call: Call) -> None:
        self._call, self._ear = call, Ear()
        self._service.carrier.spawn(self._follow(call))

    async def _follow(self, call: Call) -> None:
        """Tell the page how the call stands, until it is over."""
        shown = None
        while not call.is_over:
            moved = call.moved
            listening = call.listening
            now = {
                "status": call.status,
                "queued": call.queue is not None,
                "bridged": call.bridged_to is not None,
                "keys": bool(listening and listening.keys) or bool(call.streams),
                "speech": bool(listening and listening.speech),
            }
            if now != shown:
                self.tell("talking", **now)
                shown = now
            await moved.wait()
        self._call = None
        self.tell("ended", status=call.status)

    async def _read_along(self, call: Call) -> None:
        """Captions for what is said on a stream, question by question."""
        loop, shown = asyncio.get_running_loop(), -1
        while not call.is_over:
            overheard = await loop.run_in_executor(None, self._house.overhear, call.sid) if call.streams else None
            if overheard is not None and overheard.turn != shown:
                shown = overheard.turn
                for sentence in overheard.sentences:
                    self.tell("caption", text=sentence, url="", language=overheard.language)
            await asyncio.sleep(LOOKS_EVERY)

    def tell(self, what: str, **facts: Any) -> None:
        """One message to the page."""
        self._outbox.put(json.dumps({"is": what, **facts}))
