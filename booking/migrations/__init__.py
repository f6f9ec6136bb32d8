"""The one history of all tables, booking's and the records'; run it with `souffleur booking upgrade`."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision (the newest); harmless when it is there already."""
    config = Config()
    config.set_main_option("script_location", "booking:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
