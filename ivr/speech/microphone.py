"""A call from the terminal's own microphone and loudspeaker, for `souffleur call --mic`."""

from __future__ import annotations

import json
import queue
from typing import Any

from callflows.heard import Heard
from ivr.speech.mulaw import FRAME_SAMPLES, from_pcm, to_pcm
from ivr.switchboard import BEGINNING, Incoming
from ivr.telephony.conversation import Conversation, Voices
from ivr.telephony.playing import Player


class NoSoundCard(Exception):
    """This machine has no microphone or loudspeaker that can be opened; `reason` says what was missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Loudspeaker:
    """Takes the messages of a Player as the carrier would: plays, returns marks, knows `clear`."""

    def __init__(self) -> None:
        self.waiting: list[bytes | str] = []

    def send(self, text: str) -> None:
        """One message of the stream."""
        import base64

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


def sound_card() -> Any:
    """The module `sounddevice`, with a microphone and a loudspeaker that open; raises NoSoundCard."""
    try:
        import sounddevice  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:  # OSError: the PortAudio library is missing
        raise NoSoundCard(str(error)) from error
    try:
        sounddevice.check_input_settings(samplerate=8000, channels=1, dtype="int16")
        sounddevice.check_output_settings(samplerate=8000, channels=1, dtype="int16")
    except Exception as error:  # PortAudioError, ValueError: as many reasons as machines
        raise NoSoundCard(str(error)) from error
    return sounddevice


def talk(voices: Voices, decoders: Any, incoming: Incoming) -> None:
    """Call the house from this machine until the call leaves the stream; raises NoSoundCard or LinesFull."""
    card, frames, speaker = sound_card(), queue.Queue[bytes](), Loudspeaker()

    def heard(recorded: Any, *_: object) -> None:
        frames.put(bytes(recorded))

    voices.switchboard.take_turn(incoming, BEGINNING, Heard())
    with (
        decoders.line() as line,
        card.RawInputStream(8000, FRAME_SAMPLES, channels=1, dtype="int16", callback=heard),
        card.RawOutputStream(8000, FRAME_SAMPLES, channels=1, dtype="int16") as output,
    ):
        conversation = Conversation(voices, incoming, Player(speaker.send, "mic"), line)
        conversation.begin()
        while not conversation.over:
            converse(conversation, speaker, frames.get(timeout=5), output.write)
        conversation.close()


def converse(conversation: Conversation, speaker: Loudspeaker, recorded: bytes, play: Any) -> None:
    """One 20 ms step: what the microphone heard goes in, what the caller hears comes out."""
    import numpy as np

    conversation.sound(from_pcm(np.frombuffer(recorded, dtype="<i2")))
    sound, marks = speaker.next()
    for mark in marks:
        conversation.mark(mark)
    play(to_pcm(sound).tobytes() if sound else bytes(2 * FRAME_SAMPLES))
