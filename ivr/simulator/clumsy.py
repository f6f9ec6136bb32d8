"""A clumsy network: deliveries repeated, delayed, lost or overtaken, wrong signatures, sudden hang-ups — by a seed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from ivr.simulator.edge import Answer, AnsweredTooLate, CouldNotConnect, Edge, Request
from ivr.simulator.overrides import Overrides
from ivr.simulator.sockets import Socket, SocketClosed


class Twice:
    """Makes every delivery twice and goes on with the second answer, as after a broken connection."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask, and ask again."""
        await self._edge.send(request, patience)
        return await self._edge.send(request, patience)


@dataclass(frozen=True)
class Chances:
    """How often what goes wrong: per delivery, and the last two per call and per socket."""

    repeated: float = 0.15
    delayed: float = 0.10
    lost: float = 0.05
    answer_lost: float = 0.05
    forged: float = 0.05
    late_again: float = 0.05
    hung_up: float = 0.05
    cut: float = 0.10


class Forgery(AssertionError):
    """The product took a request with a wrong signature for a real one."""


class Clumsy:
    """An edge that fumbles; the same seed fumbles the same way.

    What befalls a caller depends on the seed, the caller's number and how many requests were made for that number
    before, never on what other callers do meanwhile. A lost delivery and a lost answer look like a broken connection,
    so the network asks once more, as the carrier does. A forged copy goes out before the real request and must be
    refused. `late_again` delivers an old request of the same caller once more.
    """

    def __init__(self, edge: Edge, seed: int | str, chances: Chances | None = None) -> None:
        self._edge = edge
        self._chance = chances or Chances()
        self._seed = str(seed)
        self._old: dict[str, list[Request]] = {}
        self._times: Counter[str] = Counter()
        self._just_lost: set[str] = set()
        self.mischief: list[str] = []

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask, with whatever mishap comes up."""
        who = _about(request)
        luck = _Luck(self._dice(who), self.mischief, request)
        if request.method == "POST" and luck.brings(self._chance.forged, "forged"):
            await self._forge(request, patience)
        if self._old.get(who) and luck.brings(self._chance.late_again, "late again"):
            await self._edge.send(luck.dice.choice(self._old[who]), patience)
        if luck.brings(self._chance.delayed, "delayed"):
            await asyncio.sleep(luck.dice.uniform(0.1, 2.0))
        token = request.headers.get("I-Twilio-Idempotency-Token") or request.url
        may_lose = token not in self._just_lost  # the carrier's one retry gets through, or the call is rightly lost
        self._just_lost.discard(token)
        if may_lose and luck.brings(self._chance.lost, "lost"):
            self._just_lost.add(token)
            raise CouldNotConnect("lost on purpose")
        answer = await self._delivered(request, patience, who, luck)
        if may_lose and luck.brings(self._chance.answer_lost, "answer lost"):
            self._just_lost.add(token)
            raise CouldNotConnect("answer lost on purpose")
        return answer

    def hangs_up_after(self, who: str = "") -> float | None:
        """Seconds after which this caller suddenly hangs up; None for most."""
        return self._suddenly(self._chance.hung_up, "hangs up", who)

    def cuts_after(self, who: str = "") -> float | None:
        """Seconds after which this caller's socket is suddenly gone; None for most."""
        return self._suddenly(self._chance.cut, "socket cut", who)

    def _suddenly(self, chance: float, what: str, who: str) -> float | None:
        dice = self._dice(f"{what} {who}")
        if dice.random() >= chance:
            return None
        after = dice.expovariate(1 / 20)
        self.mischief.append(f"{what} after {after:.1f} s")
        return after

    def _dice(self, who: str) -> random.Random:
        """A fresh die for the next thing that is done for somebody."""
        self._times[who] += 1
        return random.Random(f"{self._seed}/{who}/{self._times[who]}")

    async def _delivered(self, request: Request, patience: Overrides, who: str, luck: _Luck) -> Answer:
        if request.method == "POST":
            self._old[who] = [*self._old.get(who, [])[-9:], request]
        if not luck.brings(self._chance.repeated, "repeated"):
            return await self._edge.send(request, patience)
        first, second = await asyncio.gather(
            self._edge.send(request, patience), self._edge.send(request, patience), return_exceptions=True
        )
        for answer in (second, first):
            if isinstance(answer, Answer):
                return answer
        raise AnsweredTooLate("neither of two deliveries was answered")

    async def _forge(self, request: Request, patience: Overrides) -> None:
        forged = replace(request, headers={**request.headers, "X-Twilio-Signature": "bm90IHJlYWxseSBUd2lsaW8hISE="})
        answer = await self._edge.send(forged, patience)
        if answer.status != 403:
            raise Forgery(f"{request.url} answered {answer.status} to a wrong signature")


@dataclass(frozen=True)
class _Luck:
    """One request's own die, and the book of what it brought."""

    dice: random.Random
    mischief: list[str]
    request: Request

    def brings(self, chance: float, what: str) -> bool:
        """Does this mishap come up?"""
        happens = self.dice.random() < chance
        if happens:
            self.mischief.append(f"{what}: {self.request.method} {self.request.url}")
        return happens


def _about(request: Request) -> str:
    """Whose request this is: the caller's number, or the address where there is none."""
    query = dict(parse_qsl(urlsplit(request.url).query))
    return request.form.get("From") or query.get("From") or request.url


class CutSocket:
    """A socket that is suddenly gone after some seconds."""

    def __init__(self, socket: Socket, seconds: float) -> None:
        self._socket, self.wants_sound = socket, socket.wants_sound
        self._until = asyncio.get_running_loop().time() + seconds

    async def send(self, text: str) -> None:
        """Send, while there is a socket."""
        self._left()
        await self._socket.send(text)

    async def receive(self) -> str | bytes:
        """The next message, unless the cut comes first."""
        try:
            return await asyncio.wait_for(self._socket.receive(), self._left())
        except TimeoutError:
            raise SocketClosed("cut on purpose") from None

    async def close(self) -> None:
        """Close what is underneath."""
        await self._socket.close()

    def _left(self) -> float:
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            raise SocketClosed("cut on purpose")
        return left
