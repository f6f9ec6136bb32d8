"""Pay: a card or an account by keys that the application never sees (Twilio docs, TwiML Pay)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, HungUp, Listening
from ivr.simulator.caller_deeds import Deed, Key
from ivr.simulator.document import Element, Page
from ivr.simulator.payments import pays
from ivr.simulator.verbs import pay_prompts
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.outcome import Goto
from ivr.simulator.verbs.pay_fields import ACCOUNT, CARD, CODE, DATE, POSTAL, ROUTING, Keyed, Rules

METHODS = ("credit-card", "ach-debit")
ACCOUNTS = ("consumer-checking", "consumer-savings", "commercial-checking")
TOKENS = ("reusable", "one-time", "payment-method")
MOST_ATTEMPTS = 3
MOST_MONEY = 1_000_000
UNLIKE = "input-matching-failed"


class _Star(Exception):
    """The caller pressed the star key: no payment."""


class _TooMany(Exception):
    """One field failed too often."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Pay:
    """The verb with its defaults; seconds, and money as it was written."""

    fields: tuple[str, ...]
    given: dict[str, str]
    attempts: int
    seconds: int
    amount: str
    method: str
    account_kind: str
    rules: Rules
    status_url: str

    @classmethod
    def read(cls, attributes: Attributes, page: Page) -> Pay:
        """From the element; nonsense is warned of and replaced by the default."""
        element = attributes.element
        method = attributes.one_of("paymentMethod", METHODS)
        postal = element.get("postalCode", "true")
        asked = {POSTAL: postal == "true", CODE: attributes.flag("securityCode", True)}
        card = tuple(name for name in (CARD, DATE, CODE, POSTAL) if asked.get(name, True))
        attributes.one_of("tokenType", TOKENS)
        status = element.get("statusCallback")
        return cls(
            fields=card if method == "credit-card" else (ROUTING, ACCOUNT),
            given={} if postal in {"true", "false"} else {POSTAL: postal},
            attempts=attributes.whole("maxAttempts", 1, least=1, most=MOST_ATTEMPTS),
            seconds=attributes.whole("timeout", 5, least=1),
            amount=element.get("chargeAmount", "0") or "0",
            method=method,
            account_kind=attributes.one_of("bankAccountType", ACCOUNTS),
            rules=Rules(
                tuple(element.get("validCardTypes", "visa mastercard amex").split()),
                attributes.whole("minPostalCodeLength", 1, least=1),
            ),
            status_url=page.resolve(status) if status else "",
        )

    def trouble(self) -> str:
        """Why nothing can be paid as it was asked for; nothing when it can."""
        try:
            fits = 0 <= float(self.amount) <= MOST_MONEY
        except ValueError:
            fits = False
        return "" if fits else f"chargeAmount='{self.amount}' (not a number between 0.00 - 1,000,000.00)"


async def pay(call: Call, element: Element, page: Page) -> Goto:
    """Ask field by field, charge or make a token, and tell the action."""
    attributes = Attributes(element, call.warn)
    wanted = Pay.read(attributes, page)
    action = page.resolve(element.get("action"))
    session = _Session(call, element, page, wanted)
    try:
        told = await session.result()
    except HungUp:
        await ask_last(call, Goto(action, "POST", session.told({"Result": "caller-hung-up"})))
        raise
    return Goto(action, "POST", session.told(told))


