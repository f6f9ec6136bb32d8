"""Writing messages down, a few at once and in no hurry: open vocabulary, in decoders that may die without harm."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
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


Works = list[tuple[Message, Future[Guess]]]


def _never() -> threading.Event:
    return threading.Event()


@dataclass(frozen=True)
class Writing:
    """Who writes: the engines by language, how many recordings at once, and whether it is enough now."""

    engines: Mapping[str, Choice]
    at_once: int = 1
    enough: threading.Event = field(default_factory=_never)


def write_down(messages: Messages, writing: Writing, now: datetime, most: int = A_ROUND) -> int:
    """One round; how many recordings were looked at. Models are loaded only when there is something to write."""
    waiting = messages.book.to_write(writing.engines, most)
    ready = [message for message in waiting if _may_be_written(messages, writing, message)]
    if ready:
        _write(messages, writing, ready, now)
    return len(waiting)


def _may_be_written(messages: Messages, writing: Writing, message: Message) -> bool:
    """Is there any use in trying? If not, say why."""
    if message.language[:2] not in writing.engines:
        messages.book.wrote(message.id, NO_MODEL)
        return False
    if message.tries >= MOST_TRIES:
        _log.error("recording %s was not written down: its decoder died twice", message.id)
        messages.book.wrote(message.id, FAILED)
        return False
    return True


def _write(messages: Messages, writing: Writing, ready: list[Message], now: datetime) -> None:
    wanted = {message.language[:2] for message in ready}
    chosen = {language: choice for language, choice in writing.engines.items() if language in wanted}
    decoders = Decoders(chosen, limit=writing.at_once)
    transcriber = Transcriber(decoders, writing.at_once)
    try:
        for first in range(0, len(ready), writing.at_once):
            works = _begin_some(messages, writing, transcriber, ready[first : first + writing.at_once], now)
            _wait_for(works, writing, decoders)
            _finish_some(messages, writing, works)
    finally:
        transcriber.close()
        decoders.close()


def _begin_some(
    messages: Messages, writing: Writing, transcriber: Transcriber, some: list[Message], now: datetime
) -> Works:
    """As many as are written at once, each claimed just before: a worker that dies costs no other recording a try."""
    if writing.enough.is_set():
        return []
    begun = [(message, _begin(messages, transcriber, message, now)) for message in some]
    return [(message, work) for message, work in begun if work is not None]


def _wait_for(works: Works, writing: Writing, decoders: Decoders) -> None:
    """Until all are done. When the worker leaves, so do the decoders, and whatever they would begin yet."""
    waiting = [work for _, work in works]
    while not writing.enough.is_set() and wait(waiting, timeout=0.3).not_done:
        pass
    if wait(waiting, timeout=0).not_done:
        decoders.close()
    while wait(waiting, timeout=0.1).not_done:
        for decoder in decoders.pids:
            with suppress(OSError):
                os.kill(decoder, signal.SIGKILL)


def _finish_some(messages: Messages, writing: Writing, works: Works) -> None:
    for message, work in works:
        if writing.enough.is_set() and work.exception() is not None:
            messages.book.unclaim_writing(message.id)
        else:
            _finish(messages, message, work, writing.engines[message.language[:2]].engine)


def _begin(messages: Messages, transcriber: Transcriber, message: Message, now: datetime) -> Future[Guess] | None:
    if not messages.book.claim_writing(message.id, message.tries, now + LOST_AFTER):
        return None
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
        if message.tries + 1 >= MOST_TRIES:
            messages.book.wrote(message.id, FAILED)
        else:
            messages.book.write_again(message.id)
    else:
        told = {"words": guess.text, "confidence": guess.confidence, "engine": engine}
        messages.book.wrote(message.id, WRITTEN if guess.text else NOTHING, **told)
