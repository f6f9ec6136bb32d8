"""A clumsy network: deliveries repeated, delayed, lost or overtaken, wrong signatures, sudden hang-ups — by a seed."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, replace

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

    A lost delivery and a lost answer look like a broken connection, so the network asks once more, as the carrier does.
    A forged copy goes out before the real request and must be refused. `late_again` delivers an old request once more.
    """

    def __init__(self, edge: Edge, seed: int | str, chances: Chances | None = None) -> None:
        self._edge = edge
        self._chance = chances or Chances()
        self._random = random.Random(str(seed))
        self._old: list[Request] = []
        self._just_lost: set[str] = set()
        self.mischief: list[str] = []

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask, with whatever mishap comes up."""
        if request.method == "POST" and self._happens(self._chance.forged, "forged", request):
            await self._forge(request, patience)
        if self._old and self._happens(self._chance.late_again, "late again", request):
            await self._edge.send(self._random.choice(self._old), patience)
        if self._happens(self._chance.delayed, "delayed", request):
            await asyncio.sleep(self._random.uniform(0.1, 2.0))
        token = request.headers.get("I-Twilio-Idempotency-Token", "")
        may_lose = token not in self._just_lost  # the carrier's one retry gets through, or the call is rightly lost
        if may_lose and self._happens(self._chance.lost, "lost", request):
            self._just_lost.add(token)
            raise CouldNotConnect("lost on purpose")
        answer = await self._delivered(request, patience)
        if may_lose and self._happens(self._chance.answer_lost, "answer lost", request):
            self._just_lost.add(token)
            raise CouldNotConnect("answer lost on purpose")
        return answer

    def hangs_up_after(self) -> float | None:
        """Seconds after which this caller suddenly hangs up; None for most."""
        return self._suddenly(self._chance.hung_up, "hangs up")

    def cuts_after(self) -> float | None:
        """Seconds after which this socket is suddenly gone; None for most."""
        return self._suddenly(self._chance.cut, "socket cut")

    def _suddenly(self, chance: float, what: str) -> float | None:
        if self._random.random() >= chance:
            return None
        after = self._random.expovariate(1 / 20)
        self.mischief.append(f"{what} after {after:.1f} s")
        return after

    async def _delivered(self, request: Request, patience: Overrides) -> Answer:
        self._old = [*self._old[-9:], request] if request.method == "POST" else self._old
        if not self._happens(self._chance.repeated, "repeated", request):
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

    def _happens(self, chance: float, what: str, request: Request) -> bool:
        happens = self._random.random() < chance
        if happens:
            self.mischief.append(f"{what}: {request.method} {request.url}")
        return happens


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
