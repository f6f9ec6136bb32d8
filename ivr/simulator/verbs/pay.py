"""Pay: a card by keys that the application never sees (Twilio docs, TwiML Pay)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ivr.simulator import progress
from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, HungUp, Listening, Piece
from ivr.simulator.caller_deeds import Deed, Key
from ivr.simulator.document import Element, Page
from ivr.simulator.payments import is_card_number, kind_of_card, masked, pays
from ivr.simulator.verbs.after_hangup import ask_last
from ivr.simulator.verbs.outcome import Goto
from ivr.simulator.verbs.play import play
from ivr.simulator.verbs.say import say

FIELDS = {
    "payment-card-number": ("PaymentCardNumber", "Please enter your card number.", 19),
    "expiration-date": (
        "ExpirationDate",
        "Please enter the expiration date, two digits for the month and two for the year.",
        4,
    ),
    "postal-code": ("PaymentCardPostalCode", "Please enter your postal code.", 10),
    "security-code": ("SecurityCode", "Please enter the security code.", 4),
}
PROMPTS = {"Say": say, "Play": play}


class _Star(Exception):
    """The caller pressed the star key: no payment."""


class _TooMany(Exception):
    """One field failed too often."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass
class _Payment:
    """What was keyed so far."""

    fields: dict[str, str]


async def pay(call: Call, element: Element, page: Page) -> Goto | None:
    """Ask for the card field by field, charge or make a token, and tell the action."""
    attributes = Attributes(element, call.warn)
    payment = _Payment({})
    try:
        await _collect(call, element, page, attributes, payment)
        params = _settled(call, element, payment)
    except HungUp:
        if element.get("action"):
            goto = Goto(page.resolve(element.get("action")), "POST", {"Result": "caller-hung-up"} | _shown(payment))
            await ask_last(call, goto)
        raise
    except _Star:
        params = {"Result": "caller-interrupted-with-star"} | _shown(payment)
    except _TooMany as error:
        params = {"Result": "too-many-failed-attempts", "PaymentError": error.error} | _shown(payment)
    return Goto(page.resolve(element.get("action")), "POST", params) if element.get("action") else None


async def _collect(call: Call, element: Element, page: Page, attributes: Attributes, payment: _Payment) -> None:
    wanted = ["payment-card-number", "expiration-date"]
    wanted += ["postal-code"] if element.get("postalCode", "true") == "true" else []
    wanted += ["security-code"] if attributes.flag("securityCode", True) else []
    attempts, seconds = attributes.whole("maxAttempts", 1, least=1, most=3), attributes.whole("timeout", 5, least=1)
    for name in wanted:
        await _field(call, element, page, name, payment, attempts, seconds)


async def _field(
    call: Call, element: Element, page: Page, name: str, payment: _Payment, attempts: int, seconds: int
) -> None:
    error = ""
    for attempt in range(1, attempts + 1):
        _tell(call, element, page, name, attempt, error)
        keys = await _keyed(call, element, page, name, attempt, error, seconds)
        error = _wrong(name, keys)
        if not error:
            payment.fields[name] = keys
            return
    raise _TooMany(error)


def _wrong(name: str, keys: str) -> str:
    if not keys:
        return "timeout"
    if name == "payment-card-number" and not is_card_number(keys):
        return "invalid-card-number"
    if name == "expiration-date" and not (len(keys) == 4 and 1 <= int(keys[:2]) <= 12):
        return "invalid-date"
    if name == "security-code" and len(keys) not in {3, 4}:
        return "invalid-security-code"
    return ""


async def _keyed(call: Call, element: Element, page: Page, name: str, attempt: int, error: str, seconds: int) -> str:
    """The keys of one field; # or its length ends it."""
    most = FIELDS[name][2]
    keys = ""
    with call.ear() as ear:
        call.listening = Listening("Pay", digits=most, prompted=False)
        prompt = asyncio.ensure_future(_prompt(call, element, page, name, attempt, error))
        try:
            while len(keys) < most:
                if not keys and not prompt.done():
                    await call.until(
                        asyncio.wait(
                            {prompt, hears := asyncio.ensure_future(ear.get())}, return_when=asyncio.FIRST_COMPLETED
                        )
                    )
                    deed = hears.result() if hears.done() else await _soon(call, hears, seconds)
                else:
                    deed = await _soon(call, asyncio.ensure_future(ear.get()), seconds)
                if deed is None or (isinstance(deed, Key) and deed.key == "#"):
                    break
                if isinstance(deed, Key) and deed.key == "*":
                    raise _Star
                if isinstance(deed, Key):
                    prompt.cancel()
                    keys += deed.key
        finally:
            prompt.cancel()
            await asyncio.gather(prompt, return_exceptions=True)
            call.listening = None
    return keys


async def _soon(call: Call, hears: asyncio.Future[Deed], seconds: int) -> Deed | None:
    if call.listening is not None:
        call.listening.prompted = True
        call.change()
    try:
        return await call.until(asyncio.wait_for(hears, seconds))
    except TimeoutError:
        return None


async def _prompt(call: Call, element: Element, page: Page, name: str, attempt: int, error: str) -> None:
    """The document's own prompt for this field, else a plain one."""
    for prompt in element.inside("Prompt"):
        fits = prompt.get("for") == name and str(attempt) in prompt.get("attempt", str(attempt)).split()
        if fits and (not prompt.get("errorType") or error in prompt.get("errorType").split()):
            for child in prompt.inside(*PROMPTS):
                await PROMPTS[child.name](call, child, page)
            return
    await call.until(call.hear(Piece(0, text=FIELDS[name][1], language=element.get("language", "en-US"))))


def _tell(call: Call, element: Element, page: Page, name: str, attempt: int, error: str) -> None:
    if not element.get("statusCallback"):
        return
    params = {"For": name, "Attempt": str(attempt)} | ({"ErrorType": error} if error else {})
    method = element.get("statusCallbackMethod", "POST").upper()
    call.carrier.spawn(progress.beside(call, page.resolve(element.get("statusCallback")), method, params, kind="pay"))


def _shown(payment: _Payment) -> dict[str, str]:
    """What the application may see: the last four digits, and stars."""
    fields = payment.fields
    shown = {FIELDS[name][0]: keys for name, keys in fields.items() if name in {"expiration-date", "postal-code"}}
    if "payment-card-number" in fields:
        number = fields["payment-card-number"]
        shown |= {"PaymentCardNumber": masked(number), "PaymentCardType": kind_of_card(number)}
    if "security-code" in fields:
        shown["SecurityCode"] = "*" * len(fields["security-code"])
    return shown


def _settled(call: Call, element: Element, payment: _Payment) -> dict[str, str]:
    number = payment.fields["payment-card-number"]
    shown = _shown(payment)
    if not pays(number):
        return {
            "Result": "payment-connector-error",
            "PaymentError": "declined",
            "ConnectorError": "card_declined",
        } | shown
    amount = element.get("chargeAmount", "0")
    token = call.carrier.new_token().replace("-", "")[:16]
    if float(amount or 0) > 0:
        return {"Result": "success", "PaymentConfirmationCode": f"ch_{token}"} | shown
    return {"Result": "success", "PaymentToken": f"tok_{token}"} | shown
