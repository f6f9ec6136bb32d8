"""Say: read text out (Twilio docs, TwiML Say)."""

from __future__ import annotations

from urllib.parse import quote

from ivr.simulator.attributes import Attributes
from ivr.simulator.call import Call, Piece
from ivr.simulator.document import Element, Page
from ivr.simulator.errors import SAY_EMPTY, SAY_TOO_LONG

ENDLESS = 1000
MOST_ENCODED = 4500


async def say(call: Call, element: Element, page: Page) -> None:
    """Read the text `loop` times; 0 means a thousand times."""
    attributes = Attributes(element, call.warn)
    loop = attributes.whole("loop", 1) or ENDLESS
    language, voice = spoken_in(element)
    if voice and voice not in BASIC_VOICES and voice.partition(".")[0] not in {"Polly", "Google"}:
        attributes.wrong("voice", f"no voice is called {voice!r}")
    if not element.text:
        attributes.warn(SAY_EMPTY, "nothing to say")
        return
    if len(element.text) > most_letters(voice) or len(quote(element.text)) > MOST_ENCODED:
        attributes.warn(SAY_TOO_LONG, f"{len(element.text)} characters are too many for {voice or 'the default voice'}")
        return
    for _ in range(loop):
        await call.until(call.hear(Piece(0, text=element.text, language=language, voice=voice)))


def most_letters(voice: str) -> int:
    """How many characters one Say may have with that voice."""
    if voice.startswith("Polly."):
        return 3000
    return 5000 if voice.startswith("Google.") else 4096


BASIC_VOICES = {"man", "woman", "alice"}
VOICES = {
    "fr-FR": ("Celine", "Celine-Neural", "Lea", "Lea-Neural", "Mathieu", "Remi-Neural"),
    "fr-CA": ("Chantal", "Gabrielle-Neural", "Liam-Neural"),
    "en-GB": ("Amy", "Amy-Neural", "Brian", "Brian-Neural", "Emma", "Emma-Neural"),
}


def spoken_in(element: Element) -> tuple[str, str]:
    """Language and voice: the language of a named voice when none is said, else en-US."""
    voice = element.get("voice")
    family, _, rest = voice.partition(".")
    named = "-".join(rest.split("-")[:2]) if family == "Google" else ""
    if family == "Polly":
        named = next((language for language, voices in VOICES.items() if rest in voices), "")
    return element.get("language") or named or "en-US", voice
