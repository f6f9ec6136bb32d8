"""Network: a carrier on its own virtual clock, with as many lines as one likes; the door for tests and commands."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from ivr.simulator.body import CONVENTION, Durations
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import VirtualLoop
from ivr.simulator.clumsy import Twice
from ivr.simulator.credentials import AUTH_TOKEN
from ivr.simulator.edge import edge_for
from ivr.simulator.sockets import Socket, SocketClosed
from ivr.simulator.streams import Stream

T = TypeVar("T")


class Network:
    """A small carrier in this process: nothing listens, time is virtual, every call runs when somebody waits for it.

    `http` is where requests go: None for real HTTP, a WSGI application (or Flask test client) called directly, a
    `requests.Session`, or an Edge. `twice` makes every delivery twice; `seed` makes identifiers repeatable.
    """

    def __init__(
        self,
        base_url: str,
        *,
        auth_token: str = AUTH_TOKEN,
        http: Any = None,
        twice: bool = False,
        strict: bool = True,
        seed: str | None = None,
        durations: Durations = CONVENTION,
        **more: Any,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.loop = VirtualLoop()
        edge = edge_for(http, in_threads=False)
        more.setdefault("open_socket", _no_socket)
        self.carrier = Carrier(
            self.loop,
            Twice(edge) if twice else edge,
            auth_token=auth_token,
            strict=strict,
            seed=seed,
            durations=durations,
            **more,
        )

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        """Let the clock run until this is done; a BadTwiml of any call on the way is raised here."""
        result = self.loop.run_until_complete(deed)
        self.complain()
        return result

    def complain(self) -> None:
        """Raise the first thing that went wrong inside a call."""
        if self.carrier.crashes:
            raise self.carrier.crashes.pop(0)

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.run(asyncio.sleep(seconds))

    def close(self) -> None:
        """Hang up everything, and stop the clock."""
        if not self.loop.is_closed():
            self.loop.run_until_complete(self.carrier.close())
            self.loop.close()

    def __enter__(self) -> Network:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


async def _no_socket(stream: Stream) -> Socket:
    """Real sockets need real time: on the virtual clock a stream fails, and the document goes on behind it."""
    raise SocketClosed("no sockets on the virtual clock")
