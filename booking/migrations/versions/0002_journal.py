"""The call journal: calls and turns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_journal"
down_revision = "0001_booking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables; a turn of a call is written once, which its key makes true."""
    op.create_table(
        "calls",
        sa.Column("call", sa.String(64), primary_key=True),
        sa.Column("customer", sa.String(64), nullable=False, index=True),
        sa.Column("caller", sa.String(20), nullable=False, index=True),
        sa.Column("called", sa.String(20), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.String(20), nullable=False),
    )
    op.create_index("calls_by_status", "calls", ["status"])
    op.create_table(
        "turns",
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(80), nullable=False),
        sa.Column("heard_by", sa.String(10), nullable=False),
        sa.Column("keys", sa.String(64), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("says", sa.JSON, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("then", sa.String(20), nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("milliseconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("call", "turn"),
    )


def downgrade() -> None:
    """Both go, and with them what was said."""
    op.drop_table("turns")
    op.drop_table("calls")
