"""The carrier's form as Incoming and Heard: whatever the network sends, only clean and short text goes further."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable

from werkzeug.datastructures import MultiDict

from callflows.heard import Heard
from ivr.incoming import Incoming

Form = MultiDict[str, str]

MOST_WORDS = 500
MOST_CHARACTERS = 2000
MOST_KEYS = 64

_CALL_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_KEYS = re.compile(r"[0-9*#A-D]*", re.ASCII)
_RECORDING = re.compile(r"RE[0-9a-f]{32}", re.ASCII)
_NOBODY = {"+266696687", "+86282452253", "+7378742833", "+2562533"}
"""Numbers that spell «anonymous», «unavailable», «restricted», «blocked» (Twilio docs, Caller ID)."""


class BadForm(Exception):
    """Not a form the carrier could have sent, signature or not."""


def incoming(form: Form) -> Incoming:
    """Which call, from whom, to whom. A caller who hides the number is the empty text."""
    return Incoming(call_id=call_id(form), caller=_number(form, "From"), called=_number(form, "To"))


def call_id(form: Form) -> str:
    """The carrier's name of the call."""
    text = once(form, "CallSid")
    if not _CALL_ID.fullmatch(text):
        raise BadForm("CallSid")
    return text


def number(arguments: Form, name: str) -> int | None:
    """A number from an address we gave, such as the turn that is answered; None if there is none in it."""
    text = once(arguments, name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise BadForm(name)
    return int(text)


def heard(form: Form, recording_address: Callable[[str], str], pause: int = 0) -> Heard:
    """What the caller did. `recording_address` makes an address from a recording's id: the one sent is not trusted.

    A recording that a `pause` (seconds) has ended, and that is no longer than the pause, holds nothing.
    """
    sid = once(form, "RecordingSid")
    if _RECORDING.fullmatch(sid):
        if (seconds(form) or 0) <= (0 if once(form, "Digits") else pause) and once(form, "RecordingDuration"):
            return Heard()  # nothing was said after the tone
        return Heard(recording=recording_address(sid))  # `Digits` is then only the key that ended it
    keys = once(form, "Digits")
    if not _KEYS.fullmatch(keys):
        keys = ""
    words = clean_words(once(form, "SpeechResult"))
    if not keys and not words and once(form, "FinishedOnKey") == "#":
        keys = "#"  # pressed alone where it ends the digits: some carriers tell, in a field they do not document
    return Heard(keys=keys[:MOST_KEYS], words=words, confidence=_confidence(form))


def recording(form: Form) -> str:
    """The carrier's name of a recording it tells us of; raises BadForm for anything else."""
    sid = once(form, "RecordingSid")
    if not _RECORDING.fullmatch(sid):
        raise BadForm("RecordingSid")
    return sid


def seconds(form: Form) -> int | None:
    """How long a recording is; None when the carrier does not say."""
    text = once(form, "RecordingDuration")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def clean_words(text: str) -> str:
    """Words as one line, without control or direction marks, at most 500 words and 2,000 characters."""
    if not text:
        return ""
    text = "".join(_plain(character) for character in text[: 2 * MOST_CHARACTERS])
    return " ".join(unicodedata.normalize("NFC", text).split()[:MOST_WORDS])[:MOST_CHARACTERS]


def once(form: Form, name: str) -> str:
    """A field that may stand in a form only once: two values for one name are an attack, not a mistake."""
    values = form.getlist(name)
    if len(values) > 1:
        raise BadForm(name)
    return values[0] if values else ""


def _plain(character: str) -> str:
    """Emoji and every script stay; what steers a terminal or turns a line around becomes a space."""
    kind = unicodedata.category(character)
    joins_emoji = character == "\u200d"
    return character if joins_emoji or kind not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else " "


def _number(form: Form, name: str) -> str:
    text = once(form, name)
    return text if _NUMBER.fullmatch(text) and text not in _NOBODY else ""


def _confidence(form: Form) -> float | None:
    """Between 0 and 1, or None: the carrier may leave it out."""
    try:
        value = float(once(form, "Confidence"))
    except ValueError:
        return None
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else None
