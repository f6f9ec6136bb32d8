"""Rushed: the network without a wait: a virtual clock, one request at a time, the same again for the same seed."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from ivr.simulator.body import READ_ALOUD, Body, Durations
from ivr.simulator.call import Call, StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import VirtualLoop
from ivr.simulator.clumsy import Chances, Clumsy
from ivr.simulator.credentials import AUTH_TOKEN
from ivr.simulator.edge import edge_for

T = TypeVar("T")


class Rushed:
    """A carrier in front of a product, as fast as the product answers.

    Nothing listens, so the product cannot ask it anything by REST, and streams find no socket. With `seed` every byte
    that is sent is the same in every run, as long as the product answers the same.
    """

    def __init__(
        self,
        product_url: str,
        *,
        http: Any = None,
        seed: str = "rushed",
        auth_token: str = AUTH_TOKEN,
        clumsy: str | None = None,
        chances: Chances | None = None,
        durations: Durations = READ_ALOUD,
    ) -> None:
        self.product_url = product_url.rstrip("/")
        self.loop = VirtualLoop()
        edge = edge_for(http, in_threads=False)
        self.clumsy = Clumsy(edge, clumsy, chances) if clumsy is not None else None
        self.carrier = Carrier(self.loop, self.clumsy or edge, auth_token=auth_token, seed=seed, durations=durations)

    def webhook(self, language: str = "") -> Webhook:
        """The product's number as it would be configured at a carrier."""
        query = f"?language={language}" if language else ""
        return Webhook(
            f"{self.product_url}/voice/incoming{query}", fallback_url=f"{self.product_url}/voice/again{query}"
        )

    def receive_at(self, from_: str, to: str, webhook: Webhook, body: Body) -> Call:
        """Somebody dials the product; a clumsy network may hang up on them at any moment."""
        status_to = StatusTo(f"{self.product_url}/voice/ended")
        call = self.carrier.receive(from_, to, webhook, body, status_to)
        suddenly = self.clumsy.hangs_up_after(from_) if self.clumsy else None
        if suddenly is not None:
            self.loop.call_later(suddenly, call.hang_up)
        return call

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        """Let the clock run until this is done."""
        return self.loop.run_until_complete(deed)

    def __enter__(self) -> Rushed:
        return self

    def __exit__(self, *exception: object) -> None:
        self.loop.run_until_complete(self.carrier.close())
        self.loop.close()
