"""The tables of the call journal: one row a call, one row a turn."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Index, Integer, PrimaryKeyConstraint, String, Table

from ivr.records.tables import UtcDateTime, metadata

calls = Table(
    "calls",
    metadata,
    Column("call", String(64), primary_key=True),
    Column("customer", String(64), nullable=False, default="", index=True),
    Column("caller", String(20), nullable=False, default="", index=True),
    Column("called", String(20), nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("began_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    Column("status", String(20), nullable=False, default="open"),
    Index("calls_by_status", "status"),
)

turns = Table(
    "turns",
    metadata,
    Column("call", String(64), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("step", String(80), nullable=False),
    Column("heard_by", String(10), nullable=False),
    Column("keys", String(64), nullable=False, default=""),
    Column("words", String(2000), nullable=False, default=""),
    Column("confidence", Float),
    Column("says", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("then", String(20), nullable=False),
    Column("said", JSON, nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("milliseconds", Float, nullable=False),
    PrimaryKeyConstraint("call", "turn"),
)
