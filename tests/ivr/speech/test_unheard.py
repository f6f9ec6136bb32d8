"""What cannot be heard is looked up in the decoders, logged once, and left for the studio."""

from __future__ import annotations

import logging

import pytest

from callflows.understanding import UnknownLanguage
from ivr.media_app import media_parts, report_unheard
from ivr.redis_links import link
from ivr.speech.recogniser import ModelMissing
from ivr.speech.unheard import CONTEXTS, Unheard, deaf_languages, report, reported


def test_a_decoder_tells_what_its_model_lacks(decoders):
    with decoders.line() as line:
        assert line.unheard("en", ("two", "zzyzxq", "seven")) == ("zzyzxq",)
        with pytest.raises(ModelMissing):
            line.unheard("fr", ("deux",))

    assert decoders.free == decoders.limit


def test_the_report_is_logged_and_kept_for_the_studio(decoders, redis, caplog):
    """A language that the understanding does not know has no questions."""

    def phrases(context: str, language: str) -> tuple[str, ...]:
        if language == "ko":
            raise UnknownLanguage(language)
        return ("two", "zzyzxq") if context == "confirm" else ("two",)

    with caplog.at_level(logging.WARNING):
        report(decoders, phrases, redis)

    assert Unheard("en", "confirm", 2, 1, ("zzyzxq",)) in reported(redis)
    assert [each.context for each in reported(redis)] == ["", *CONTEXTS]
    assert [each.getMessage() for each in caplog.records] == [
        "nobody hears fr: souffleur models fetch fr",
        "en confirm: 1 of 2 phrases cannot be heard: zzyzxq",
    ]


def test_the_media_process_looks_up_the_questions_it_will_ask(house, decoders, redis):
    found = report_unheard(media_parts(house, decoders))

    assert found == reported(redis)
    assert {each.language for each in found if each.context} == {"en"}
    assert [each.language for each in found if not each.context] == ["fr"]
    assert all(each.phrases > each.count for each in found if each.context)
    assert deaf_languages(found) == frozenset()


def test_without_redis_the_studio_misses_the_report_and_the_log_has_it(decoders, caplog):
    away = link("redis://127.0.0.1:9")

    with caplog.at_level(logging.WARNING):
        found = report(decoders, lambda context, language: ("two", "zzyzxq"), away)

    assert Unheard("en", "confirm", 2, 1, ("zzyzxq",)) in found
    assert reported(away) == ()
    assert "not told to the studio: Redis is away" in caplog.text
    assert "en confirm: 1 of 2 phrases cannot be heard: zzyzxq" in caplog.text
    away.close()
