"""The media process put together: the house's parts, its ears, the socket. WSGI entry `ivr.media_app:application()`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request

from callflows import Listen, Say
from callflows.options import words_for
from callflows.understanding import vocabulary
from ivr.house import House, put_together, sections_by_name
from ivr.kept_answers import keeper_of
from ivr.messages.playing import WithMessages
from ivr.redis_links import RedisAway
from ivr.settings import Settings
from ivr.speech.decoders import Decoders
from ivr.speech.likely import likely_phrases
from ivr.speech.models import choices
from ivr.speech.numerals import in_words
from ivr.speech.unheard import Unheard, deaf_languages, report
from ivr.telephony.conversation import Manner, Voices
from ivr.telephony.media import MediaParts, make_media
from ivr.telephony.signature import IsCarrier, carrier_check
from ivr.telephony.tickets import BEAT_SECONDS, Tickets
from prompts import Voice
from prompts.synthetic import SLOW, SyntheticVoice

_log = logging.getLogger(__name__)


def create_media(settings: Settings, house: House | None = None, decoders: Decoders | None = None) -> Flask:
    """The app of the media process; its parts are in `extensions["media"]`."""
    parts = media_parts(house or put_together(settings), decoders)
    app = make_media(parts)
    app.extensions["media"] = parts
    return app


def application() -> Flask:
    """For gunicorn: everything from the environment, models loaded, heart beating, farewell on SIGTERM."""
    settings = Settings.read()
    app = create_media(settings)
    parts: MediaParts = app.extensions["media"]
    go_on_living(parts)
    say_farewell(parts)
    return app


def media_parts(house: House, decoders: Decoders | None = None) -> MediaParts:
    """The socket's parts out of the house's."""
    settings = house.settings
    models = partial(choices, settings.data, os.environ)
    return MediaParts(
        voices=Voices(house.switchboard, sounds_of(house), phrases_of(house), keeper_of(house)),
        tickets=Tickets(house.redis),
        decoders=decoders or Decoders(models()),
        models=None if decoders else models,
        is_carrier=is_carrier_at(settings.auth_token, settings.media_url or settings.base_url),
    )


def is_carrier_at(auth_token: str, media_url: str) -> IsCarrier:
    """The handshake is signed over the socket's address; carriers write it with wss or with https before it."""
    parts = urlsplit(media_url)
    checks = [carrier_check(auth_token, f"{scheme}://{parts.netloc}") for scheme in ("wss", "https", "ws", "http")]

    def is_carrier(received: Request) -> bool:
        return any(check(received) for check in checks)

    return is_carrier


def sounds_of(house: House) -> Callable[[Say, Manner], bytes]:
    """The takes of the call's revision, else the synthetic voice, as µ-law; slowly where the call is slow.

    A recording is played as it was spoken, as in TwiML.
    """
    folder = house.settings.data / "spoken"
    speakers = {"normal": SyntheticVoice(folder), "slow": SyntheticVoice(folder, pace=SLOW)}
    takes = WithMessages(house.takes, house.messages)
    voices = {
        pace: Voice(house.catalogue, takes, speaker=speaker, house=sections_by_name())
        for pace, speaker in speakers.items()
    }

    def sounds(say: Say, manner: Manner) -> bytes:
        voice = voices.get(manner.pace, voices["normal"])
        if manner.takes is not None:
            voice = voice.at(manner.takes)
        return voice.sound(say.prompt, say.slots, manner.language)

    return sounds


def phrases_of(house: House) -> Callable[[Listen, str], tuple[str, ...]]:
    """What may be said to a question, likeliest first: its own phrases, then the understanding's whole vocabulary."""
    programme = house.tools.programme

    def phrases(listen: Listen, language: str) -> tuple[str, ...]:
        known = vocabulary(listen.context, language=language, programme=programme())
        likely, hello = likely_phrases(listen.context, language), words_for("greeting.words", language)
        return tuple(dict.fromkeys(in_words(each, language) for each in (*listen.phrases, *likely, *known, *hello)))

    return phrases


def go_on_living(parts: MediaParts) -> threading.Thread:
    """Load the models, then tell Redis every few seconds that somebody listens."""
    thread = threading.Thread(target=_beat, args=(parts,), name="heartbeat", daemon=True)
    thread.start()
    return thread


def _beat(parts: MediaParts) -> None:
    reported = False
    while not parts.leaving.is_set():
        try:
            reported = not (parts.models and parts.decoders.renew(parts.models())) and reported
            parts.decoders.start()
            if not reported:
                threading.Thread(target=report_unheard, args=(parts,), name="unheard", daemon=True).start()
                reported = True
            parts.tickets.beat(parts.decoders.free, parts.hears)
        except RedisAway:
            _log.error("Redis is away: no call will come to this socket")
        except Exception:  # without ears the house goes on by keys; try again
            _log.exception("the decoders do not start")
        parts.leaving.wait(BEAT_SECONDS / 3)


def report_unheard(parts: MediaParts) -> tuple[Unheard, ...]:
    """What these models cannot hear of our questions, into the log and the studio, once; takes seconds."""
    found = report(
        parts.decoders, lambda context, language: parts.voices.phrases(Listen(context), language), parts.tickets.link
    )
    parts.deaf = deaf_languages(found)
    return found


def say_farewell(parts: MediaParts) -> None:
    """On SIGTERM every socket is closed at its next frame, and each caller hears her question from another process."""
    before: Any = signal.getsignal(signal.SIGTERM)

    def leave(number: int, frame: Any) -> None:
        # Not from the signal's own frame: the main thread may hold the very lock that it would need.
        threading.Thread(target=_leave, args=(parts,)).start()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, leave)


def _leave(parts: MediaParts) -> None:
    parts.leaving.set()
    try:
        parts.tickets.leave()
    except RedisAway:
        _log.warning("Redis did not hear our farewell; it forgets us in %s seconds", BEAT_SECONDS)
