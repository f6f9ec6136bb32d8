"""When a question is heard on a media stream, and the verb that says so.

stream   our own ears, when the media process lives, has a line free and hears the language; else as `gather`
own      our own ears likewise; else as `keys`: no caller's voice reaches the carrier's recogniser
gather   <Gather input="dtmf speech">, the carrier's recogniser
keys     <Gather input="dtmf">, no speech at all; the wording does not invite to speak
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from twilio.twiml.voice_response import Connect, VoiceResponse

from callflows.reply import Listen, Reply
from ivr.redis_links import RedisAway
from ivr.telephony.tickets import Tickets

TICKET = "ticket"
"""The name of the <Parameter> that carries the ticket."""
TAKES = "takes"
"""And of the one that carries the revision of recordings with which the call began."""

_log = logging.getLogger(__name__)


def revision_in(parameters: Mapping[str, str]) -> int | None:
    """The revision that `write` gave the stream; None, the recordings of now, when there is none that can be read."""
    text = parameters.get(TAKES, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 8 else None


@dataclass(frozen=True)
class Streaming:
    """The choice between ears: `mode` is the setting SPEECH, `media_url` the socket's address, `wss://…/media`."""

    tickets: Tickets
    media_url: str
    mode: str = "stream"

    def is_wanted(self, reply: Reply, call_id: str) -> bool:
        """Should this reply's question be put on a stream? Never a secret one: no stream is open during card entry."""
        then = reply.then
        if self.mode not in ("stream", "own") or not self.media_url or not isinstance(then, Listen) or then.secret:
            return False
        try:
            media = self.tickets.media()
            return bool(
                media and media.free > 0 and reply.language[:2] in media.languages and self.tickets.may_stream(call_id)
            )
        except RedisAway:
            return False

    def write(self, answer: VoiceResponse, call_id: str, again: str, takes: int | None = None) -> None:
        """<Connect><Stream> with a ticket, and the way back: the carrier goes on to `again` when we close it."""
        connect = Connect()
        stream = connect.stream(url=self.media_url)
        stream.parameter(name=TICKET, value=self.tickets.issue(call_id))
        if takes is not None:
            stream.parameter(name=TAKES, value=str(takes))
        answer.append(connect)
        answer.redirect(again, method="POST")

    @property
    def gathers_speech(self) -> bool:
        """May <Gather> ask for speech (the carrier's own recogniser)?"""
        return self.mode in ("stream", "gather")

    def sent_back_to_keys(self, call_id: str) -> bool:
        """Did a stream just give this call up, with nobody else to hear it? Says so once."""
        if self.mode != "own":
            return False
        try:
            return self.tickets.was_put_on_keys(call_id)
        except RedisAway:
            return False
