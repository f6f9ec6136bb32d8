"""Recording: what a leg said while a Record or a recorded Dial was on, as µ-law sound."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field

import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe

from ivr.pcm_wav import wrapped

BYTES_PER_SECOND = 8000
QUIET = 0xFF


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
    paused_at: float | None = None
    paused_for: float = 0.0

    def seconds(self, now: float) -> float:
        """How long it is at this moment, without its pauses."""
        return (now if self.paused_at is None else self.paused_at) - self.started - self.paused_for

    def pause(self, now: float) -> None:
        """Stop for a while."""
        if self.paused_at is None:
            self.status, self.paused_at = "paused", now

    def go_on(self, now: float) -> None:
        """Go on after a pause."""
        if self.paused_at is not None:
            self.paused_for += now - self.paused_at
            self.status, self.paused_at = "in-progress", None

    def wav(self) -> bytes:
        """The sound as a WAV file, 8 kHz 16 bit; as long as the recording, silent where nothing was captured.

        Of two channels the first is the caller; the other party's is silent, since only the caller is captured.
        """
        sound = bytes(self.sound) or b"\xff" * (self.duration * BYTES_PER_SECOND)
        if self.channels == 2:
            sound = bytes(byte for one in sound for byte in (one, QUIET))
        return wrapped(linear(sound).tobytes(), self.channels)

    def mp3(self) -> bytes:
        """The sound as MP3; as long as the WAV, to a frame."""
        done = subprocess.run(
            [get_ffmpeg_exe(), "-loglevel", "error", "-i", "pipe:0", "-f", "mp3", "-b:a", "32k", "pipe:1"],
            input=self.wav(),
            capture_output=True,
            check=True,
            timeout=60,
        )
        return done.stdout


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
