"""Speaking: words become sound that begins, is guessed at, and ends."""

from __future__ import annotations

import asyncio

from ivr.simulator.call import Call
from ivr.simulator.caller_deeds import Partial, SoundBegan, SoundEnded

LETTERS_PER_SECOND = 15


def seconds_to_say(words: str) -> float:
    """How long a person needs for these words."""
    return max(0.5, len(words) / LETTERS_PER_SECOND)


async def speak(call: Call, words: str, seconds: float, confidence: float | None) -> None:
    """Say something; the recogniser guesses three times on the way."""
    call.do(SoundBegan())
    parts = words.split()
    if parts:
        call.do(Partial(parts[0], 0.1))
    for share in (1, 2):
        await asyncio.sleep(seconds / 3)
        guess = " ".join(parts[: max(1, len(parts) * share // 3)])
        if guess:
            call.do(Partial(guess, 0.3 * share))
    await asyncio.sleep(seconds / 3)
    call.do(SoundEnded(words, confidence))


async def make_noise(call: Call, seconds: float, mulaw: bytes = b"") -> None:
    """Make a sound that nobody takes for words; `mulaw` is what a recording will hold."""
    call.do(SoundBegan())
    if mulaw:
        call.make_sound(mulaw)
    await asyncio.sleep(seconds)
    call.do(SoundEnded())
