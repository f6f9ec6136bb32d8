"""Messages that callers leave, and the names they say with them: which recordings, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ivr.records.calls import calls
from ivr.records.tables import UtcDateTime, metadata

DRAFT, LEFT, DROPPED = "draft", "left", "dropped"
"""Recorded and not yet confirmed; left for the house; the caller thought better of it."""
AWAITED, HERE, LOST, ERASED = "", "here", "lost", "erased"
"""The sound: to be fetched from the carrier; in our folder; not to be had; erased."""
UNWRITTEN, WRITTEN, NOTHING, NO_MODEL, FAILED = "", "written", "nothing", "no_model", "failed"
"""The transcript: still to come; there; nothing was understood; no model of its language; the decoder failed twice."""
LONGEST_CALL = timedelta(hours=2)
"""A draft so old was left: its call is over, whether we were told or not."""

messages = Table(
    "messages",
    metadata,
    Column("id", String(34), primary_key=True),
    Column("call", String(64), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("customer", String(64), nullable=False, default=""),
    Column("caller", String(20), nullable=False, default=""),
    Column("language", String(8), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("state", String(8), nullable=False),
    Column("sound", String(8), nullable=False, default=AWAITED),
    Column("fetches", Integer, nullable=False, default=0),
    Column("fetch_after", UtcDateTime),
    Column("at_carrier", Boolean, nullable=False, default=True),
    Column("written", String(8), nullable=False, default=UNWRITTEN),
    Column("words", Text, nullable=False, default=""),
    Column("confidence", Float),
    Column("engine", String(20), nullable=False, default=""),
    Column("tries", Integer, nullable=False, default=0),
    Column("write_after", UtcDateTime),
    Column("taken_by", String(60), nullable=False, default=""),
    Column("taken_at", UtcDateTime),
    Column("called_by", String(60), nullable=False, default=""),
    Column("called_at", UtcDateTime),
    Column("done_by", String(60), nullable=False, default=""),
    Column("done_at", UtcDateTime),
    Index("messages_by_state", "state", "recorded_at"),
    Index("messages_by_caller", "caller", "recorded_at"),
)


@dataclass(frozen=True)
class Message:
    """One recording: `kind` is «message» or «name»; `id` is the carrier's name of the recording."""

    id: str
    call: str
    kind: str
    customer: str
    caller: str
    language: str
    recorded_at: datetime
    seconds: float
    state: str
    sound: str
    fetches: int
    fetch_after: datetime | None
    at_carrier: bool
    written: str
    words: str
    confidence: float | None
    engine: str
    tries: int
    write_after: datetime | None
    taken_by: str
    taken_at: datetime | None
    called_by: str
    called_at: datetime | None
    done_by: str
    done_at: datetime | None


