"""The only place where the parts are put together: `put_together` for every process, `create_app` for the web."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from flask import Flask, Response
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import prompts
from booking import BookingError, BookingService, Production, hall_ids, read_hall
from callflows import ALL_FLOWS, Listen, Tools
from callflows.understanding import Programme, understand, vocabulary
from ivr.callstore import CallStore
from ivr.consents import Consents
from ivr.database import engine_for
from ivr.desk import Line, WaitingRoom, keep_seats
from ivr.desk.duty import Duty
from ivr.journal import Journal
from ivr.kept_answers import keeper_in
from ivr.messages import Messages, Sounds
from ivr.messages.messages import PATH
from ivr.messages.playing import heard_again
from ivr.pages import Parts
from ivr.pages.register import register
from ivr.profiles import Profiles
from ivr.records.consents import ConsentLog
from ivr.records.messages import MessageBook
from ivr.records.takes import SqlTakeBook
from ivr.redis_links import Link, RedisAway, link
from ivr.settings import Settings
from ivr.studio import Studio
from ivr.switchboard import Switchboard
from ivr.telephony.apology import Apologies
from ivr.telephony.music import waiting_music
from ivr.telephony.signature import IsCarrier, carrier_check
from ivr.telephony.streaming import Streaming
from ivr.telephony.tickets import Tickets
from ivr.telephony.twiml import Writer, hint_list
from ivr.telephony.waiting import MUSIC, Waiting
from ivr.telephony.webhooks import VoiceParts, make_voice
from prompts import Catalogue, Voice
from prompts.takes import TakeFolder, Takes

Clock = Callable[[], datetime]

MOST_QUESTIONS = 2000
"""So many questions, each with its own phrases, are remembered with their hints."""
A_MOMENT = timedelta(seconds=5)
"""How long a change of the season may take to reach the understanding."""
A_BREATH = 1.0
"""Seconds after which a recording that another process published is played to the calls that begin here."""


def utc_now() -> datetime:
    """The one clock of the running program."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """Every part, made once for a process; nothing in it has opened a connection yet."""

    settings: Settings
    clock: Clock
    engine: Engine
    redis: Link
    booking: BookingService
    catalogue: Catalogue
    takes: Takes
    calls: CallStore
    journal: Journal
    tools: Tools
    switchboard: Switchboard
    room: WaitingRoom
    line: Line
    messages: Messages
    consents: Consents

    def voice_at(self, revision: int | None) -> Voice:
        """The voice with the recordings of this revision, or of now."""
        takes = self.takes if revision is None else self.takes.at(revision)
        return Voice(self.catalogue, takes, house=sections_by_name())


@lru_cache(maxsize=1)
def sections_by_name() -> prompts.House:
    """How the sections of every hall are spoken, for seats that lie in more than one of them."""
    sections = [section for hall in hall_ids() for section in read_hall(hall).sections]
    return prompts.House(names={section.id: dict(section.spoken) for section in sections})


@lru_cache(maxsize=1)
def wording() -> Catalogue:
    """What the house says, read once in the life of a process: it comes with the code."""
    return Catalogue.load()


def put_together(settings: Settings, clock: Clock = utc_now) -> House:
    """The house as the settings describe it."""
    engine, redis = engine_for(settings.database), link(settings.redis_url)
    booking, catalogue = BookingService(engine, clock), wording()
    takes = Takes(TakeFolder(settings.data / "takes"), SqlTakeBook(engine), clock, fresh_seconds=A_BREATH)
    line = Line(settings.carrier_url, settings.account_sid, settings.auth_token, settings.house_number)
    room = WaitingRoom(redis, clock)
    messages = _messages(settings, engine, booking, clock, line, room)
    consents = Consents(
        booking, ConsentLog(engine, clock), catalogue, partial(keeper_in, settings, clock), settings.keep_heard_days
    )
    tools = Tools(
        clerk=partial(booking.clerk, "phone", brief=True), understand=understand, programme=_Programme(booking, clock),
        flows=ALL_FLOWS, has_prompt=catalogue.__contains__, clock=clock,
        studio=Studio(engine, catalogue, takes, redis, clock, line), messages=messages, consents=consents,
        desk=partial(_how_the_desk_is, Duty(redis, clock, room)),
    )  # fmt: skip
    calls, journal = CallStore(redis), Journal(engine, clock, redis)
    return House(
        settings=settings, clock=clock, engine=engine, redis=redis, booking=booking, catalogue=catalogue, takes=takes,
        calls=calls, journal=journal, tools=tools, room=room, line=line,
        messages=messages, consents=consents,
        switchboard=Switchboard(
            calls, tools, journal, Profiles(booking), language=settings.language, studio_number=settings.studio_number
        ),
    )  # fmt: skip


def _messages(
    settings: Settings, engine: Engine, booking: BookingService, clock: Clock, line: Line, room: WaitingRoom
) -> Messages:
    """What callers leave; without an account at the carrier there is nothing to be fetched."""
    folder = Path(settings.messages_folder) if settings.messages_folder else settings.data / "messages"
    return Messages(
        MessageBook(engine, clock), Sounds(folder), booking, clock, days=settings.keep_messages_days,
        line=line if settings.account_sid else None, secret=settings.cookie_key, tell=partial(_told, room),
    )  # fmt: skip


def _told(room: WaitingRoom, what: str) -> None:
    """Open pages look again; without Redis they do so by themselves, a little later."""
    with suppress(RedisAway):
        room.tell(what)


def _how_the_desk_is(duty: Duty) -> str:
    """What the dialogue is told of the desk; without Redis it is told nothing."""
    try:
        return duty.condition()
    except RedisAway:
        return "unused"


def create_app(settings: Settings, house: House | None = None) -> Flask:
    """The web process: the carrier's webhooks, and the pages of agents and operators."""
    house = house or put_together(settings)
    app = Flask("ivr", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    is_carrier = carrier_check(settings.auth_token, settings.base_url)
    app.register_blueprint(make_voice(_voice_parts(house, is_carrier)))
    app.add_url_rule(MUSIC, "music", lambda: Response(waiting_music(), mimetype="audio/wav"))
    app.add_url_rule("/health", "health", lambda: Response("ok\n", mimetype="text/plain"))
    app.add_url_rule(f"{PATH}<path:address>", "heard_again", partial(heard_again, house.messages))
    register(app, _page_parts(house, is_carrier))
    return app


def warm_up(house: House) -> None:
    """Read halls, programme and grammars now, so that the first caller does not wait for them."""
    sections_by_name()
    try:
        programme = house.tools.programme()
    except (SQLAlchemyError, BookingError):
        return  # without a database there is nothing to warm up for
    today = house.clock().date()
    for language in sorted(house.catalogue.languages, key=lambda code: code != house.settings.language):
        vocabulary("main_menu", language=language, programme=programme)
        house.tools.understand("2", language=language, context="main_menu", programme=programme, today=today)
    house.booking.prepare()


def _voice_parts(house: House, is_carrier: IsCarrier) -> VoiceParts:
    settings = house.settings
    apologies = Apologies(settings.person_number, settings.language)
    streaming = Streaming(Tickets(house.redis), settings.media_url, settings.speech)
    hints = _Hints(house.tools.programme)
    writer = Writer(house.catalogue, house.voice_at, settings.base_url, hints, streaming.gathers_speech)
    keep = partial(_keep_seats, house)
    return VoiceParts(
        is_carrier=is_carrier, switchboard=house.switchboard, writer=writer, apologies=apologies,
        waiting=Waiting(house.room, writer, apologies, keep, settings.keep_messages_days > 0),
        recorded=partial(_recorded, house), takes_now=lambda: house.takes.revision,
        streaming=streaming,
        recording_address=partial(recording_address, settings.carrier_url, settings.account_sid),
    )  # fmt: skip


def _page_parts(house: House, is_carrier: IsCarrier) -> Parts:
    return Parts(
        engine=house.engine, redis=house.redis, clock=house.clock, secret_key=house.settings.cookie_key(),
        public_url=house.settings.base_url, is_carrier=is_carrier, booking=house.booking, catalogue=house.catalogue,
        voice=house.voice_at(None), journal=house.journal, calls=house.calls, takes=house.takes, flows=ALL_FLOWS,
        line=house.line, tools=house.tools, messages=house.messages, consents=house.consents,
    )  # fmt: skip


def _recorded(house: House, recording: str, kind: str, call: str, language: str, seconds: int) -> None:
    """A recording beside its call: whose it is, the call knows while it lasts, and the journal afterwards."""
    caller = (house.calls.load(call) or {}).get("caller", {})
    phone, customer = caller.get("phone", ""), caller.get("customer") or ""
    if not caller:
        house.journal.flush()  # the call may have ended a moment ago
        if record := house.journal.call(call):
            phone, customer = record.caller, record.customer
    house.messages.told(recording, kind, call, language, float(seconds), phone, customer)


def recording_address(carrier_url: str, account_sid: str, recording_sid: str) -> str:
    """Where the carrier keeps a recording (Twilio docs, Recordings resource)."""
    return f"{carrier_url.rstrip('/')}/2010-04-01/Accounts/{account_sid}/Recordings/{recording_sid}"


def _keep_seats(house: House, call_id: str) -> None:
    keep_seats(house.booking, call_id, house.clock())


class _Programme:
    """The understanding's programme, made anew only when booking's has changed; asked of the database now and then."""

    def __init__(self, booking: BookingService, clock: Clock) -> None:
        self._booking, self._clock = booking, clock
        self._known: tuple[datetime, tuple[Production, ...], Programme] | None = None

    def __call__(self) -> Programme:
        now, known = self._clock(), self._known
        if known and timedelta() <= now - known[0] < A_MOMENT:
            return known[2]
        productions = self._booking.programme()
        programme = known[2] if known and known[1] is productions else Programme.of(productions)
        self._known = (now, productions, programme)
        return programme


class _Hints:
    """The words the carrier's recogniser should expect: the very vocabulary of our own understanding."""

    def __init__(self, programme: Callable[[], Programme]) -> None:
        self._programme = programme
        self._known: Programme | None = None
        self._joined: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def __call__(self, listen: Listen, language: str) -> str:
        programme, asked = self._programme(), (listen.context, language, listen.phrases)
        if programme is not self._known or len(self._joined) > MOST_QUESTIONS:
            self._known, self._joined = programme, {}
        hints = self._joined.get(asked)
        if hints is None:
            known = vocabulary(listen.context, language=language, programme=programme)
            hints = self._joined[asked] = ",".join(hint_list((*listen.phrases, *known)))
        return hints
