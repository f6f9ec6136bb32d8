"""A call spoken from this machine, for `souffleur call`: with its sound card, or with sound files in its place."""

from __future__ import annotations

import base64
import contextlib
import json
import queue
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from callflows.heard import Heard
from ivr.incoming import BEGINNING, Incoming
from ivr.speech.mulaw import FRAME_SAMPLES, SILENCE, from_pcm, to_pcm
from ivr.telephony.conversation import Conversation, Voices
from ivr.telephony.playing import Player

RATE = 8000
PAUSE_FRAMES = 40
"""Of 20 ms: so long a silence of the house, and it is the caller's turn; its sentences pause less."""
LAST_FRAMES = 500
"""So long a caller with nothing left to say stays on the line, unless it is her turn before."""


class NoSoundCard(Exception):
    """This machine has no microphone or loudspeaker that can be opened; `reason` says what was missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HungUp(Exception):
    """The caller has nothing left to say."""


class Sound(Protocol):
    """The caller's ends of the line: what she says, and what she hears."""

    def record(self) -> bytes:
        """The next 20 ms that she says, as µ-law; raises HungUp."""

    def play(self, mulaw: bytes) -> None:
        """The next 20 ms that she hears."""


class Loudspeaker:
    """Takes the messages of a Player as the carrier would: plays, returns marks, knows `clear`."""

    def __init__(self) -> None:
        self.waiting: list[bytes | str] = []

    def send(self, text: str) -> None:
        """One message of the stream."""
        message: dict[str, Any] = json.loads(text)
        match message["event"]:
            case "media":
                self.waiting.append(base64.b64decode(message["media"]["payload"]))
            case "mark":
                self.waiting.append(message["mark"]["name"])
            case "clear":
                self.waiting.clear()

    def next(self) -> tuple[bytes, list[str]]:
        """The next 20 ms to be heard, and the marks reached before it."""
        marks: list[str] = []
        while self.waiting and isinstance(self.waiting[0], str):
            marks.append(str(self.waiting.pop(0)))
        sound = self.waiting.pop(0) if self.waiting else b""
        return sound if isinstance(sound, bytes) else b"", marks


class SoundFiles:
    """A caller who says one recording after the other, each when the house has fallen silent; then she hangs up.

    `heard` is the whole line, both voices, for whoever wants to listen to it afterwards.
    """

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = [_frames(answer) for answer in answers]
        self._saying: list[bytes] = []
        self._quiet, self._waited = 0, 0
        self._house_spoke = False
        self._said = SILENCE
        self.heard = bytearray()

    def record(self) -> bytes:
        """The recording that she is in the middle of, else nothing."""
        if not self._saying and self._house_spoke and self._quiet >= PAUSE_FRAMES:
            self._begin()
        self._waited = 0 if self._answers or self._saying else self._waited + 1
        if self._waited > LAST_FRAMES:
            raise HungUp
        self._said = self._saying.pop(0) if self._saying else SILENCE
        return self._said

    def play(self, mulaw: bytes) -> None:
        """The house speaks, or is silent."""
        speaks = bool(mulaw.strip(SILENCE[:1]))
        self._quiet = 0 if speaks else self._quiet + 1
        self._house_spoke = self._house_spoke or speaks
        self.heard += _mixed(self._said, mulaw or SILENCE)

    def _begin(self) -> None:
        if not self._answers:
            raise HungUp
        self._saying, self._house_spoke = self._answers.pop(0), False


class SoundCard:
    """This machine's microphone and loudspeaker."""

    def __init__(self, recorded: queue.Queue[bytes], output: Any) -> None:
        self._recorded, self._output = recorded, output

    def record(self) -> bytes:
        """Waits for the microphone: its frames are the call's clock."""
        return from_pcm(np.frombuffer(self._recorded.get(timeout=5), dtype="<i2"))

    def play(self, mulaw: bytes) -> None:
        """To the loudspeaker."""
        self._output.write(to_pcm(mulaw).tobytes() if mulaw else bytes(2 * FRAME_SAMPLES))


def sound_card() -> Any:
    """The module `sounddevice`, with a microphone and a loudspeaker that open; raises NoSoundCard."""
    try:
        import sounddevice  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:  # OSError: the PortAudio library is missing
        raise NoSoundCard(str(error)) from error
    try:
        sounddevice.check_input_settings(samplerate=RATE, channels=1, dtype="int16")
        sounddevice.check_output_settings(samplerate=RATE, channels=1, dtype="int16")
    except Exception as error:  # PortAudioError, ValueError: as many reasons as machines
        raise NoSoundCard(str(error)) from error
    return sounddevice


@contextlib.contextmanager
def card_opened() -> Iterator[SoundCard]:
    """The sound card while a call lasts; raises NoSoundCard."""
    card, frames = sound_card(), queue.Queue[bytes]()

    def heard(recorded: Any, *_: object) -> None:
        frames.put(bytes(recorded))

    with (
        card.RawInputStream(RATE, FRAME_SAMPLES, channels=1, dtype="int16", callback=heard),
        card.RawOutputStream(RATE, FRAME_SAMPLES, channels=1, dtype="int16") as output,
    ):
        yield SoundCard(frames, output)


def talk(voices: Voices, decoders: Any, incoming: Incoming, sound: Sound) -> None:
    """Call the house until the call leaves the stream or the caller hangs up; raises LinesFull."""
    voices.switchboard.take_turn(incoming, BEGINNING, Heard())
    speaker = Loudspeaker()
    with decoders.line() as line, contextlib.suppress(HungUp):
        conversation = Conversation(voices, incoming, Player(speaker.send, "mic"), line)
        conversation.begin()
        while not conversation.over:
            converse(conversation, speaker, sound)
        conversation.close()


def converse(conversation: Conversation, speaker: Loudspeaker, sound: Sound) -> None:
    """One 20 ms step: what the caller says goes in, what she hears comes out."""
    conversation.sound(sound.record())
    mulaw, marks = speaker.next()
    for mark in marks:
        conversation.mark(mark)
    sound.play(mulaw)


def _frames(mulaw: bytes) -> list[bytes]:
    cut = [mulaw[start : start + FRAME_SAMPLES] for start in range(0, len(mulaw), FRAME_SAMPLES)]
    return [frame + SILENCE[len(frame) :] for frame in cut]


def _mixed(one: bytes, other: bytes) -> bytes:
    both = to_pcm(one).astype(np.int32) + to_pcm(other.ljust(FRAME_SAMPLES, SILENCE[:1])[:FRAME_SAMPLES])
    return from_pcm(np.clip(both, -32767, 32767).astype(np.int16))
