"""Caring for messages, round by round: drafts of calls that are over, sounds to fetch, what is to be erased."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from ivr.messages.messages import Messages
from ivr.records.messages import HERE
from ivr.studio.fetching import erase_recording

AT_ONCE = 20
"""Recordings a round: the calls that must be ended come in the same round."""
MOST_FETCHES = 30
LONGEST_WAIT = timedelta(hours=6)
"""Between two tries: a minute, then twice as long each time. After thirty, a week later, it is lost."""

_log = logging.getLogger(__name__)


def care(messages: Messages, now: datetime) -> None:
    """One round; what cannot be done now is done in a later one."""
    if messages.book.settle_the_abandoned():
        messages.announce()
    _fetch(messages, now)
    _erase(messages, now)
    messages.book.forget_before(now - timedelta(days=max(messages.days, 1)))
    messages.sounds.sweep()


def _fetch(messages: Messages, now: datetime) -> None:
    for message in messages.book.to_fetch(AT_ONCE):
        if messages.fetch(message.id):
            continue
        again = now + min(timedelta(minutes=2**message.fetches), LONGEST_WAIT)
        messages.book.not_fetched(message.id, again if message.fetches < MOST_FETCHES else None)


def _erase(messages: Messages, now: datetime) -> None:
    """Ours first: should the carrier be away, at least nobody of the house can listen any more."""
    for message in messages.book.to_erase(now - timedelta(days=messages.days), AT_ONCE):
        if message.sound == HERE:
            messages.sounds.erase(message.id)
        messages.book.erased_here(message.id)
        if message.at_carrier:
            _erase_there(messages, message.id, now)


def _erase_there(messages: Messages, recording: str, now: datetime) -> None:
    if messages.line is None or erase_recording(messages.line, recording):
        messages.book.erased_there(recording)
        return
    _log.error("the carrier still has recording %s, which should be erased; asked again in an hour", recording)
    messages.book.not_erased_there(recording, now + timedelta(hours=1))
