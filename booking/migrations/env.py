"""How Alembic runs here: on the connection it is handed, comparing with the metadata it is handed."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData

from booking.tables import metadata as booking_metadata

# `config.attributes["metadata"]` may add other packages' tables (ivr.records), which booking itself must not import.
_metadata: list[MetaData] = [booking_metadata, *context.config.attributes.get("metadata", ())]

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=_metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    version_table="souffleur_version",
)
with context.begin_transaction():
    context.run_migrations()
