"""A WAV file around plain samples, as every player opens it; for telephone sound itself see `prompts.mulaw_wav`."""

from __future__ import annotations

import io
import wave

RATE = 8_000


def wrapped(samples: bytes, channels: int = 1) -> bytes:
    """Little-endian 16-bit samples at 8 kHz, those of several channels in turn, as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return out.getvalue()
