"""A statement in the driver's own words: nothing about it is worked out anew each time it is executed."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CursorResult

from booking.store.transactions import Transaction

_NAME = re.compile(r"(?<![:\w]):([a-z]\w*)")


class Statement:
    """SQL with its values as `:name`; for what is asked in every call, at a third of the cost of `text`."""

    def __init__(self, sql: str) -> None:
        self.sql, self._postgresql = sql, _NAME.sub(r"%(\1)s", sql)

    def __call__(self, tx: Transaction, values: dict[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        """Execute it with these values."""
        return tx.exec_driver_sql(self.sql if tx.dialect.name == "sqlite" else self._postgresql, values)
