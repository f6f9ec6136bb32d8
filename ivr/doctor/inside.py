"""What can be told of a configuration without asking anybody outside this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.doctor.finding import Finding, Findings
from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.speech.engines import Choice

LOCAL_ACCOUNT = "AC00000000"
"""Accounts of the local telephone network begin so."""


def credentials(settings: Settings) -> Findings:
    """Account and token are there and look like ones."""
    sid = settings.account_sid
    if not sid:
        yield Finding("credentials", "bad", "no TWILIO_ACCOUNT_SID", "copy it from the carrier's console")
    elif not (sid.startswith("AC") and len(sid) == 34):
        yield Finding("credentials", "bad", "TWILIO_ACCOUNT_SID is no account", "AC and 32 hexadecimal digits")
    elif sid.startswith(LOCAL_ACCOUNT):
        yield Finding("credentials", "warn", "the account is the local network's", "set the carrier's for real calls")
    else:
        yield Finding("credentials", "ok", f"account {sid[:6]}…{sid[-4:]}")
    if not settings.auth_token:
        yield Finding(
            "credentials", "bad", "no TWILIO_AUTH_TOKEN: every webhook is refused", "copy it from the console"
        )
    elif len(settings.auth_token) < 16:
        yield Finding("credentials", "warn", "TWILIO_AUTH_TOKEN is short", "a real one has 32 characters")


def numbers(settings: Settings) -> Findings:
    """The house's own numbers can be dialled."""
    import phonenumbers

    for name, number in (("HOUSE_NUMBER", settings.house_number), ("PERSON_NUMBER", settings.person_number)):
        try:
            valid = phonenumbers.is_possible_number(phonenumbers.parse(number))
        except phonenumbers.NumberParseException:
            valid = False
        if not valid:
            yield Finding("numbers", "bad", f"{name}={number!r} is no number", "write it as +33…, E.164")
        elif getattr(Settings(), name.lower()) == number:
            yield Finding("numbers", "warn", f"{name} is the demonstration's {number}", f"set {name}")
        else:
            yield Finding("numbers", "ok", f"{name} {number}")


def redis(settings: Settings) -> Findings:
    """Redis answers."""
    from ivr.embedded import is_awake, private_url, redis_server

    if not settings.redis_url:
        running = is_awake(private_url(settings.data))
        yield Finding("redis", "warn", f"private one {'running' if running else 'from ' + redis_server()}",
                      "fine for one machine; set REDIS_URL for several")  # fmt: skip
    elif is_awake(settings.redis_url):
        yield Finding("redis", "ok", "answers")
    else:
        yield Finding("redis", "bad", "does not answer", "check REDIS_URL, and that it can be reached from here")


def database(settings: Settings) -> Findings:
    """The database is there, up to date, and has a season on sale."""
    from booking import BookingService
    from ivr.database import engine_for
    from ivr.house import utc_now

    kind = "PostgreSQL" if settings.database_url else "SQLite"
    engine = engine_for(settings.database)
    try:
        programme = BookingService(engine, utc_now).programme()
    except Exception as error:
        yield Finding("database", "bad", f"{kind}: {str(error).splitlines()[0][:160]}", "run `souffleur upgrade`")
        return
    finally:
        engine.dispose()
    if not programme:
        yield Finding("database", "bad", f"{kind}: no season", "run `souffleur season load`")
        return
    last = max(performance.starts_at for production in programme for performance in production.performances)
    if last < utc_now():
        yield Finding("database", "bad", f"{kind}: the season ended on {last:%Y-%m-%d}", "load the next")
    else:
        yield Finding("database", "ok", f"{kind}: {len(programme)} productions, the last on {last:%Y-%m-%d}")
    if kind == "SQLite":
        yield Finding("database", "warn", "SQLite serves one machine", "set DATABASE_URL for several")


def models(settings: Settings) -> Findings:
    """Somebody hears every language, or callers are not invited to speak."""
    from ivr.speech.models import choices, missing

    if settings.speech == "keys":
        yield Finding("models", "ok", "SPEECH=keys: nobody hears words, and nothing invites callers to speak")
        return
    if settings.speech == "gather" or not settings.media_url:
        remedy = "set MEDIA_URL to hear them in the house" if settings.speech != "gather" else ""
        state = "warn" if remedy else "ok"
        yield Finding("models", state, "words go to the carrier's recogniser", remedy)
    advice, heard = missing(("fr", "en"), settings.data, os.environ), choices(settings.data, os.environ)
    for language in ("fr", "en"):
        yield _model(language, heard.get(language), advice.get(language, ""), settings)
    if settings.media_url and settings.redis_url:
        yield _media_process(settings)


def _model(language: str, choice: Choice | None, advice: str, settings: Settings) -> Finding:
    from ivr.speech.vosk_engine import missing_parts

    command, _, _ = advice.partition("  ")
    if choice is None:
        instead = "by keys" if settings.speech == "own" else "to the carrier's recogniser"
        state = "bad" if settings.media_url else "warn"
        return Finding("models", state, f"{language}: no model; its calls go {instead}", command)
    if choice.engine == "pocketsphinx":
        return Finding("models", "warn", f"{language}: PocketSphinx hears short answers, few sentences", command)
    if lacking := missing_parts(Path(choice.folder)):
        return Finding("models", "bad", f"{language}: {choice.folder} lacks {', '.join(lacking)}", "fetch it again")
    return Finding("models", "ok", f"{language}: {choice.folder}; `souffleur models check` tries it")


def _media_process(settings: Settings) -> Finding:
    from ivr.redis_links import RedisAway, link
    from ivr.telephony.tickets import Tickets

    redis = link(settings.redis_url)
    try:
        media = Tickets(redis).media()
    except RedisAway:
        return Finding("media", "warn", "not known: Redis does not answer")
    finally:
        redis.close()
    if media is None:
        return Finding("media", "bad", "no media process has told of itself", "start `souffleur media`")
    return Finding("media", "ok", f"hears {', '.join(media.languages) or 'nothing'}, {media.free} lines free")


def prompts(settings: Settings) -> Findings:
    """Everything the house says is written in every language."""
    from prompts import Catalogue
    from prompts.lint import faults_of

    faults = faults_of(Catalogue.load())
    yield Finding("prompts", "bad" if faults else "ok", f"{len(faults)} faults in the wording",
                  "run `souffleur prompts check`" if faults else "")  # fmt: skip


def data_folder(settings: Settings) -> Findings:
    """Recordings can be kept."""
    folder = settings.data if settings.data.exists() else settings.data.absolute().parent
    writable = os.access(folder, os.W_OK)
    yield Finding("data", "ok" if writable else "bad", f"{settings.data.absolute()}",
                  "" if writable else "name another folder with SOUFFLEUR_DATA")  # fmt: skip
