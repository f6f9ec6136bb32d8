"""Messages that callers leave, and what they answered when they were asked for a consent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_messages"
down_revision = "0004_takes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The sound lies in a folder; here is whose it is, and what became of it."""
    op.create_table(
        "messages",
        sa.Column("id", sa.String(34), primary_key=True),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("customer", sa.String(64), nullable=False),
        sa.Column("caller", sa.String(20), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("sound", sa.String(8), nullable=False),
        sa.Column("fetches", sa.Integer, nullable=False),
        sa.Column("fetch_after", sa.DateTime(timezone=True)),
        sa.Column("at_carrier", sa.Boolean, nullable=False),
        sa.Column("written", sa.String(8), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("engine", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("write_after", sa.DateTime(timezone=True)),
        sa.Column("taken_by", sa.String(60), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True)),
        sa.Column("called_by", sa.String(60), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True)),
        sa.Column("done_by", sa.String(60), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_messages_call", "messages", ["call"])
    op.create_index("messages_by_state", "messages", ["state", "recorded_at"])
    op.create_index("messages_by_caller", "messages", ["caller", "recorded_at"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("customer", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("wording", sa.String(20), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
    )
    op.create_index("consents_by_customer", "consents", ["customer", "purpose"])
    op.create_index("consents_by_answer", "consents", ["purpose", "answer", "at"])


def downgrade() -> None:
    """What callers said, and to what they agreed, is forgotten; with it falls the right to keep their answers."""
    op.drop_table("consents")
    op.drop_table("messages")
