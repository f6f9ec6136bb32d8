"""Queues under random arrivals, against Erlang C (A. K. Erlang 1917; figures of the reference table)."""

from __future__ import annotations

import asyncio
import heapq
import random
from math import factorial

import pytest

from ivr.simulator.body import Silent
from ivr.simulator.call import StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import VirtualLoop
from ivr.simulator.edge import PagesEdge

CALLERS = 300

TABLE = [  # calls an hour, mean talk in seconds, agents, share that waits, mean wait in seconds
    (60, 300, 8, 0.1673, 16.73),
    (100, 180, 8, 0.1673, 10.04),
    (100, 360, 14, 0.1741, 15.67),
    (240, 300, 25, 0.2091, 12.55),
    (600, 240, 46, 0.2658, 10.63),
]


def erlang_c(erlangs: float, agents: int) -> float:
    """The share of callers who wait."""
    busy = erlangs**agents / factorial(agents) * agents / (agents - erlangs)
    return busy / (sum(erlangs**n / factorial(n) for n in range(agents)) + busy)


class Traffic:
    """Poisson arrivals and exponential talks, drawn apart, so that two queues can be given the very same ones."""

    def __init__(self, per_hour: float, talk: float, seed: int) -> None:
        self._arrivals, self._talks = random.Random(f"{seed} arrivals"), random.Random(f"{seed} talks")
        self._rate, self._talk = per_hour / 3600, talk

    def until_next(self) -> float:
        return self._arrivals.expovariate(self._rate)

    def talk(self) -> float:
        return self._talks.expovariate(1 / self._talk)


def waits_by_recursion(traffic: Traffic, agents: int, callers: int) -> list[float]:
    """The waits without any network: each caller takes the agent who is free first (Kiefer and Wolfowitz 1955)."""
    free, now, waits = [0.0] * agents, 0.0, []
    for _ in range(callers):
        begins = max(now, heapq.heappop(free))
        waits.append(begins - now)
        heapq.heappush(free, begins + traffic.talk())
        now += traffic.until_next()
    return waits


def waits_on_the_network(traffic: Traffic, agents: int, callers: int) -> list[float]:
    """The waits of the same callers in a queue of the network."""
    loop = VirtualLoop()
    carrier = Carrier(loop, PagesEdge({}), seed="erlang")
    waits = loop.run_until_complete(_a_day(carrier, traffic, agents, callers))
    loop.run_until_complete(carrier.close())
    loop.close()
    return waits


async def _a_day(carrier: Carrier, traffic: Traffic, agents: int, callers: int) -> list[float]:
    waits: list[float] = []
    queue = carrier.queue_named("conseillers")
    queue.most = callers

    async def agent() -> None:
        while True:
            member = await queue.take()
            waits.append(member.waited)
            await asyncio.sleep(traffic.talk())
            member.call.hang_up()

    working = [asyncio.ensure_future(agent()) for _ in range(agents)]
    twiml = Webhook(twiml='<Response><Enqueue waitUrl="">conseillers</Enqueue></Response>')
    for number in range(callers):
        carrier.receive(f"+336{number:08d}", "+33189000000", twiml, Silent(), StatusTo())
        await asyncio.sleep(traffic.until_next())
    while len(waits) < callers:
        await asyncio.sleep(60)
    for task in working:
        task.cancel()
    return waits


@pytest.mark.parametrize(("per_hour", "talk", "agents", "share", "mean"), TABLE)
def test_the_reference_table_is_erlangs_formula(per_hour, talk, agents, share, mean):
    erlangs = per_hour * talk / 3600

    assert erlang_c(erlangs, agents) == pytest.approx(share, abs=0.0001)
    assert erlang_c(erlangs, agents) * talk / (agents - erlangs) == pytest.approx(mean, abs=0.01)


@pytest.mark.parametrize(("per_hour", "talk", "agents", "share", "mean"), TABLE)
def test_every_caller_waits_exactly_as_long_as_the_recursion_says(per_hour, talk, agents, share, mean):
    """No statistics: the same arrivals and talks, caller by caller."""
    by_recursion = waits_by_recursion(Traffic(per_hour, talk, 1917), agents, CALLERS)

    assert waits_on_the_network(Traffic(per_hour, talk, 1917), agents, CALLERS) == pytest.approx(by_recursion, abs=1e-6)


@pytest.mark.parametrize(("per_hour", "talk", "agents", "share", "mean"), TABLE)
def test_the_recursion_waits_as_erlang_says(per_hour, talk, agents, share, mean):
    """Over independent days, within four standard errors: so the network does, too, by the test above."""
    days = [waits_by_recursion(Traffic(per_hour, talk, day), agents, 2500)[500:] for day in range(60)]

    assert within(share, [sum(wait > 0 for wait in day) / len(day) for day in days])
    assert within(mean, [sum(day) / len(day) for day in days])


def test_the_control_one_agent_fewer_is_noticed():
    """The control: were the network to forget an agent, both comparisons would fail."""
    per_hour, talk, agents, share, _ = TABLE[1]
    by_recursion = waits_by_recursion(Traffic(per_hour, talk, 1917), agents, CALLERS)
    days = [waits_by_recursion(Traffic(per_hour, talk, day), agents - 1, 2500)[500:] for day in range(60)]

    assert waits_on_the_network(Traffic(per_hour, talk, 1917), agents - 1, CALLERS) != pytest.approx(
        by_recursion, abs=1
    )
    assert not within(share, [sum(wait > 0 for wait in day) / len(day) for day in days])


def within(expected: float, days: list[float]) -> bool:
    """Is the mean over the days within four standard errors of what was expected?"""
    middle = sum(days) / len(days)
    error = (sum((day - middle) ** 2 for day in days) / (len(days) - 1) / len(days)) ** 0.5
    return abs(middle - expected) < 4 * error
