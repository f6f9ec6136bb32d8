"""Log lines that know their call and turn, with every telephone number shortened."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WHERE: ContextVar[tuple[str, str]] = ContextVar("where", default=("-", "-"))
_NUMBER = re.compile(r"(?<![0-9A-Za-z.:_-])(\+?[0-9]{2})[0-9]{5,11}([0-9]{3})(?![0-9A-Za-z_-])")
_FORMAT = "%(asctime)s %(levelname)s %(name)s call=%(call)s turn=%(turn)s %(message)s"


def shortened(text: str) -> str:
    """«+33612345678» as «+33…678»: enough to tell two callers apart, too little to ring them."""
    return _NUMBER.sub(r"\1…\2", text)


@contextmanager
def in_turn(call: str, turn: int | str = "-") -> Iterator[None]:
    """Every line written inside this block knows the call and the turn."""
    token = _WHERE.set((call, str(turn)))
    try:
        yield
    finally:
        _WHERE.reset(token)


class HouseFormatter(logging.Formatter):
    """One line of facts; numbers are shortened in the whole line, tracebacks included."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """The line, safe to keep."""
        record.call, record.turn = _WHERE.get()
        return shortened(super().format(record))


def set_up(level: str = "INFO") -> None:
    """Send every log line to standard error in the house's form."""
    stream = logging.StreamHandler()
    stream.setFormatter(HouseFormatter())
    root = logging.getLogger()
    root.handlers[:] = [stream]
    root.setLevel(level.upper())
    # The carrier's client logs whole requests, with numbers and tokens; Alembic says that it has nothing to do.
    for talkative in ("twilio", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
