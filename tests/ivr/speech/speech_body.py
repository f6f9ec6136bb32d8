"""A caller's body that really speaks: through the media socket, heard by whatever recogniser is put there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from speech_callers import Line, spoken
from speech_phone import SPEED, Phone, hurried, served

from callflows import Continue, Heard, Reply
from ivr.house import House
from ivr.incoming import BEGINNING, Incoming
from ivr.media_app import media_parts
from ivr.simulator.bodies import Moment
from ivr.simulator.bodies import spoken as as_moment
from ivr.speech.mulaw import SILENCE
from ivr.telephony.media import make_media


@dataclass(frozen=True)
class Manner:
    """How a caller speaks, and over what line."""

    voice: dict[str, float] = field(default_factory=lambda: {"speed": 1.05})
    noise: float = -45.0
    phone: Callable[..., Phone] = Phone
    line: dict[str, float] = field(default_factory=dict)
    hesitates: float = 0.0
    """Seconds of nothing in the middle of each sentence of several words."""

    def says(self, words: str) -> list[bytes]:
        """The sentence as she says it."""
        parts = words.split()
        if not self.hesitates or len(parts) < 4:
            return spoken(words, "fr", **self.voice)
        half = len(parts) // 2
        first, second = (spoken(" ".join(part), "fr", **self.voice) for part in (parts[:half], parts[half:]))
        return [*first, *[SILENCE] * round(self.hesitates * 50), *second]


class InSound:
    """A caller at one end of a stream; at the other, the house's switchboard, and a note of what it took and gave."""

    def __init__(self, house: House, decoders: Any, incoming: Incoming, manner: Manner | None = None) -> None:
        self._house, self._decoders, self._incoming = house, decoders, incoming
        self._manner = manner or Manner()
        self._voice, self._open = house.voice_at(None), ExitStack()
        self._replies: list[Reply] = []
        self.heard: list[Heard] = []

    @property
    def call_id(self) -> str:
        """The id that the call was given."""
        return self._incoming.call_id

    # -- as the switchboard that the stream knows --

    def take_turn(self, incoming: Incoming, turn: int, heard: Heard) -> tuple[Reply, int]:
        """The house's own switchboard, noted."""
        answer = self._house.switchboard.take_turn(incoming, turn, heard)
        self.heard.append(heard)
        self._replies.append(answer[0])
        return answer

    def again(self, call_id: str) -> tuple[Reply, int] | None:
        """The house's own."""
        return self._house.switchboard.again(call_id)

    # -- as a caller --

    def dial(self) -> Moment:
        """The web process answers the call and leads it to the socket."""
        self.take_turn(self._incoming, BEGINNING, Heard())
        parts = hurried(media_parts(self._house, self._decoders))
        parts.voices = replace(parts.voices, switchboard=self)
        url = self._open.enter_context(served(make_media(parts)))
        ticket = parts.tickets.issue(self.call_id)
        self.phone = self._open.enter_context(self._manner.phone(url, self.call_id, ticket, **self._manner.line))
        return self._moment(0)

    def does(self, heard: Heard) -> Moment:
        """Barge in with words, a little faster than they were taught, or with keys; or say nothing for long."""
        before = len(self._replies)
        self.phone.until_prompt()
        if heard.keys:
            self.phone.press(heard.keys)
        elif heard.words:
            self.phone.quiet(1.2).line(Line(noise=self._manner.noise).carry(self._manner.says(heard.words)))
        else:
            self.phone.until_played()
            self.phone.speed *= 8  # nobody speaks: the time may fly
        self.phone.until(lambda: len(self._replies) > before, 20)
        self.phone.speed = SPEED
        return self._moment(before)

    def _moment(self, before: int) -> Moment:
        """All that was answered since; a reply that only tells is played before the stream goes on by itself."""
        while isinstance(self._replies[-1].then, Continue) and not self.phone.closed:
            self.phone.until_played()
        moments = [as_moment(reply, self._voice) for reply in self._replies[before:]]
        sentences = tuple(one for moment in moments for one in moment.sentences)
        prompts = tuple(one for moment in moments for one in moment.prompts)
        return Moment(sentences, moments[-1].then, prompts, moments[-1].reason) if moments else Moment((), "listen")

    def hang_up(self) -> None:
        """The carrier closes the stream and tells us."""
        self._open.close()
        self._house.switchboard.hang_up(self.call_id)

    def close(self) -> None:
        """Put the telephone away."""
        self._open.close()
