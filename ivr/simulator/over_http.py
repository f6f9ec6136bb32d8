"""A typing caller's body whose every turn goes through HTTP and TwiML, performed by the local telephone network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callflows import Heard, Reply, Transfer
from ivr.simulator import phone
from ivr.simulator.bodies import Moment

SECONDS_RECORDED = 3.0
"""How long a caller who types speaks after a tone."""

Peek = Callable[[str], tuple[Reply, int] | None]


class OverHttp:
    """Dials the product's webhooks. `http` is None for real HTTP, or the Flask app itself.

    TwiML carries no prompt keys; `peek` (the switchboard's `again`) tells them to whoever shares the product's Redis.
    """

    def __init__(
        self, base_url: str, auth_token: str, caller: str, called: str,
        http: Any = None, *, twice: bool = False, language: str = "", peek: Peek | None = None,
    ) -> None:  # fmt: skip
        incoming = f"/voice/incoming?language={language}" if language else "/voice/incoming"
        self.line = phone.Line(base_url, auth_token, caller, called, http, twice=twice, incoming=incoming)
        self._peek = peek

    @property
    def call_id(self) -> str:
        """The carrier's own name of the call."""
        return self.line.call_sid

    def dial(self) -> Moment:
        """The first webhook."""
        return self._heard(self.line.dial())

    def does(self, heard: Heard) -> Moment:
        """Press, say, record or keep silent until the product answers."""
        if heard.recording:
            return self._heard(self.line.record(SECONDS_RECORDED))
        if heard.keys:
            return self._heard(self.line.press(heard.keys + ("#" if self._needs_hash(heard.keys) else "")))
        return self._heard(self.line.say(heard.words) if heard.words else self.line.silence())

    def hang_up(self) -> None:
        """The status callback tells the product."""
        if not self.line.now().ended:
            self.line.hang_up()

    def close(self) -> None:
        """Stop the network's clock."""
        self.line.network.close()

    def _needs_hash(self, keys: str) -> bool:
        """Several keys that do not fill the question are ended with #, as the prompt asks."""
        listening = self.line.call.listening if self.line.call else None
        digits = getattr(listening, "digits", None)
        return digits != 1 and digits != len(keys) and not keys.endswith("#")

    def _heard(self, moment: phone.Moment) -> Moment:
        sentences = tuple((piece.language, piece.heard) for piece in moment.heard)
        records = moment.listens is not None and moment.listens.verb == "Record"
        then = "transfer" if moment.queued else "hang up" if moment.ended else "record" if records else "listen"
        known = self._peek(self.line.call_sid) if self._peek else None
        if known is None:
            return Moment(sentences, then)
        reply = known[0]
        reason = reply.then.reason if isinstance(reply.then, Transfer) else ""
        return Moment(sentences, then, tuple((say.prompt, say.slots) for say in reply.says), reason)
