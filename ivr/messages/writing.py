"""Writing messages down, a few at once and in no hurry: open vocabulary, in decoders that may die without harm."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.messages.messages import Messages
from ivr.messages.sounds import NoSuchSound
from ivr.records.messages import FAILED, NO_MODEL, NOTHING, WRITTEN, Message
from ivr.speech.decoders import Decoders
from ivr.speech.engines import Choice
from ivr.speech.recogniser import Guess, ModelBroken, ModelMissing, SpeechError
from ivr.speech.transcribe import Transcriber

MOST_TRIES = 2
"""A recording that kills the decoder twice would kill it a third time."""
A_ROUND = 5
"""Recordings between two looks at everything else that is to be done."""
LOST_AFTER = timedelta(minutes=15)
"""A try that has said nothing for so long died with its process."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Writing:
    """Who writes: the engines by language, and how many recordings at once."""

    engines: Mapping[str, Choice]
    at_once: int = 1


def write_down(messages: Messages, writing: Writing, now: datetime, most: int = A_ROUND) -> int:
    """One round; how many recordings were looked at. Models are loaded only when there is something to write."""
    waiting = messages.book.to_write(writing.engines, most)
    ready = [message for message in waiting if _begun(messages, writing, message, now)]
    if ready:
        _write(messages, writing, ready)
    return len(waiting)


def _begun(messages: Messages, writing: Writing, message: Message, now: datetime) -> bool:
    """Claim it, or say at once why it will not be written down."""
    if message.language[:2] not in writing.engines:
        messages.book.wrote(message.id, NO_MODEL)
        return False
    if message.tries >= MOST_TRIES:
        _log.error("recording %s was not written down: its decoder died twice", message.id)
        messages.book.wrote(message.id, FAILED)
        return False
    return messages.book.claim_writing(message.id, message.tries, now + LOST_AFTER)


def _write(messages: Messages, writing: Writing, ready: list[Message]) -> None:
    wanted = {message.language[:2] for message in ready}
    chosen = {language: choice for language, choice in writing.engines.items() if language in wanted}
    with (
        closing(Decoders(chosen, limit=writing.at_once)) as decoders,
        closing(Transcriber(decoders, writing.at_once)) as transcriber,
    ):
        works = [(message, _begin(messages, transcriber, message)) for message in ready]
        for message, work in works:
            if work is not None:
                _finish(messages, message, work, writing.engines[message.language[:2]].engine)


def _begin(messages: Messages, transcriber: Transcriber, message: Message) -> Future[Guess] | None:
    try:
        return transcriber.write_down(messages.sounds.mulaw(message.id), message.language[:2])
    except (NoSuchSound, OSError):
        _log.error("the sound of recording %s is not where it was kept", message.id)
        messages.book.gone_astray(message.id)
        return None


def _finish(messages: Messages, message: Message, work: Future[Guess], engine: str) -> None:
    try:
        guess = work.result()
    except (ModelMissing, ModelBroken):
        messages.book.wrote(message.id, NO_MODEL, tries=0)
    except SpeechError as lost:
        _log.error("recording %s: %s", message.id, type(lost).__name__)
        over = message.tries + 1 >= MOST_TRIES
        if over:
            messages.book.wrote(message.id, FAILED)
        else:
            messages.book.write_again(message.id)
    else:
        told = {"words": guess.text, "confidence": guess.confidence, "engine": engine}
        messages.book.wrote(message.id, WRITTEN if guess.text else NOTHING, **told)
