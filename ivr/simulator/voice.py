"""A load caller's voice: synthetic speech as µ-law, spoken into media streams at the pace of speech."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.simulator.mouth import seconds_to_say, speak

if TYPE_CHECKING:
    from ivr.simulator.call import Call

CHUNK_SECONDS = 0.2
"""A stream keeps a second of what is said; smaller pieces would only wake the clock more often."""
BYTES_PER_SECOND = 8000
QUIET = b"\xff"


class Voice:
    """Speaks text by `render(text, language)` -> raw µ-law at 8 kHz; each sentence is rendered once."""

    def __init__(self, render: Callable[[str, str], bytes]) -> None:
        self._render = render
        self._kept: dict[tuple[str, str], bytes] = {}

    @classmethod
    def synthetic(cls, folder: Path | None = None) -> Voice:
        """The house's own synthetic voice."""
        from prompts.synthetic import SyntheticVoice

        voice = SyntheticVoice(folder or Path(tempfile.gettempdir()) / "souffleur-callers")
        return cls(lambda text, language: voice.speak(text, language[:2] or "fr"))

    async def sound_of(self, words: str, language: str) -> bytes:
        """The words as sound; rendered beside the clock when it is a real one."""
        key = (words, language)
        if key not in self._kept:
            loop = asyncio.get_running_loop()
            if hasattr(loop, "speed"):
                self._kept[key] = await loop.run_in_executor(None, self._render, words, language)
            else:
                self._kept[key] = self._render(words, language)
        return self._kept[key]

    async def say(self, call: Call, words: str, language: str) -> None:
        """Speak into whatever hears this leg, until the end or the end of the call."""
        sound = await self.sound_of(words, language)
        due = call.now()
        for at in range(0, len(sound), int(CHUNK_SECONDS * BYTES_PER_SECOND)):
            if call.is_over:
                return
            call.make_sound(sound[at : at + int(CHUNK_SECONDS * BYTES_PER_SECOND)])
            due += CHUNK_SECONDS
            await asyncio.sleep(max(0.0, due - call.now()))


async def say(call: Call, words: str, language: str, confidence: float, voice: Voice | None) -> None:
    """Say something: aloud where a stream listens, as words where the carrier does."""
    if voice is not None and call.streams:
        await voice.say(call, words, language)
    else:
        await speak(call, words, seconds_to_say(words), confidence)
