"""Gather: keys and words, whichever come first, with all their timers (Twilio docs, TwiML Gather)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, Listening
from ivr.simulator.caller_deeds import Deed, Key, Partial, SoundBegan, SoundEnded
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import GATHER_MODEL, GATHER_MORE_KEYS
from ivr.simulator.verbs.outcome import Goto
from ivr.simulator.verbs.pause import pause
from ivr.simulator.verbs.play import play
from ivr.simulator.verbs.say import say

PROMPTS = {"Say": say, "Play": play, "Pause": pause}
INPUTS = ("dtmf", "speech", "dtmf speech", "speech dtmf")
MOST_HINTS, LONGEST_HINT = 500, 100


@dataclass(frozen=True)
class Gather:
    """The verb with its defaults; seconds."""

    keys: bool
    speech: bool
    timeout: float
    speech_timeout: float
    max_speech: float
    finish: str
    digits: int | None
    barge_in: bool
    always_asks: bool
    partial_url: str
    partial_method: str
    hints: str
    language: str
    method: str
    filters: bool

    @classmethod
    def read(cls, element: Element, attributes: Attributes) -> Gather:
        """From the element; nonsense is warned of and replaced by the default."""
        kind = attributes.one_of("input", INPUTS)
        timeout = _timeout(element, attributes)
        return cls(
            keys="dtmf" in kind,
            speech="speech" in kind,
            timeout=timeout,
            speech_timeout=_speech_timeout(element, attributes, timeout),
            max_speech=attributes.whole("maxSpeechTime", 60, least=1, most=60),
            finish=_finish(attributes),
            digits=attributes.whole("numDigits", 0, least=1) or None,
            barge_in=attributes.flag("bargeIn", True),
            always_asks=attributes.flag("actionOnEmptyResult", False),
            partial_url=element.get("partialResultCallback"),
            partial_method=attributes.method("partialResultCallbackMethod"),
            hints=_hints(element, attributes),
            language=element.get("language", "en-US"),
            method=attributes.method(),
            filters=attributes.flag("profanityFilter", True),
        )


def _finish(attributes: Attributes) -> str:
    """The key that ends an entry; unlike Record's, it is one key."""
    finish = attributes.keys("finishOnKey", "#")
    if len(finish) > 1:
        attributes.warn(GATHER_MORE_KEYS, f"finishOnKey={finish!r} is more than one key")
    return finish


def _timeout(element: Element, attributes: Attributes) -> int:
    if element.get("timeout") == "auto":
        return 5
    return attributes.whole("timeout", 5, least=1)


def _speech_timeout(element: Element, attributes: Attributes, timeout: int) -> int:
    """`auto` ends at the first pause, which a model of one's own choice forbids."""
    if element.get("speechTimeout") != "auto":
        return attributes.whole("speechTimeout", timeout, least=1)
    if element.get("speechModel") not in {"", "default"}:
        attributes.warn(GATHER_MODEL, "speechTimeout auto does not go with a speechModel")
    return 0


def _hints(element: Element, attributes: Attributes) -> str:
    hints = [hint.strip() for hint in element.get("hints").split(",") if hint.strip()]
    if len(hints) > MOST_HINTS or any(len(hint) > LONGEST_HINT for hint in hints):
        attributes.wrong("hints", f"at most {MOST_HINTS} hints of {LONGEST_HINT} characters")
    return element.get("hints")


async def gather(call: Call, element: Element, page: Page) -> Goto | None:
    """Prompt and listen; go to the action with what came, or on to the next verb when nothing did."""
    attributes = Attributes(element, call.warn)
    wanted = Gather.read(element, attributes)
    with call.ear() as ear:
        listening = Listening(
            "Gather", wanted.keys, wanted.speech, wanted.digits, wanted.finish, wanted.hints, wanted.language
        )
        call.listening = listening
        try:
            found = await _Hearing(call, wanted, element, page, ear, listening).result()
        finally:
            call.listening = None
    if found is None and not wanted.always_asks:
        return None
    return Goto(page.resolve(element.get("action")), wanted.method, found or {})


