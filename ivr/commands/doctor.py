"""souffleur doctor: is this configuration fit for real telephones? Every check names what is wrong and what to do."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
import requests
from twilio.base.exceptions import TwilioException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.speech.engines import Choice

PATIENCE = 5
CERTIFICATE_DAYS = 14
CLOCK_SECONDS = 30
LOCAL_ACCOUNT = "AC00000000"
"""Accounts of the local telephone network begin so."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, `warn` or `bad`, what was found, and the remedy."""

    area: str
    state: str
    found: str
    remedy: str = ""


Findings = Iterator[Finding]


@click.command()
@click.option("--offline", is_flag=True, help="Only what can be told without asking anybody outside this machine.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of text.")
def command(offline: bool, as_json: bool) -> None:
    """Check the configuration: public address, signature, certificate, credentials, numbers, clock, Redis, database,
    models, prompts.

    Read docs/real-numbers.md first. Nothing is changed and nobody is called. Exit code 1 when something is bad.
    """
    settings = Settings.read()
    checks = INSIDE if offline else INSIDE + OUTSIDE
    findings = [finding for check in checks for finding in _careful(check, settings)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        _show(findings)
    raise SystemExit(any(finding.state == "bad" for finding in findings))


def _show(findings: list[Finding]) -> None:
    marks = {
        "ok": click.style("✓", fg="green"),
        "warn": click.style("!", fg="yellow"),
        "bad": click.style("✗", fg="red"),
    }
    for finding in findings:
        click.echo(f"{marks[finding.state]} {finding.area:<12} {finding.found}")
        if finding.remedy:
            click.echo(f"  {'':<12} → {finding.remedy}")


def _careful(check: Callable[[Settings], Findings], settings: Settings) -> list[Finding]:
    """A check that breaks is itself a finding, and the others still run."""
    try:
        return list(check(settings))
    except Exception as error:
        area = check.__name__.lstrip("_").replace("_", " ")
        return [
            Finding(area, "bad", f"could not be checked: {type(error).__name__}: {str(error).splitlines()[0][:200]}")
        ]


# --- inside this machine ------------------------------------------------------------------------------------------


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
    from ivr.app import utc_now
    from ivr.database import engine_for

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
        return Finding("models", "warn", f"{language}: PocketSphinx hears single phrases, no sentences", command)
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


# --- outside ------------------------------------------------------------------------------------------------------


def public_address(settings: Settings) -> Findings:
    """The carrier can reach us, by https."""
    parts = urlsplit(settings.base_url)
    if not settings.public_url:
        yield Finding("address", "bad", "no PUBLIC_URL", "set it to the https address the carrier is given")
        return
    if parts.scheme != "https":
        yield Finding("address", "warn", f"{settings.public_url} is not https", "callers' data pass there: use TLS")
    host = parts.hostname or ""
    try:
        reached = socket.getaddrinfo(host, parts.port or 443)[0][4][0]
    except OSError:
        yield Finding("address", "bad", f"{host} is not known to DNS", "check the name")
        return
    if not ip_address(reached).is_global:
        yield Finding("address", "warn", f"{host} is {reached}: only reachable from inside", "use a public address")
    answer = requests.get(f"{settings.base_url}/health", timeout=PATIENCE)
    yield Finding("address", "ok" if answer.ok else "bad", f"{settings.base_url}/health answers {answer.status_code}",
                  "" if answer.ok else "start `souffleur serve` behind that address")  # fmt: skip


def signature(settings: Settings) -> Findings:
    """A rightly signed webhook passes every proxy on the way, and no other does."""
    if not settings.auth_token:
        return
    url = f"{settings.base_url}/voice/ended"
    form = {"CallSid": "CA" + "0" * 32, "CallStatus": "ringing"}
    right = RequestValidator(settings.auth_token).compute_signature(url, form)
    signed = requests.post(url, data=form, headers={"X-Twilio-Signature": right}, timeout=PATIENCE)
    remedy = "PUBLIC_URL must be exactly the address the carrier is given; the token the account's own"
    good = signed.status_code < 300
    yield Finding(
        "signature", "ok" if good else "bad", f"signed webhook answered {signed.status_code}", "" if good else remedy
    )
    for name, headers in (("unsigned", {}), ("forged", {"X-Twilio-Signature": right[::-1]})):
        refused = requests.post(url, data=form, headers=headers, timeout=PATIENCE).status_code
        yield Finding("signature", "ok" if refused == 403 else "bad", f"{name} webhook answered {refused}",
                      "" if refused == 403 else "a proxy answers instead of us?")  # fmt: skip


def certificate(settings: Settings) -> Findings:
    """The certificate is trusted and lasts."""
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https":
        return
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), timeout=PATIENCE) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            until = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLError as error:
        yield Finding(
            "certificate", "bad", f"{error.reason}", "the carrier will not connect: renew or complete the chain"
        )
        return
    days = int((until - datetime.now(UTC).timestamp()) / 86_400)
    yield Finding("certificate", "ok" if days > CERTIFICATE_DAYS else "warn", f"{days} days left",
                  "" if days > CERTIFICATE_DAYS else "renew it")  # fmt: skip


def clock(settings: Settings) -> Findings:
    """This machine's clock agrees with the carrier's."""
    told = requests.head(settings.carrier_url, timeout=PATIENCE).headers.get("Date", "")
    apart = abs((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    good = apart < CLOCK_SECONDS
    yield Finding("clock", "ok" if good else "bad", f"{apart:.0f} s from the carrier's", "" if good else "set up NTP")


def account(settings: Settings) -> Findings:
    """The carrier knows the account, and our numbers lead to us."""
    if not settings.account_sid or not settings.auth_token:
        return
    from ivr.desk import Line

    line = Line(settings.carrier_url, settings.account_sid, settings.auth_token, settings.house_number)
    client: Client = line.client()
    try:
        known: Any = client.api.accounts(settings.account_sid).fetch()
        owned = client.incoming_phone_numbers.list(phone_number=settings.house_number, limit=1)
    except TwilioException as error:
        yield Finding(
            "account", "bad", f"the carrier refuses us: {str(error).splitlines()[0][:120]}", "check SID and token"
        )
        return
    yield Finding("account", "ok" if known.status == "active" else "bad", f"account is {known.status}")
    if not owned:
        yield Finding(
            "account", "bad", f"{settings.house_number} is not in this account", "buy or port it, or set HOUSE_NUMBER"
        )
        return
    yield from _leads_here(owned[0], settings.base_url)


def _leads_here(number: Any, base: str) -> Findings:
    wanted = {
        "voice_url": f"{base}/voice/incoming", "voice_fallback_url": f"{base}/voice/again",
        "status_callback": f"{base}/voice/ended",
    }  # fmt: skip
    for name, url in wanted.items():
        set_to = str(getattr(number, name) or "")
        good = set_to.partition("#")[0].partition("?")[0] == url
        yield Finding(
            "account", "ok" if good else "bad", f"{name} is {set_to or 'not set'}", "" if good else f"set it to {url}"
        )


INSIDE = (credentials, numbers, redis, database, models, prompts, data_folder)
OUTSIDE = (public_address, certificate, signature, clock, account)
