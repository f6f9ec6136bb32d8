"""Stopwatch: how long the product takes to answer, seen from the network."""

from __future__ import annotations

import time

from ivr.simulator.edge import Answer, Edge, Request
from ivr.simulator.overrides import Overrides


class Stopwatch:
    """An edge that notes the milliseconds of every answer, and every answer that is none."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self.milliseconds: list[float] = []
        self.errors: list[str] = []

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask, and look at the watch."""
        began = time.perf_counter()
        try:
            answer = await self._edge.send(request, patience)
        except Exception as error:
            self.errors.append(f"{type(error).__name__} {request.method} {request.url.partition('?')[0]}")
            raise
        if request.headers.get(
            "X-Twilio-Signature"
        ):  # sounds are fetched by the carrier's cache, not awaited by a turn
            seconds = time.perf_counter() - began if answer.seconds is None else answer.seconds
            self.milliseconds.append(seconds * 1000)
        if answer.status >= 400:
            self.errors.append(f"{answer.status} {request.method} {request.url.partition('?')[0]}")
        return answer

    def percentile(self, share: float) -> float:
        """The milliseconds under which this share of the answers came."""
        if not self.milliseconds:
            return 0.0
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
