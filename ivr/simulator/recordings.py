"""Recording: what a leg said while a Record or a recorded Dial was on, as µ-law sound."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass, field

import numpy as np

BYTES_PER_SECOND = 8000


@dataclass(eq=False)
class Recording:
    """One recording (Twilio docs, «Recording resource»); `sound` is µ-law, 8,000 bytes a second."""

    sid: str
    call_sid: str
    url: str
    started: float
    source: str = "RecordVerb"
    channels: int = 1
    status: str = "in-progress"
    duration: int = 0
    conference_sid: str = ""
    track: str = "both"
    sound: bytearray = field(default_factory=bytearray)

    def wav(self) -> bytes:
        """The sound as a WAV file, 8 kHz 16 bit; as long as the recording, silent where nothing was captured."""
        sound = bytes(self.sound) or b"\xff" * (self.duration * BYTES_PER_SECOND)
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(BYTES_PER_SECOND)
            file.writeframes(linear(sound).tobytes())
        return out.getvalue()


def linear(mulaw: bytes) -> np.ndarray:
    """µ-law to 16 bit samples (ITU-T G.711)."""
    code = ~np.frombuffer(mulaw, dtype=np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + 132) << ((code & 0x70) >> 4)) - 132
    return np.where(code & 0x80, -magnitude, magnitude).astype("<i2")


def mulaw(samples: np.ndarray) -> bytes:
    """16 bit samples to µ-law (ITU-T G.711)."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(wide), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    code: bytes = (~(sign | (exponent << 4) | mantissa)).astype(np.uint8).tobytes()
    return code
