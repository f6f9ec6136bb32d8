"""Many calls at once: a mix of callers arriving at a rate, and a report of how they fared."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ivr.simulator.actor import Played, act
from ivr.simulator.body import Body
from ivr.simulator.call import Call, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.ear import Ear
from ivr.simulator.mix import Kind, Mix
from ivr.simulator.stopwatch import Stopwatch
from ivr.simulator.voice import Voice

ARRIVE_AT_ONCE = 0.0


class Exchange(Protocol):
    """A carrier that callers can reach the product by, on real or on virtual time."""

    carrier: Carrier

    def webhook(self, language: str = "") -> Webhook:
        """Where the product's number leads."""

    def receive_at(self, from_: str, to: str, webhook: Webhook, body: Body) -> Call:
        """Somebody dials."""


@dataclass
class Progress:
    """Where a run stands now."""

    placed: int = 0
    live: int = 0
    most_at_once: int = 0
    over: list[Played] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """What came of a run, as plain numbers."""

    calls: int
    lost: int
    errors: tuple[str, ...]
    faults: tuple[str, ...]
    apologies: int
    most_at_once: int
    answers: int
    p50_ms: float
    p99_ms: float
    met: int
    contained: int
    queued: int
    by_kind: dict[str, dict[str, int]]

    @property
    def containment(self) -> float:
        """The share of calls whose need was met without a person."""
        return self.contained / self.calls if self.calls else 0.0


async def run(
    service: Exchange,
    mix: Mix,
    *,
    calls: int,
    rate: float,
    seed: int,
    tell: Callable[[Progress], object],
    voice: Voice | None = None,
) -> Report:
    """Place the calls (`rate` a second on the network's clock; 0 for all at once) and wait for the last to end.

    With a `voice` callers speak aloud into media streams; without one they only type and are understood by Gather.
    """
    stopwatch = Stopwatch(service.carrier.edge)
    service.carrier.edge = stopwatch
    chance = random.Random(seed)
    progress = Progress()
    tasks = []
    for number in range(calls):
        tasks.append(
            asyncio.ensure_future(_one(service, mix.choose(chance), random.Random(f"{seed}/{number}"), progress, voice))
        )
        tell(progress)
        if rate > ARRIVE_AT_ONCE:
            await asyncio.sleep(chance.expovariate(rate))
    waiting: set[asyncio.Future[Any]] = set(tasks)
    while waiting:
        _, waiting = await asyncio.wait(waiting, timeout=0.5 * getattr(service.carrier.loop, "speed", 1.0))
        tell(progress)
    await _callbacks(progress)
    return _report(mix, stopwatch, progress, service)


async def _one(service: Exchange, kind: Kind, chance: random.Random, progress: Progress, voice: Voice | None) -> None:
    number = f"+3361{chance.randrange(10**7):07d}"
    webhook = service.webhook(kind.language)
    call = service.receive_at(number, "+33189000000", webhook, Ear(service.carrier.durations))
    progress.placed += 1
    progress.live += 1
    progress.most_at_once = max(progress.most_at_once, progress.live)
    progress.over.append(await act(call, kind, chance, voice))
    progress.live -= 1


async def _callbacks(progress: Progress) -> None:
    """The last status callbacks are part of the calls: seats are let go by them."""
    told = {played.call.told for played in progress.over if played.call.told is not None}
    if told:
        await asyncio.wait(told)


def _report(mix: Mix, stopwatch: Stopwatch, progress: Progress, service: Exchange) -> Report:
    calls = progress.placed
    ended = [played for played in progress.over if played.call.ended_at is not None]
    faults = [str(fault) for played in ended for fault in played.call.faults]
    faults += [f"{type(error).__name__}: {error}" for error in service.carrier.crashes]
    return Report(
        calls,
        calls - len(ended),
        tuple(stopwatch.errors),
        tuple(faults),
        sum(_apologised(played.call, mix) for played in ended),
        progress.most_at_once,
        len(stopwatch.milliseconds),
        round(stopwatch.percentile(0.5), 1),
        round(stopwatch.percentile(0.99), 1),
        sum(played.met for played in ended),
        sum(played.contained for played in ended),
        sum(played.queued for played in ended),
        _by_kind(ended),
    )


def _apologised(call: Call, mix: Mix) -> bool:
    return mix.apology is not None and any(mix.apology.search(piece.text) for piece in call.heard)


def _by_kind(ended: list[Played]) -> dict[str, dict[str, int]]:
    kinds: dict[str, Counter[str]] = {}
    for played in ended:
        count = kinds.setdefault(played.kind, Counter())
        count.update(calls=1, met=int(played.met), queued=int(played.queued), gave_up=int(played.gave_up))
    return {name: dict(count) for name, count in sorted(kinds.items())}


def transcript(call: Call) -> str:
    """What was heard in a call, one line each, for a look at one that went wrong."""
    return "\n".join(f"{piece.at:8.1f}  {piece.heard}" for piece in call.heard)
