"""What the ears cannot hear at all: looked up once when the media process starts, logged, and shown in the studio."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

from callflows.understanding import UnknownLanguage
from ivr.redis_links import Link, RedisAway
from ivr.speech.decoders import Decoders
from ivr.speech.models import KNOWN
from ivr.speech.recogniser import Question, SpeechError

CONTEXTS = ("main_menu", "ask_production", "ask_date", "ask_quantity", "ask_seats", "confirm", "ask_order_ref")
"""The questions whose vocabulary is looked up."""
MOST_SHOWN = 40
"""Phrases named for each question; the rest is a number."""
MOST_LOST = 0.995
"""Share of our phrases that a model may lack and still be offered: PocketSphinx hears the likeliest few by design."""
KEY = "media:unheard"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unheard:
    """One question in one language: so many phrases, so many of them cannot be heard, and the first of those.

    Without a `context`: the language is not heard at all.
    """

    language: str
    context: str
    phrases: int
    count: int
    sample: tuple[str, ...]


def look_up(decoders: Decoders, phrases: Callable[[str, str], Iterable[str]]) -> Iterator[Unheard]:
    """Every question in every language that is heard here; `phrases` gives what a question expects in a language.

    So that the first callers are answered as soon as others, the decoders get ready for each question looked up.
    """
    with decoders.line() as line:
        for language in decoders.languages:
            for context in CONTEXTS:
                try:
                    known = tuple(phrases(context, language))
                except UnknownLanguage:
                    break
                lost = line.unheard(language, known)
                decoders.expect(Question(language, known, context))
                yield Unheard(language, context, len(known), len(lost), lost[:MOST_SHOWN])


def deaf_languages(found: Iterable[Unheard]) -> frozenset[str]:
    """Languages whose model hears hardly a phrase of ours: a model of another language, put in the wrong place."""
    phrases: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for each in found:
        phrases[each.language] += each.phrases
        lost[each.language] += each.count
    return frozenset(language for language in phrases if lost[language] > MOST_LOST * phrases[language])


def report(decoders: Decoders, phrases: Callable[[str, str], Iterable[str]], link: Link) -> tuple[Unheard, ...]:
    """Log it and leave it for the studio; whatever fails costs the report only."""
    try:
        heard = tuple(look_up(decoders, phrases))
        silent = [language for language in KNOWN if language not in decoders.languages]
        found = (*(Unheard(language, "", 0, 0, ()) for language in silent), *heard)
    except SpeechError as error:
        _log.warning("what cannot be heard is not known: %s", type(error).__name__)
        return ()
    try:
        link.set(KEY, json.dumps([asdict(each) for each in found], ensure_ascii=False))
    except RedisAway:
        _log.warning("what cannot be heard is not told to the studio: Redis is away")
    for each in found:
        if not each.context:
            _log.warning("nobody hears %s: souffleur models fetch %s", each.language, each.language)
        elif each.count:
            named = ", ".join(each.sample[:10])
            _log.warning("%s %s: %d of %d phrases cannot be heard: %s%s", each.language, each.context, each.count,
                         each.phrases, named, " …" if each.count > 10 else "")  # fmt: skip
    return found


def reported(link: Link) -> tuple[Unheard, ...]:
    """What the media process found when it last started; nothing when it never did, or Redis is away."""
    try:
        kept = link.get(KEY)
    except RedisAway:
        return ()
    found = json.loads(str(kept)) if kept else []
    return tuple(Unheard(**{**each, "sample": tuple(each["sample"])}) for each in found)
