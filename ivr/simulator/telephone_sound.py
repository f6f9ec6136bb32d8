"""What a telephone plays: texts by the synthetic voice, sound files decoded, all as raw 8 kHz µ-law."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from prompts.audio import telephone_sound
from prompts.incoming import Refused, read
from prompts.mulaw_wav import NotTelephoneSound, unwrapped
from prompts.synthetic import NoSyntheticVoice, SyntheticVoice

if TYPE_CHECKING:
    from ivr.simulator.call import Call, Piece

BYTES_PER_SECOND = 8000
QUIET = b"\xff"


class TelephoneSound:
    """Makes sound of pieces; spoken ones are kept in a folder, decoded files in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        self._voice = SyntheticVoice(folder or Path(tempfile.gettempdir()) / "souffleur-network-voice")
        self._decoded: dict[bytes, bytes] = {}

    async def of(self, call: Call, piece: Piece) -> bytes:
        """The piece as µ-law; a second of silence for what cannot be made to sound."""
        loop = asyncio.get_running_loop()
        if piece.url:
            sound = await call.carrier.sounds.get(piece.url)
            return (
                QUIET * BYTES_PER_SECOND if sound is None else await loop.run_in_executor(None, self._file, sound.body)
            )
        return await loop.run_in_executor(None, self._spoken, piece.text, piece.language)

    def _spoken(self, text: str, language: str) -> bytes:
        try:
            return self._voice.speak(text, language)
        except NoSyntheticVoice:
            return self._voice.speak(text, language.partition("-")[0])

    def _file(self, body: bytes) -> bytes:
        if body not in self._decoded:
            self._decoded[body] = _decoded(body)
        return self._decoded[body]


def _decoded(body: bytes) -> bytes:
    try:
        return unwrapped(body)
    except NotTelephoneSound:
        pass
    try:
        sound = read(body)
    except Refused:
        return QUIET * BYTES_PER_SECOND
    return telephone_sound(sound.samples, sound.rate)
