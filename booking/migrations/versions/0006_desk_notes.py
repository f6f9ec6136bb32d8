"""Notes that agents write about customers and calls, and what came of each call they served."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_desk_notes"
down_revision = "0005_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; a note is written once, which its request makes true."""
    op.create_table(
        "desk_notes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("request", sa.String(120), nullable=False, unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(60), nullable=False),
        sa.Column("customer", sa.String(64), nullable=False, index=True),
        sa.Column("call", sa.String(64), nullable=False, index=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
    )


def downgrade() -> None:
    """The notes go."""
    op.drop_table("desk_notes")
