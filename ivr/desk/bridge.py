"""Bridge: brings a waiting caller and an agent's telephone together, through the carrier's REST interface.

The waiting call is sent to `<Dial><Number>`, with a whisper to the agent before the two are connected. Not the agent's
call to `<Dial><Queue>`: that connects whoever is first in the queue (Twilio docs, TwiML Queue), and she chose this one.
And so it is the carrier that stops ringing her when the caller hangs up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import phonenumbers
from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

from ivr.telephony.twiml import printable

RING_SECONDS = 20
LONGEST_TALK_SECONDS = 2 * 60 * 60
REFUSED_KINDS = (
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.PAGER,
    phonenumbers.PhoneNumberType.UAN,
)


NOT_IN_PROGRESS = 21220
"""The carrier's error about a call that is over (Twilio docs, error 21220)."""


class BadNumber(Exception):
    """Not a telephone an agent may be rung on: unreadable, premium, or in another country than those allowed."""


class CarrierRefused(Exception):
    """The carrier did not do what it was asked; knows the carrier's error number, if it gave one."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the carrier's error {code}" if code else "the carrier does not answer")
        self.code = code


@dataclass(frozen=True)
class Line:
    """How the carrier's REST interface is reached, and the number the house calls from."""

    api_url: str
    account_sid: str
    auth_token: str
    house_number: str

    def client(self) -> Client:
        """The official client, at this line's base address."""
        return Client(self.account_sid, self.auth_token, http_client=_Elsewhere(self.api_url, timeout=5.0))


class _Elsewhere(TwilioHttpClient):  # type: ignore[misc]  # the package carries no types
    """The official transport, with the official host replaced: carriers are a base address away."""

    def __init__(self, base: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """The same path and query, at our carrier."""
        asked = urlsplit(url)
        path = self._base.path.rstrip("/") + asked.path
        there = urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, ""))
        return super().request(method, there, *args, **kwargs)


class Bridge:
    """Rings an agent for one waiting caller."""

    def __init__(self, line: Line, public_url: str) -> None:
        self._line, self._base, self._client = line, public_url.rstrip("/"), line.client()

    def ring(self, call_id: str, phone: str) -> None:
        """Send the waiting call to the agent's telephone; raises CarrierRefused."""
        self._update(call_id, twiml=to_agent(call_id, phone, self._base, self._line.house_number))

    def back(self, call_id: str) -> None:
        """Send a call we have taken back to its stored reply, which is the queue; raises CarrierRefused."""
        self._update(call_id, url=f"{self._base}/voice/again", method="POST")

    def _update(self, call_id: str, **what: str) -> None:
        try:
            self._client.calls(call_id).update(**what)
        except TwilioException as error:
            raise CarrierRefused(getattr(error, "code", None)) from error
        except RequestException as error:
            raise CarrierRefused(None) from error


def to_agent(call_id: str, phone: str, base: str, house_number: str) -> str:
    """The caller's next document: ring the agent, whisper to her, connect; then ask us how it went."""
    answer = VoiceResponse()
    dial = answer.dial(
        action=f"{base}/voice/desk/after/{call_id}",
        timeout=RING_SECONDS,
        time_limit=LONGEST_TALK_SECONDS,
        caller_id=house_number,
        answer_on_bridge=True,
    )
    dial.number(phone, url=f"{base}/voice/desk/whisper/{call_id}")
    return str(answer)


def whisper(text: str, locale: str, voice: str, action: str) -> str:
    """What the agent hears before the caller does: who it is, and 1 to take the call; another key or none declines."""
    answer = VoiceResponse()
    keys = answer.gather(num_digits=1, timeout=8, action=action, input="dtmf")
    keys.say(printable(text)[:600], language=locale, voice=voice or None)
    answer.hangup()
    return str(answer)


def connect() -> str:
    """An empty document ends the whisper: the two are connected (Twilio docs, TwiML Number, `url`)."""
    return str(VoiceResponse())


def back_to_queue(again: str) -> str:
    """The stored reply is said again, which is the queue; the waiting room has kept the place."""
    answer = VoiceResponse()
    answer.redirect(again, method="POST")
    return str(answer)


def hang_up() -> str:
    """Agent and caller have talked, or the agent declines: this leg of the call is over."""
    answer = VoiceResponse()
    answer.hangup()
    return str(answer)


def dialable(text: str, regions: tuple[str, ...]) -> str:
    """An agent's telephone number in E.164, read as a number of the first region; raises BadNumber."""
    try:
        number = phonenumbers.parse(text, regions[0])
    except phonenumbers.NumberParseException as error:
        raise BadNumber from error
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    if number.extension or region not in regions or not phonenumbers.is_possible_number(number):
        raise BadNumber
    if phonenumbers.number_type(number) in REFUSED_KINDS:
        raise BadNumber
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
