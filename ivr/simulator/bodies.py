"""Bodies of a caller who reads and types: straight at the switchboard, or through HTTP and TwiML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from callflows import Continue, HangUp, Heard, Listen, Record, Reply, Transfer
from ivr.incoming import BEGINNING, Incoming
from ivr.switchboard import Switchboard
from prompts import Voice


@dataclass(frozen=True)
class Moment:
    """What the caller hears at one moment: sentences with their language, the prompts behind them, and what is next.

    `then` is `listen`, `record`, `transfer` or `hang up`; `prompts` is empty where only sound arrives (over HTTP).
    """

    sentences: tuple[tuple[str, str], ...]
    then: str
    prompts: tuple[tuple[str, dict[str, object]], ...] = ()
    reason: str = ""

    @property
    def text(self) -> str:
        """All that is heard, as one text."""
        return " ".join(sentence for _, sentence in self.sentences)

    @property
    def is_over(self) -> bool:
        """Nothing more can be said or pressed."""
        return self.then in ("hang up", "transfer")


class Body(Protocol):
    """A caller's mouth, ear and fingers."""

    @property
    def call_id(self) -> str:
        """How the product knows this call."""

    def dial(self) -> Moment:
        """Place the call and hear the welcome."""

    def does(self, heard: Heard) -> Moment:
        """Press, say or keep silent, and hear the answer."""

    def hang_up(self) -> None:
        """Put the receiver down."""

    def close(self) -> None:
        """Put the telephone away, whatever became of the call."""


class Direct:
    """Through the switchboard's door, without HTTP: what proves a flow."""

    def __init__(self, switchboard: Switchboard, voice: Voice, incoming: Incoming) -> None:
        self._switchboard, self._voice, self._incoming = switchboard, voice, incoming
        self._turn = BEGINNING

    @property
    def call_id(self) -> str:
        """The id that the call was given."""
        return self._incoming.call_id

    def dial(self) -> Moment:
        """The first turn."""
        return self.does(Heard())

    def does(self, heard: Heard) -> Moment:
        """One turn; sentences that end it early are followed by the next one at once."""
        reply, turn = self._switchboard.take_turn(self._incoming, self._turn, heard)
        self._turn = turn
        moment = spoken(reply, self._voice)
        if isinstance(reply.then, Continue):
            more = self.does(Heard())
            sentences, prompts = (*moment.sentences, *more.sentences), (*moment.prompts, *more.prompts)
            return Moment(sentences, more.then, prompts, more.reason)
        return moment

    def hang_up(self) -> None:
        """The carrier would tell us."""
        self._switchboard.hang_up(self._incoming.call_id)

    def close(self) -> None:
        """Nothing to put away."""


_THEN = {Listen: "listen", Record: "record", Continue: "listen", Transfer: "transfer", HangUp: "hang up"}


def spoken(reply: Reply, voice: Voice) -> Moment:
    """A reply as the caller hears it."""
    sentences = tuple(
        (piece.language, piece.text)
        for say in reply.says
        for piece in voice.pieces(say.prompt, say.slots, say.language or reply.language)
    )
    reason = reply.then.reason if isinstance(reply.then, Transfer) else ""
    return Moment(sentences, _THEN[type(reply.then)], tuple((say.prompt, say.slots) for say in reply.says), reason)
