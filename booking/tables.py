"""The tables of booking; they stay inside this package.

Times are whole microseconds since 1970 (UTC), money is whole cents, and what has no need to be searched is JSON.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is exactly INTEGER."""

seasons = Table(
    "booking_seasons",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("loaded_at", BigInteger, nullable=False),
)

productions = Table(
    "booking_productions",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("hall", String(8), nullable=False),
    Column("body", JSON, nullable=False),
)

performances = Table(
    "booking_performances",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("production", ForeignKey("booking_productions.id"), nullable=False, index=True),
    Column("starts_at", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
    Column("cancelled", Boolean, nullable=False, server_default=text("false")),
    Column("version", Integer, nullable=False),
)
"""`version` rises with every change (cancelled, allotment, quota); a hold names the version it was searched under."""

claims = Table(
    "booking_claims",
    metadata,
    Column("performance", String(80), primary_key=True),
    Column("seat", String(24), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("hold", String(16), index=True),
    Column("size", Integer, nullable=False),
    Column("holder", String(80), nullable=False),
    Column("lead", String(80)),
    Column("channel", String(24), nullable=False),
    Column("category", String(8), nullable=False),
    Column("tariff", String(24), nullable=False),
    Column("price", Integer, nullable=False),
    Column("held_since", BigInteger, nullable=False),
    Column("held_until", BigInteger),
    Column("reference", String(12)),
    UniqueConstraint("performance", "lead"),
    sqlite_with_rowid=False,
)
"""One row per (performance, seat) held, sold or blocked: the primary key is the one guard no code path can forget.

`lead` is the holder's name on the first seat of a hold and empty on the others, so that the second constraint says:
one holder, one hold per performance. `size` is the number of seats of the hold, so that a hold which lost one is known.
"""

ledger = Table(
    "booking_ledger",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    Column("request", String(120), nullable=False),
    Column("line", Integer, nullable=False),
    Column("fingerprint", String(40), nullable=False),
    Column("deed", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("channel", String(24), nullable=False),
    Column("holder", String(80), nullable=False),
    Column("about", String(16), nullable=False, index=True),
    Column("performance", String(80), nullable=False),
    Column("took", Text, nullable=False),
    Column("freed", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("held_until", BigInteger),
    Column("cents", Integer, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("request", "line"),
    Index("ix_booking_ledger_performance_no", "performance", "no"),
)
"""Append-only: every movement of seats and money, and, by the unique request, what each request was answered.

`about` is the hold, order or place on the waiting list it tells of.
"""

orders = Table(
    "booking_orders",
    metadata,
    Column("reference", String(12), primary_key=True),
    Column("customer", String(32), index=True),
    Column("channel", String(24), nullable=False),
    Column("holder", String(80), nullable=False),
    Column("collection", String(24), nullable=False),
    Column("reason", String(120), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("refunded", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

customers = Table(
    "booking_customers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("phone", String(24), unique=True),
    Column("name", String(120), nullable=False),
    Column("language", String(8), nullable=False),
    Column("email", String(200), nullable=False),
    Column("consent", JSON, nullable=False),
    Column("remembered", JSON, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

waiting = Table(
    "booking_waiting",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("performance", String(80), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("wish", JSON, nullable=False),
    Column("customer", String(32)),
    Column("channel", String(24), nullable=False),
    Column("holder", String(80), nullable=False),
    Column("state", String(12), nullable=False),
    Column("hold", String(16)),
    Column("offered_until", BigInteger),
    Column("asked_at", BigInteger, nullable=False),
    Index("ix_booking_waiting_performance_no", "performance", "no"),
)

allotments = Table(
    "booking_allotments",
    metadata,
    Column("performance", String(80), primary_key=True),
    Column("channel", String(24), primary_key=True),
    Column("seats", Text, nullable=False),
    Column("quota", Integer),
    Column("release_at", BigInteger, nullable=False),
)
"""A channel's own share of a performance until its release date: seats nobody else sells, or a most it may sell."""

distributors = Table(
    "booking_distributors",
    metadata,
    Column("channel", String(24), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
)
