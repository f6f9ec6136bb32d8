"""The synthetic voice: text → telephone sound by SVOX Pico, rendered once and cached by what was said."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import py_nanotts

from prompts.audio import telephone_sound
from prompts.limits import clean
from prompts.mulaw import as_floats
from prompts.takes import write_whole

PICO_RATE = 16_000
VOICES: Mapping[str, str] = {"fr": "fr-FR", "en": "en-GB", "de": "de-DE", "es": "es-ES", "it": "it-IT"}
"""Pico's voice for a language; a locale such as en-US may be asked for as it is."""
_SPEED = 0.95
"""A little slower than Pico's own pace: the telephone swallows consonants."""
SLOW = 0.8
"""The pace for callers who asked for it, as a share of the usual one; plain TwiML asks for the same."""
_EDITION = "1"
"""Changes when the same words would be rendered otherwise; the old sounds are then simply not found again."""
_LONGEST = 2_000
"""Characters that Pico reads at once; more than any prompt should have."""
_pico = threading.Lock()
"""Pico keeps one engine in C; two sentences at once would share its memory."""


class NoSyntheticVoice(LookupError):
    """Pico speaks no such language."""


class SyntheticVoice:
    """Speaks any text; safe for threads, and for processes that share the folder."""

    def __init__(self, folder: Path | str, voices: Mapping[str, str] = VOICES, *, pace: float = 1.0) -> None:
        self.folder = Path(folder)
        self._voices, self._speed = voices, round(_SPEED * pace, 3)

    def speak(self, text: str, language: str) -> bytes:
        """Raw µ-law at 8 kHz, from the cache if these words were ever spoken; raises NoSyntheticVoice."""
        voice = self._voice(language)
        words = sayable(text)
        path = self.folder / f"{_name(words, voice, self._speed)}.ulaw"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            sound = rendered(words, voice, self._speed)
        write_whole(path, sound)
        return sound

    def _voice(self, language: str) -> str:
        voice = self._voices.get(language, language)
        if voice not in {known.value for known in py_nanotts.Voice}:
            raise NoSyntheticVoice(language)
        return voice


def rendered(text: str, voice: str, speed: float = _SPEED) -> bytes:
    """Speak a text now, without a cache."""
    if not text:
        return b""
    with _pico:
        pcm = py_nanotts.NanoTTS().speak(text, voice=voice, speed=speed)
    return telephone_sound(as_floats(np.frombuffer(pcm, dtype="<i2")), PICO_RATE)


def sayable(text: str) -> str:
    """The text without what Pico takes for its own markup."""
    return clean(text.replace("<", " ").replace(">", " ").replace("&", " "))[:_LONGEST]


def _name(text: str, voice: str, speed: float) -> str:
    return hashlib.sha256("\n".join((_EDITION, voice, str(speed), text)).encode()).hexdigest()[:32]
