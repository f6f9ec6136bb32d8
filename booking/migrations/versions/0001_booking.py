"""Booking's tables: season, claims, ledger, orders, customers, waiting list, allotments, distributors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_booking"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "booking_allotments",
        sa.Column("performance", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("seats", sa.Text(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("performance", "channel", name=op.f("pk_booking_allotments")),
    )
    op.create_table(
        "booking_claims",
        sa.Column("performance", sa.String(length=80), nullable=False),
        sa.Column("seat", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("hold", sa.String(length=16), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.String(length=80), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("tariff", sa.String(length=24), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("held_since", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("performance", "seat", name=op.f("pk_booking_claims")),
        sa.UniqueConstraint("performance", "lead", name=op.f("uq_booking_claims_performance_lead")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_booking_claims_hold"), "booking_claims", ["hold"], unique=False)
    op.create_table(
        "booking_customers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=24), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=False),
        sa.Column("remembered", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_customers")),
        sa.UniqueConstraint("phone", name=op.f("uq_booking_customers_phone")),
    )
    op.create_table(
        "booking_distributors",
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_booking_distributors")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_booking_distributors_key_hash")),
    )
    op.create_table(
        "booking_ledger",
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("request", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("performance", sa.String(length=80), nullable=False),
        sa.Column("took", sa.Text(), nullable=False),
        sa.Column("freed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_booking_ledger")),
        sa.UniqueConstraint("request", "line", name=op.f("uq_booking_ledger_request_line")),
    )
    op.create_index(op.f("ix_booking_ledger_about"), "booking_ledger", ["about"], unique=False)
    op.create_index("ix_booking_ledger_performance_no", "booking_ledger", ["performance", "no"], unique=False)
    op.create_table(
        "booking_orders",
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("customer", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("collection", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_booking_orders")),
    )
    op.create_index(op.f("ix_booking_orders_customer"), "booking_orders", ["customer"], unique=False)
    op.create_table(
        "booking_productions",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hall", sa.String(length=8), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_productions")),
    )
    op.create_table(
        "booking_seasons",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_seasons")),
    )
    op.create_table(
        "booking_waiting",
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("performance", sa.String(length=80), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("customer", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("hold", sa.String(length=16), nullable=True),
        sa.Column("offered_until", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_booking_waiting")),
        sa.UniqueConstraint("id", name=op.f("uq_booking_waiting_id")),
    )
    op.create_index("ix_booking_waiting_performance_no", "booking_waiting", ["performance", "no"], unique=False)
    op.create_table(
        "booking_performances",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("production", sa.String(length=60), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["production"], ["booking_productions.id"], name=op.f("fk_booking_performances_production")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_performances")),
    )
    op.create_index(op.f("ix_booking_performances_production"), "booking_performances", ["production"], unique=False)


def downgrade() -> None:
    """Back to nothing: everything sold is forgotten."""
    for table in [
        "booking_performances",
        "booking_waiting",
        "booking_seasons",
        "booking_productions",
        "booking_orders",
        "booking_ledger",
        "booking_distributors",
        "booking_customers",
        "booking_claims",
        "booking_allotments",
    ]:
        op.drop_table(table)
