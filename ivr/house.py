"""House: every part, made once for a process; `put_together` is the only place where they are put together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from sqlalchemy import Engine

import prompts
from booking import BookingService, Production, hall_ids, read_hall
from callflows import ALL_FLOWS, Tools
from callflows.understanding import Programme, understand
from ivr.callstore import CallStore
from ivr.consents import Consents
from ivr.database import engine_for
from ivr.desk import Line, WaitingRoom
from ivr.desk.duty import Duty
from ivr.journal import Journal
from ivr.messages import Messages, Sounds
from ivr.profiles import Profiles
from ivr.records.consents import ConsentLog
from ivr.records.messages import MessageBook
from ivr.records.takes import SqlTakeBook
from ivr.redis_links import Link, RedisAway, link
from ivr.settings import Settings
from ivr.speech.keeping import keeper_in
from ivr.studio import Studio
from ivr.switchboard import Switchboard
from prompts import Catalogue, Voice
from prompts.takes import TakeFolder, Takes

Clock = Callable[[], datetime]

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