class MessageBook:
    """The book of messages in the database; any thread, any process."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    # -- while the caller is there ---------------------------------------------------------------------------------

    def note(self, recording: str, **about: Any) -> bool:
        """Write a recording down as a draft; True when nobody had done so yet. What is known stays as it was."""
        line = {"id": recording, "recorded_at": self._clock(), "state": DRAFT, "seconds": 0.0, **about}
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        once = dialect.insert(messages).values(line).on_conflict_do_nothing().returning(messages.c.id)
        with self._engine.begin() as connection:
            return connection.execute(once).first() is not None

    def drop_drafts(self, call: str, kind: str, but: str = "") -> None:
        """Recorded anew: the drafts before it are dropped; what was left is left."""
        c = messages.c
        which = (c.call == call) & (c.kind == kind) & (c.state == DRAFT) & (c.id != but)
        self._update(which, state=DROPPED)

    def settle(self, recording: str, state: str) -> None:
        """The caller has decided: LEFT or DROPPED."""
        self._update((messages.c.id == recording) & (messages.c.state == DRAFT), state=state)

    def nothing_said(self, recording: str) -> None:
        """The carrier has found nothing but silence in it."""
        self._update((messages.c.id == recording) & (messages.c.sound == AWAITED), state=DROPPED)

    def settle_the_abandoned(self) -> int:
        """Whoever hung up without dropping her recording has left it; how many. A name without a message is dropped."""
        over = exists().where((calls.c.call == messages.c.call) & calls.c.ended_at.is_not(None))
        old = messages.c.recorded_at < self._clock() - LONGEST_CALL
        other = messages.alias()
        left = (other.c.kind == "message") & (other.c.state != DROPPED)
        with_it = exists().where((other.c.call == messages.c.call) & left)
        is_draft = (messages.c.state == DRAFT) & (over | old)
        self._update(is_draft & (messages.c.kind == "name") & ~with_it, state=DROPPED)
        return self._update(is_draft, state=LEFT)

    def count(self, *, call: str = "", caller: str = "", since: datetime | None = None) -> int:
        """How many messages of one call, or of one number, since then."""
        c = messages.c
        wanted = [c.kind == "message", c.state != DROPPED]
        wanted += [c.call == call] if call else []
        wanted += [c.caller == caller] if caller else []
        wanted += [c.recorded_at >= since] if since else []
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).where(and_(*wanted))).scalar_one())

    # -- what the desk reads ---------------------------------------------------------------------------------------

    def get(self, recording: str) -> Message | None:
        """One recording, or None."""
        return next(iter(self._read(messages.c.id == recording, 1)), None)

    def left(self, *, done: bool = False, limit: int = 200) -> tuple[Message, ...]:
        """Messages for the house: those to be dealt with, oldest first; or those done, the latest first."""
        is_done = messages.c.done_at.is_not(None) if done else messages.c.done_at.is_(None)
        order = messages.c.done_at.desc() if done else messages.c.recorded_at
        return self._read((messages.c.kind == "message") & (messages.c.state == LEFT) & is_done, limit, order)

    def waiting(self) -> int:
        """How many messages nobody has dealt with."""
        c = messages.c
        which = (c.kind == "message") & (c.state == LEFT) & c.done_at.is_(None)
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).where(which)).scalar_one())

    def names_of(self, calls: Collection[str]) -> dict[str, Message]:
        """The name that was said in each of these calls, the latest one."""
        c = messages.c
        which = c.call.in_(calls) & (c.kind == "name") & (c.state != DROPPED)
        return {name.call: name for name in self._read(which, None)} if calls else {}

    def mark(self, recording: str, who: str, deed: str) -> bool:
        """«take», «give_back», «done», «undo», «called», by an agent; False if another agent was quicker."""
        c, now = messages.c, self._clock()
        hers = (c.taken_by == "") | (c.taken_by == who)
        deeds: dict[str, tuple[ColumnElement[bool], dict[str, Any]]] = {
            "take": ((c.taken_by == "") & c.done_at.is_(None), {"taken_by": who, "taken_at": now}),
            "give_back": (c.taken_by == who, {"taken_by": "", "taken_at": None}),
            "called": (hers & c.done_at.is_(None), {"called_by": who, "called_at": now}),
            "done": (hers & c.done_at.is_(None), {"done_by": who, "done_at": now}),
            "undo": (c.done_at.is_not(None), {"done_by": "", "done_at": None}),
        }
        allowed, new = deeds[deed]
        return self._update((c.id == recording) & (c.state == LEFT) & allowed, **new) == 1

    # -- what housekeeping does ------------------------------------------------------------------------------------

    def to_fetch(self, limit: int) -> tuple[Message, ...]:
        """Recordings whose sound we want and may ask for now."""
        c = messages.c
        now_due = or_(c.fetch_after.is_(None), c.fetch_after <= self._clock())
        return self._read((c.state != DROPPED) & (c.sound == AWAITED) & now_due, limit)

    def fetched(self, recording: str, seconds: float) -> None:
        """Its sound lies in our folder."""
        self._update(messages.c.id == recording, sound=HERE, seconds=seconds)

    def not_fetched(self, recording: str, again_after: datetime | None) -> None:
        """Not there yet; None: it never will be."""
        new = {"fetch_after": again_after} if again_after else {"sound": LOST}
        self._update(messages.c.id == recording, fetches=messages.c.fetches + 1, **new)

    def to_write(self, heard: Iterable[str], limit: int) -> tuple[Message, ...]:
        """Recordings to be transcribed; those that lacked a model too, if their language is `heard` now."""
        c = messages.c
        free = or_(c.write_after.is_(None), c.write_after <= self._clock())
        waits = (c.written == UNWRITTEN) | ((c.written == NO_MODEL) & c.language.in_(list(heard)))
        return self._read((c.state != DROPPED) & (c.sound == HERE) & waits & free, limit)

    def claim_writing(self, recording: str, tries: int, until: datetime) -> bool:
        """Begin a try, counted before it is made: a crash counts too. False if another worker was quicker."""
        which = (messages.c.id == recording) & (messages.c.tries == tries)
        return self._update(which, tries=tries + 1, write_after=until) == 1

    def wrote(self, recording: str, how: str, **what: Any) -> None:
        """What came of it: `how` is WRITTEN, NOTHING, NO_MODEL or FAILED; `what` may be words, confidence, engine."""
        new: dict[str, Any] = {"written": how, "write_after": None, **what}
        self._update((messages.c.id == recording) & (messages.c.sound != ERASED), **new)

    def unclaim_writing(self, recording: str) -> None:
        """The worker left in the middle, in good order: it was no try."""
        self._update(messages.c.id == recording, tries=messages.c.tries - 1, write_after=None)

    def write_again(self, recording: str) -> None:
        """This try failed; the next round makes another."""
        self._update(messages.c.id == recording, write_after=None)

    def gone_astray(self, recording: str) -> None:
        """The sound is not where it was kept: it is fetched once more, while the carrier has it."""
        self._update(messages.c.id == recording, sound=AWAITED, fetch_after=None, write_after=None)

    def write_anew(self, *engines: str) -> int:
        """Let what was not transcribed, or only by one of these engines, be tried again; how many."""
        c = messages.c
        poor = c.written.in_([NO_MODEL, FAILED]) | ((c.written != UNWRITTEN) & c.engine.in_(engines))
        return self._update((c.sound == HERE) & poor, written=UNWRITTEN, tries=0, write_after=None)

    def how_written(self) -> dict[tuple[str, str], int]:
        """How many recordings there are of each language and state of writing (see `written`)."""
        c = messages.c
        query = select(c.language, c.written, func.count()).where(c.state != DROPPED).group_by(c.language, c.written)
        with self._engine.connect() as connection:
            return {(language, written): count for language, written, count in connection.execute(query)}

    def to_erase(self, before: datetime, limit: int) -> tuple[Message, ...]:
        """Recordings that were dropped, or are older than that, and are still somewhere."""
        c = messages.c
        somewhere = (c.at_carrier.is_(True) & or_(c.fetch_after.is_(None), c.fetch_after <= self._clock())) | (
            c.sound == HERE
        )
        return self._read(((c.state == DROPPED) | (c.recorded_at < before)) & somewhere, limit)

    def of_person(self, customer: str, caller: str) -> tuple[Message, ...]:
        """All recordings, messages and names, of a customer or her number."""
        c = messages.c
        return self._read((c.customer == customer) | ((c.caller == caller) & (c.caller != "")), None)

    def erased_here(self, recording: str) -> None:
        """Neither sound nor words are kept any more; that there was a message is, until the carrier's copy is gone."""
        nobody = {"customer": "", "caller": "", "words": "", "confidence": None}
        self._update(messages.c.id == recording, state=DROPPED, sound=ERASED, **nobody)

    def erased_there(self, recording: str) -> None:
        """The carrier has no copy any more."""
        self._update(messages.c.id == recording, at_carrier=False)

    def not_erased_there(self, recording: str, again_after: datetime) -> None:
        """The carrier did not answer: ask again then."""
        self._update(messages.c.id == recording, fetch_after=again_after)

    def forget_before(self, before: datetime) -> int:
        """Lines of recordings that are nowhere any more; how many."""
        c = messages.c
        gone = (c.recorded_at < before) & c.at_carrier.is_(False) & (c.sound != HERE)
        with self._engine.begin() as connection:
            return connection.execute(delete(messages).where(gone)).rowcount

    # -- how -------------------------------------------------------------------------------------------------------

    def _read(
        self, which: ColumnElement[bool], limit: int | None, order: Any = messages.c.recorded_at
    ) -> tuple[Message, ...]:
        query = select(messages).where(which).order_by(order, messages.c.id).limit(limit)
        with self._engine.connect() as connection:
            return tuple(_message(row) for row in connection.execute(query))

    def _update(self, which: ColumnElement[bool], **new: Any) -> int:
        with self._engine.begin() as connection:
            return _changed(connection, which, new)


def _changed(connection: Connection, which: ColumnElement[bool], new: dict[str, Any]) -> int:
    return int(connection.execute(update(messages).where(which).values(**new)).rowcount)


def _message(row: Row[Any]) -> Message:
    return Message(**row._asdict())
