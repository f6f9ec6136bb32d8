"""The number of each prompt on the operators' telephone: given once, never changed, never given again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Engine, Integer, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from ivr.records.tables import metadata

FIRST = 101
_TRIES = 5

prompt_numbers = Table(
    "prompt_numbers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", String(120), nullable=False, unique=True),
)


class PromptNumbers:
    """Numbers in the database, so that the studio's page and the telephone agree for ever."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, keys: Iterable[str]) -> dict[str, int]:
        """The number of each key; keys seen for the first time get the next ones, in this order."""
        wanted = list(dict.fromkeys(keys))
        for _ in range(_TRIES):
            known = self._known()
            missing = [key for key in wanted if key not in known]
            if not missing or self._give(missing, max(known.values(), default=FIRST - 1) + 1):
                break
        known = self._known()
        return {key: known[key] for key in wanted}

    def key(self, number: int) -> str | None:
        """The key with this number."""
        with self._engine.connect() as connection:
            return connection.execute(select(prompt_numbers.c.key).where(prompt_numbers.c.number == number)).scalar()

    def _known(self) -> dict[str, int]:
        with self._engine.connect() as connection:
            return {row.key: row.number for row in connection.execute(select(prompt_numbers))}

    def _give(self, keys: list[str], first: int) -> bool:
        """False when somebody else gave the same numbers at the same moment."""
        rows = [{"key": key, "number": first + place} for place, key in enumerate(keys)]
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(prompt_numbers), rows)
        except IntegrityError:
            return False
        return True
