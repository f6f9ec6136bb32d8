"""Takes of prompts, and the log of what was published when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_takes"
down_revision = "0003_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The sound itself lies in a folder; here is what it says, who spoke it, and when callers heard it."""
    op.create_table(
        "takes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("loudness", sa.Float, nullable=False),
        sa.Column("peak", sa.Float, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("recorded_by", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("takes_by_prompt", "takes", ["language", "key"])
    op.create_table(
        "take_publications",
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("take_id", sa.Integer, sa.ForeignKey("takes.id"), nullable=True),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("publications_by_prompt", "take_publications", ["language", "key", "revision"])


def downgrade() -> None:
    """Who recorded what is lost; the sound stays in its folder."""
    op.drop_table("take_publications")
    op.drop_table("takes")