@dataclass
class _Hearing:
    """One Gather while it listens. The deadline is set by whatever happened last."""

    call: Call
    wanted: Gather
    element: Element
    page: Page
    ear: asyncio.Queue[Deed]
    listening: Listening
    keys: str = ""
    words: list[str] = field(default_factory=list)
    confidence: float | None = None
    deadline: float | None = None
    without_words: float | None = None
    """The deadline as it was before the caller made a sound."""
    partials: int = 0
    guess: str = ""

    async def result(self) -> dict[str, str] | None:
        """Parameters for the action; None when there was no input."""
        prompt = asyncio.ensure_future(self._prompt())
        try:
            return await self._listen(prompt)
        finally:
            await _cut(prompt)

    async def _prompt(self) -> None:
        for child in self.element.inside(*PROMPTS):
            await PROMPTS[child.name](self.call, child, self.page)

    async def _listen(self, prompt: asyncio.Future[None]) -> dict[str, str] | None:
        hears = asyncio.ensure_future(self.ear.get())
        try:
            while True:
                if prompt.done() and not self.listening.prompted:
                    self._prompt_is_over(prompt)
                waiting: set[asyncio.Future[object]] = {hears} | (set() if prompt.done() else {prompt})  # type: ignore[assignment, arg-type]
                await self.call.until(asyncio.wait(waiting, timeout=self._left(), return_when=asyncio.FIRST_COMPLETED))
                if hears.done():
                    deed = hears.result()
                    hears = asyncio.ensure_future(self.ear.get())
                    done = await self._heard(deed, prompt)
                    if done is not None:
                        return done or None
                elif self.deadline is not None and self.call.now() >= self.deadline - 1e-9:
                    if prompt.done() or self.wanted.barge_in:
                        return self._what_came() or None
                    await self.call.until(asyncio.wait({prompt}))  # not to be interrupted, so the answer waits too
        finally:
            hears.cancel()

    def _prompt_is_over(self, prompt: asyncio.Future[None]) -> None:
        if not prompt.cancelled():
            prompt.result()
        if self.deadline is None:
            self.deadline = self.call.now() + self.wanted.timeout
        self.listening.prompted = True
        self.call.change()

    def _left(self) -> float | None:
        return None if self.deadline is None else max(0.0, self.deadline - self.call.now())

    async def _heard(self, deed: Deed, prompt: asyncio.Future[None]) -> dict[str, str] | None:
        """Parameters when that was the end; {} when it ended without input; None to listen on."""
        if isinstance(deed, Key):
            return await self._key(deed.key, prompt)
        if not self.wanted.speech or self.keys:
            return None
        if isinstance(deed, SoundBegan):
            if self.wanted.barge_in:
                await _cut(prompt)
            self.without_words = self.deadline
            self.deadline = self.call.now() + self.wanted.max_speech
        elif isinstance(deed, Partial):
            self.guess = deed.words
            self._tell_partial(deed)
        elif isinstance(deed, SoundEnded):
            self._fell_silent(deed)
        return None

    async def _key(self, key: str, prompt: asyncio.Future[None]) -> dict[str, str] | None:
        if not self.wanted.keys or self.words or self.guess:
            return None
        await _cut(prompt)
        if key in self.wanted.finish:
            return self._keys_done(key) if self.keys else {}
        self.keys += key
        self.deadline = self.call.now() + self.wanted.timeout
        return self._keys_done("") if len(self.keys) == self.wanted.digits else None

    def _keys_done(self, finished_on: str) -> dict[str, str]:
        return {"Digits": self.keys, "FinishedOnKey": finished_on, "msg": "Gather End"}

    def _fell_silent(self, deed: SoundEnded) -> None:
        if deed.words:
            self.words.append(deed.words)
            self.guess = ""
            self.confidence = deed.confidence
            self.deadline = self.call.now() + self.wanted.speech_timeout
        elif self.words:
            self.deadline = self.call.now() + self.wanted.speech_timeout
        else:  # a noise: nobody has answered, and the wait goes on where it was
            self.deadline = self.without_words or self.call.now() + self.wanted.timeout

    def _tell_partial(self, deed: Partial) -> None:
        if not self.wanted.partial_url:
            return
        params = {
            "UnstableSpeechResult": " ".join([*self.words, deed.words]),
            "SequenceNumber": str(self.partials),
            "Stability": str(deed.stability),
        }
        self.partials += 1
        url = self.page.resolve(self.wanted.partial_url)
        self.call.carrier.spawn(progress.beside(self.call, url, self.wanted.partial_method, params, kind="partial"))

    def _what_came(self) -> dict[str, str]:
        if self.keys:
            return self._keys_done("")
        words = self.words or ([self.guess] if self.guess else [])  # cut off by the longest time: what was guessed
        if not words:
            return {}
        spoken = {"SpeechResult": " ".join(words)}
        return spoken if self.confidence is None else spoken | {"Confidence": str(self.confidence)}


async def _cut(prompt: asyncio.Future[None]) -> None:
    """Stop the prompt, if it still plays."""
    if prompt.done() and not prompt.cancelled():
        prompt.exception()  # looked at here, so that asyncio does not complain of it
    if not prompt.done():
        prompt.cancel()
        await asyncio.gather(prompt, return_exceptions=True)
