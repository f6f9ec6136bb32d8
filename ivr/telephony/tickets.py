"""Tickets for the media socket, and who may have one: one use, one minute, one call; all of it in Redis."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass

from ivr.redis_links import Link

TICKET_SECONDS = 60
"""From the TwiML to the socket it is a second or two."""
BEAT_SECONDS = 6
"""The media process says so often that it lives; twice missed, and callers are put on keys."""
MOST_TICKETS = 6
"""In two minutes without one turn taken on a stream: then something is wrong between the carrier and the socket."""


@dataclass(frozen=True)
class MediaProcess:
    """What the media process said last about itself."""

    free: int
    languages: tuple[str, ...]


class Tickets:
    """Issues and takes tickets; remembers which calls are on keys; knows whether anybody listens at all."""

    def __init__(self, link: Link) -> None:
        self.link = link

    def issue(self, call_id: str) -> str:
        """A ticket for this call's next stream."""
        ticket = secrets.token_urlsafe(24)
        self.link.set(_key(ticket), call_id, ex=TICKET_SECONDS)
        if self.link.incr(f"stream:tried:{call_id}") == 1:
            self.link.expire(f"stream:tried:{call_id}", 120)
        return ticket

    def redeem(self, ticket: str, call_id: str) -> bool:
        """Is it this call's ticket? Asked a second time, no ticket is anyone's."""
        return bool(ticket) and self.link.getdel(_key(ticket)) == call_id

    def went_well(self, call_id: str) -> None:
        """A turn was taken on the stream: count anew."""
        self.link.delete(f"stream:tried:{call_id}")

    def put_on_keys(self, call_id: str, seconds: int) -> None:
        """No stream for this call for so long."""
        self.link.set(f"stream:keys:{call_id}", "1", ex=seconds)
        self.link.set(f"stream:told:{call_id}", "1", ex=seconds)

    def was_put_on_keys(self, call_id: str) -> bool:
        """Is the call newly on keys, and has not been told? Asked again, it has."""
        return self.link.getdel(f"stream:told:{call_id}") is not None

    def may_stream(self, call_id: str) -> bool:
        """Is the call neither on keys nor going round in circles?"""
        keys, tried = self.link.mget(f"stream:keys:{call_id}", f"stream:tried:{call_id}")
        return keys is None and int(tried or 0) < MOST_TICKETS

    def beat(self, free: int, languages: tuple[str, ...]) -> None:
        """The media process lives, hears these languages, and has so many lines free."""
        about = json.dumps({"free": free, "languages": languages})
        self.link.set("media:lives", about, ex=BEAT_SECONDS)

    def leave(self) -> None:
        """The media process goes: no more streams from now on."""
        self.link.delete("media:lives")

    def media(self) -> MediaProcess | None:
        """The living media process, if there is one."""
        about = self.link.get("media:lives")
        if about is None:
            return None
        told = json.loads(str(about))
        return MediaProcess(told["free"], tuple(told["languages"]))


def _key(ticket: str) -> str:
    """Only a hash of the ticket is kept: who reads Redis cannot listen in."""
    return f"stream:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
