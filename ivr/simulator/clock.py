"""Two clocks for one network: virtual time that jumps from deed to deed, and real time (at any speed)."""

from __future__ import annotations

import asyncio
import selectors
from time import monotonic
from typing import Any


class NothingWillHappen(RuntimeError):
    """On the virtual clock every call waits for something, and no timer is running."""


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop whose clock jumps to the next timer: three minutes pass in milliseconds, always in the same order.

    It watches no sockets; whatever is asked of the world is asked in line, and takes no virtual time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        setattr(self, "_selector", self)  # noqa: B010  (asyncio's own hook: it asks `_selector.select` how long to wait)

    def time(self) -> float:
        """Virtual seconds since this clock began."""
        return self._now

    def select(self, timeout: float | None) -> list[Any]:
        """Instead of waiting, let the time have passed."""
        if timeout is None:
            raise NothingWillHappen
        self._now += timeout
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """There are no sockets, so there is nothing to process."""

    def _write_to_self(self) -> None:
        """There is no other thread to be woken from."""

    def __del__(self) -> None:
        """It holds nothing of the system's, so forgetting to close it harms nobody."""


class _Hurried(selectors.DefaultSelector):
    """Waits for sockets, but only for its share of the time asked for."""

    speed = 1.0

    def select(self, timeout: float | None = None) -> Any:
        return super().select(timeout if timeout is None else timeout / self.speed)


class RealLoop(asyncio.SelectorEventLoop):
    """Real time; `speed` 10 lets ten seconds of a call pass in one second of ours."""

    def __init__(self, speed: float = 1.0) -> None:
        selector = _Hurried()
        selector.speed = speed
        self.speed = speed
        self._began = monotonic()
        super().__init__(selector)

    def time(self) -> float:
        """Seconds of the network's time since it began."""
        return (monotonic() - self._began) * self.speed
