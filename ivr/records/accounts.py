"""Agents, operators and supervisors: their accounts, and the log of what they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Engine, Integer, Row, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from ivr.records.tables import UtcDateTime, metadata

ROLES = ("agent", "operator", "supervisor")
FIRST_NUMBER = 100
"""Account numbers have three digits, so that they can be keyed in on a telephone without a pause."""

staff_accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("language", String(8), nullable=False, default="fr"),
    Column("phone", String(20), nullable=False, default=""),
    Column("password_hash", String(200), nullable=False, default=""),
    Column("pin_hash", String(200), nullable=False, default=""),
    Column("generation", Integer, nullable=False, default=1),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", UtcDateTime, nullable=False),
)

staff_audit = Table(
    "staff_audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("who", String(60), nullable=False, index=True),
    Column("did", String(40), nullable=False),
    Column("what", String(120), nullable=False, default=""),
    Column("facts", JSON, nullable=False, default=dict),
)


class NameTaken(Exception):
    """Another account has this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnknownAccount(Exception):
    """There is no account with this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Account:
    """Somebody who works with us: `generation` grows when every open session of hers must end."""

    id: int
    name: str
    role: str
    language: str
    phone: str
    password_hash: str
    pin_hash: str
    generation: int
    active: bool

    @property
    def number(self) -> str:
        """Three digits that stand before the PIN on the telephone."""
        return str(FIRST_NUMBER + self.id - 1)

    def may(self, *roles: str) -> bool:
        """A supervisor may everything; others what their role allows."""
        return self.active and (self.role == "supervisor" or self.role in roles)


class Accounts:
    """The accounts in the database; hashes come in ready made."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def add(self, name: str, role: str, **fields: Any) -> Account:
        """A new account; raises NameTaken."""
        row = {"name": name, "role": role, "created_at": self._clock(), **fields}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(staff_accounts).values(row))
        except IntegrityError as error:
            raise NameTaken(name) from error
        return self.named(name)

    def change(self, name: str, **fields: Any) -> Account:
        """Change an account; every open session of hers ends. Raises UnknownAccount."""
        values = {**fields, "generation": staff_accounts.c.generation + 1}
        with self._engine.begin() as connection:
            done = connection.execute(update(staff_accounts).where(staff_accounts.c.name == name).values(values))
        if not done.rowcount:
            raise UnknownAccount(name)
        return self.named(name)

    def set_phone(self, name: str, phone: str) -> None:
        """The telephone to ring; open sessions go on."""
        with self._engine.begin() as connection:
            connection.execute(update(staff_accounts).where(staff_accounts.c.name == name).values(phone=phone))

    def named(self, name: str) -> Account:
        """The account with this name; raises UnknownAccount."""
        found = self._one(staff_accounts.c.name == name)
        if found is None:
            raise UnknownAccount(name)
        return found

    def numbered(self, number: str) -> Account | None:
        """The account with this three-digit number, as keyed in on a telephone."""
        return self._one(staff_accounts.c.id == int(number) - FIRST_NUMBER + 1) if number.isascii() else None

    def with_id(self, account_id: int) -> Account | None:
        """The account with this id."""
        return self._one(staff_accounts.c.id == account_id)

    def all(self) -> tuple[Account, ...]:
        """Everybody, by name."""
        with self._engine.connect() as connection:
            return tuple(map(_account, connection.execute(select(staff_accounts).order_by(staff_accounts.c.name))))

    def _one(self, condition: Any) -> Account | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(staff_accounts).where(condition)).first()
        return _account(row) if row else None


@dataclass(frozen=True)
class Deed:
    """One line of the log: who did what to what, with facts and no personal data of callers."""

    at: datetime
    who: str
    did: str
    what: str
    facts: dict[str, Any]


class StaffAudit:
    """The one log of what agents and operators did; lines are added, never changed."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def note(self, who: str, did: str, what: str = "", **facts: Any) -> None:
        """Write one line."""
        line = {"at": self._clock(), "who": who[:60], "did": did, "what": what[:120], "facts": facts}
        with self._engine.begin() as connection:
            connection.execute(insert(staff_audit).values(line))

    def latest(self, count: int = 200) -> tuple[Deed, ...]:
        """The last lines, newest first."""
        rows = select(staff_audit).order_by(staff_audit.c.id.desc()).limit(count)
        with self._engine.connect() as connection:
            return tuple(Deed(row.at, row.who, row.did, row.what, row.facts) for row in connection.execute(rows))


def _account(row: Row[Any]) -> Account:
    """A row as it leaves this file."""
    return Account(
        row.id, row.name, row.role, row.language, row.phone, row.password_hash, row.pin_hash, row.generation, row.active
    )
