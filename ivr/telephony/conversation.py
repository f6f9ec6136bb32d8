"""One call on a stream: prompts out, keys and words in, the same switchboard; no socket of its own.

It goes on from question to question without a round trip, and leaves for what only TwiML can do (transfer, hang up,
record, a secret entry): then the socket is closed and the carrier fetches the stored reply.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from callflows.heard import Heard
from callflows.reply import Continue, Listen, Reply, Say
from ivr.incoming import Incoming
from ivr.speech.ears import Ears
from ivr.speech.mulaw import SILENCE
from ivr.speech.recogniser import DecoderLost, NothingToHear, Question, Recogniser
from ivr.telephony.playing import Player
from ivr.telephony.stream import FRAME_BYTES

MOST_MISSING = 50
"""Frames of nothing put in place of lost ones at once: a second."""
LATEST = 5000
"""Milliseconds: frames that claim to be older were counted anew by the network."""

_log = logging.getLogger(__name__)


class TakesTurns(Protocol):
    """The switchboard, as far as a stream needs it."""

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        """Answer what the caller did."""

    def again(self, call_id: str) -> tuple[Reply, int] | None:
        """The last reply once more."""


class Hears(Protocol):
    """A line's decoder, as far as a conversation needs it."""

    def listen(self, question: Question) -> Recogniser:
        """Begin to hear an answer."""

    def prepare(self, question: Question) -> None:
        """Get ready for it."""


class Keeps(Protocol):
    """Keeps what was heard, as far as that is allowed."""

    def keep(self, call_id: str, turn: int, ears: Ears) -> object:
        """The answer these ears have just heard."""


@dataclass(frozen=True)
class Manner:
    """How a prompt is said: its language, the call's pace, and the revision of recordings it began with (None: now)."""

    language: str
    pace: str = "normal"
    takes: int | None = None


Sounds = Callable[[Say, Manner], bytes]
"""A prompt -> µ-law at 8 kHz."""
Phrases = Callable[[Listen, str], Iterable[str]]
"""A question and a language -> what may be said to it."""


@dataclass(frozen=True)
class Voices:
    """What a conversation is made of."""

    switchboard: TakesTurns
    sounds: Sounds
    phrases: Phrases
    keeper: Keeps | None = None


class Conversation:
    """Follows one call; ask `over` after every message."""

    def __init__(
        self, voices: Voices, incoming: Incoming, player: Player, line: Hears, takes: int | None = None
    ) -> None:
        self._voices, self._incoming, self._player, self._takes = voices, incoming, player, takes
        self._ears = Ears(line.listen, line.prepare)
        self._rest = b""
        self._expected: int | None = None
        self._turn = 0
        self._then: object = None
        self.over = False
        """Is there nothing more to do on this stream?"""
        self.deaf = False
        """Did we leave because words could not be heard?"""
        self.turns = 0

    def begin(self) -> None:
        """Put the question that stands; the reply was stored by the turn that led here."""
        known = self._voices.switchboard.again(self._incoming.call_id)
        if known is None:
            self.over = True
            return
        self._put(*known)

    def sound(self, mulaw: bytes, at: int | None = None) -> None:
        """What the caller's line carried, in pieces of any length; `at` (ms) shows what got lost before it."""
        self._fill_gap(len(mulaw), at)
        self._rest += mulaw
        while len(self._rest) >= FRAME_BYTES and not self.over:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            self._frame(frame)

    def nothing_came(self, frames: int) -> None:
        """So many frames' time has passed without any: a network that sends none in silence."""
        if frames:
            self._nothing(frames)
            if self._expected is not None:
                self._expected += frames * 20

    def key(self, key: str) -> None:
        """One key; our prompt falls silent at once unless it is one that must be heard."""
        heard = self._ears.key(key)
        if self._ears.begun or heard:
            self._player.stop()
        self._heard(heard)

    def mark(self, name: str) -> None:
        """A prompt of ours has been played."""
        self._player.reached(name)
        self._when_played()

    def close(self) -> None:
        """The stream is over, whoever ended it."""
        self._ears.close()

    # -- every 20 ms --

    def _frame(self, frame: bytes) -> None:
        self._ears.sent(self._player.tick())
        heard = self._ears.frame(frame)
        if self._ears.begun or heard:
            self._player.stop()
        self._heard(heard)
        if not heard:
            self._when_played()
        if isinstance(self._ears.words_lost, DecoderLost | NothingToHear):
            self.over = self.deaf = True

    def _fill_gap(self, length: int, at: int | None) -> None:
        """Frames are the ears' clock: what the network lost still took its time, and what comes late takes none."""
        if at is None:
            return
        expected = at if self._expected is None or at < self._expected - LATEST else self._expected
        self._nothing(min((at - expected) // 20, MOST_MISSING))
        self._expected = max(expected, at + length // 8)

    def _nothing(self, frames: int) -> None:
        for _ in range(frames):
            if not self.over:
                self._frame(SILENCE)

    # -- from turn to turn --

    def _heard(self, heard: Heard | None) -> None:
        while heard is not None and not self.over:
            if self._voices.keeper and heard.words:
                self._voices.keeper.keep(self._incoming.call_id, self._turn, self._ears)
            heard = self._take(heard)

    def _take(self, heard: Heard) -> Heard | None:
        self.turns += 1
        return self._put(*self._voices.switchboard.take_turn(self._incoming, self._turn, heard))

    def _put(self, reply: Reply, turn: int) -> Heard | None:
        """Say the reply and begin to listen; keys typed ahead may have answered already."""
        self._turn, self._then = turn, reply.then
        match reply.then:
            case Listen(secret=False) as listen:
                return self._ask(reply, listen)
            case Continue():
                self._say(reply)
            case _:
                self.over = True
        return None

    def _ask(self, reply: Reply, listen: Listen) -> Heard | None:
        phrases = tuple(self._voices.phrases(listen, reply.language)) if listen.speech else ()
        heard = self._ears.ask(Question.of(listen, reply.language, phrases))
        if heard is None:
            self._say(reply)
            if not self._player.playing:
                heard = self._ears.prompt_over()
        return heard

    def _say(self, reply: Reply) -> None:
        for say in reply.says:
            sound = self._voices.sounds(say, Manner(say.language or reply.language, reply.pace, self._takes))
            if sound:
                self._player.play(sound)

    def _when_played(self) -> None:
        if self._player.playing or self.over:
            return
        if isinstance(self._then, Continue):
            self._heard(Heard())
        elif self._ears.asking and self._ears.waiting_for_prompt:
            self._heard(self._ears.prompt_over())