class _Session:
    """One payment while it is being keyed."""

    def __init__(self, call: Call, element: Element, page: Page, wanted: Pay) -> None:
        self.call, self.element, self.page, self.wanted = call, element, page, wanted
        self.keyed = Keyed(dict(wanted.given))
        self._ended_by_length = False

    def told(self, result: dict[str, str]) -> dict[str, str]:
        """The parameters of the action: the result, and what may be shown."""
        kind = {"BankAccountType": self.wanted.account_kind} if self.wanted.method == "ach-debit" else {}
        return result | {"PaymentMethod": self.wanted.method} | kind | self.keyed.shown()

    async def result(self) -> dict[str, str]:
        """Collect everything and pay."""
        trouble = self.wanted.trouble()
        if trouble:
            return {"Result": "validation-error", "PaymentError": trouble}
        try:
            with self.call.ear() as ear:  # one for all fields, so that no key between two of them is lost
                for name in self.wanted.fields:
                    await self._field(name, ear)
        except _Star:
            return {"Result": "caller-interrupted-with-star"}
        except _TooMany as error:
            return {"Result": "too-many-failed-attempts", "PaymentError": error.error}
        self._tell(pay_prompts.PROCESSING, 1)
        await pay_prompts.ask(self.call, self.element, self.page, pay_prompts.PROCESSING, 1, "", self.keyed.kind)
        return self._settled()

    async def _field(self, name: str, ear: asyncio.Queue[Deed]) -> None:
        error = ""
        for attempt in range(1, self.wanted.attempts + 1):
            self._tell(name, attempt)
            keys = await self._keys(name, attempt, error, ear)
            error = self.wanted.rules.wrong(name, keys, self.keyed, self.call.carrier.wall_time())
            if not error and pay_prompts.wants_twice(self.element, name):
                error = "" if await self._keys(name, attempt, "", ear) == keys else UNLIKE
            if not error:
                self.keyed.fields[name] = keys
                return
            self._tell(name, attempt, error)
        raise _TooMany(error)

    async def _keys(self, name: str, attempt: int, error: str, ear: asyncio.Queue[Deed]) -> str:
        """The keys of one field, while its prompt is heard."""
        ask = pay_prompts.ask(self.call, self.element, self.page, name, attempt, error, self.keyed.kind)
        self.call.listening = Listening("Pay", digits=self.keyed.longest(name, ""))
        prompt = asyncio.ensure_future(ask)
        try:
            return await self._entry(name, ear, prompt)
        finally:
            prompt.cancel()
            await asyncio.gather(prompt, return_exceptions=True)
            self.call.listening = None

    async def _entry(self, name: str, ear: asyncio.Queue[Deed], prompt: asyncio.Future[None]) -> str:
        """Keys until #, time, or the field's length; the first cuts the prompt."""
        keys = ""
        while True:
            key = await self._key(ear, None if keys else prompt)
            if key == "#" and not keys and self._ended_by_length:
                self._ended_by_length = False  # it closed the field before, which was complete already
                continue
            self._ended_by_length = False
            if key in {"#", ""}:
                return keys
            if key == "*":
                raise _Star
            prompt.cancel()
            keys += key
            if len(keys) >= self.keyed.longest(name, keys):
                self._ended_by_length = True
                return keys

    async def _key(self, ear: asyncio.Queue[Deed], prompt: asyncio.Future[None] | None) -> str:
        """The next key; nothing when none came in time, counted from the end of the prompt."""
        hears = asyncio.ensure_future(_next_key(ear))
        try:
            if prompt is not None and not prompt.done():
                watched: set[asyncio.Future[object]] = {prompt, hears}  # type: ignore[arg-type]
                await self.call.until(asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED))
            if not hears.done():
                if prompt is not None and prompt.done() and not prompt.cancelled():
                    prompt.result()
                self._prompted()
                await self.call.until(asyncio.wait({hears}, timeout=self.wanted.seconds))
            return hears.result() if hears.done() else ""
        finally:
            hears.cancel()

    def _prompted(self) -> None:
        if self.call.listening is not None and not self.call.listening.prompted:
            self.call.listening.prompted = True
            self.call.change()

    def _tell(self, name: str, attempt: int, error: str = "") -> None:
        if not self.wanted.status_url:
            return
        params = {"AccountSid": self.call.carrier.account_sid, "CallSid": self.call.sid, "For": name}
        params |= {"Attempt": str(attempt), "PaymentMethod": self.wanted.method} | self.keyed.shown()
        params |= {"ErrorType": error} if error else {}
        self.call.carrier.spawn(
            progress.beside(self.call, self.wanted.status_url, "POST", params, kind="pay", alone=True)
        )

    def _settled(self) -> dict[str, str]:
        if not pays(self.keyed.fields.get(CARD, "")):
            error = {"PaymentError": "card is declined", "ConnectorError": "card_declined"}
            return {"Result": "payment-connector-error"} | error
        token = self.call.carrier.new_token().replace("-", "")[:16]
        if float(self.wanted.amount) > 0:
            return {"Result": "success", "PaymentConfirmationCode": f"ch_{token}"}
        return {"Result": "success", "PaymentToken": f"tok_{token}", "ProfileId": f"cus_{token}"}


async def _next_key(ear: asyncio.Queue[Deed]) -> str:
    while True:
        deed = await ear.get()
        if isinstance(deed, Key):
            return deed.key
