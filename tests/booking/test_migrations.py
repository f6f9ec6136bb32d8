"""The history of the tables leads to the tables that the code knows."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from booking.migrations import upgrade
from booking.tables import metadata


def test_the_migrations_make_exactly_the_tables_of_the_code(engine):
    """`booking_` tables only: the same history makes the records' tables too."""
    with engine.connect() as connection:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name.startswith("booking_")}
        context = MigrationContext.configure(connection, opts={**ours, "target_metadata": metadata})
        differences = compare_metadata(context, metadata)

    assert differences == []


@pytest.mark.parametrize("times", [2])
def test_upgrading_again_is_harmless(engine, times):
    for _ in range(times):
        upgrade(engine)
