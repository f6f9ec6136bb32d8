"""The apology: a spoken way out that needs nothing but itself, made once at the start for every language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import phonenumbers
from twilio.twiml.voice_response import VoiceResponse

_TEXTS = Path(__file__).with_name("apologies.toml")


class Apologies:
    """The same short TwiML in every language: sorry, a person's number twice, goodbye."""

    def __init__(self, number: str, language: str, texts: Path = _TEXTS) -> None:
        tables = tomllib.loads(texts.read_text(encoding="utf-8"))
        self._documents = {code: _document(table, spoken_number(number, code)) for code, table in tables.items()}
        self._default = self._documents.get(language) or next(iter(self._documents.values()))

    def __call__(self, language: str | None) -> str:
        """The apology in this language, else in the house's own."""
        return self._documents.get(language or "", self._default)


def spoken_number(number: str, language: str) -> str:
    """A number as it is read aloud: the French hear their own in pairs, others with the country in front."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.region_code_for_number(parsed) == language.upper()
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form).replace("-", " ")


def _document(table: Mapping[str, str], number: str) -> str:
    answer = VoiceResponse()
    for sentence in (table["text"], table["again"]):
        answer.say(sentence.format(number=number), language=table["locale"], voice=table["voice"])
    answer.hangup()
    return str(answer)
