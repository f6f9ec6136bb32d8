"""Playing: a caller hears again what she has just recorded, by an address that is hers alone and good for minutes.

The carrier fetches sound without a signature (Twilio docs, TwiML Play), so the address itself is the key.
"""

from __future__ import annotations

from flask import Response, abort

from ivr.messages.messages import PATH, Messages
from ivr.messages.sounds import NoSuchSound
from prompts import mulaw_wav
from prompts.recordings import Recordings


def heard_again(messages: Messages, address: str) -> Response:
    """The sound behind an address we gave; 404 for any other, and for an old one."""
    try:
        sound = messages.sounds.mulaw(messages.behind(address))
    except NoSuchSound:
        abort(404)
    answer = Response(mulaw_wav.wrapped(sound), mimetype="audio/wav")
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


class WithMessages:
    """The house's recordings, and callers' own beside them: for prompts that are played on a media stream."""

    def __init__(self, takes: Recordings, messages: Messages) -> None:
        self._takes, self._messages = takes, messages

    @property
    def revision(self) -> int:
        """The takes' own."""
        return self._takes.revision

    def at(self, revision: int | None = None) -> Recordings:
        """The takes of that revision, and the same messages."""
        return WithMessages(self._takes.at(revision), self._messages)

    def address(self, key: str, language: str, text: str) -> str | None:
        """Of a take."""
        return self._takes.address(key, language, text)

    def words(self, key: str, language: str) -> str | None:
        """Of a take."""
        return self._takes.words(key, language)

    def sound(self, address: str) -> bytes:
        """The raw µ-law of a take, or of a message."""
        if address.startswith(PATH):
            return self._messages.sounds.mulaw(self._messages.behind(address))
        return self._takes.sound(address)
