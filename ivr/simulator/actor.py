"""Actor: plays one caller of a mix on a live call: listens, thinks, answers, loses patience."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from ivr.simulator.call import Call
from ivr.simulator.mix import Kind, Rule
from ivr.simulator.voice import Voice, say

SILENCE = 0.8
"""Seconds without a sound after which the other side has fallen silent."""
LONG_SILENCE = 20.0
"""Seconds after which a caller says something all the same."""
MOST_DEEDS = 60
"""An answer too many: the call leads nowhere, and the caller gives up."""


@dataclass
class Played:
    """How one call went."""

    kind: str
    call: Call
    met: bool = False
    queued: bool = False
    bridged: bool = False
    deeds: int = 0
    gave_up: bool = False

    @property
    def contained(self) -> bool:
        """Was the need met without a person?"""
        return self.met and not self.queued

    @property
    def failed(self) -> bool:
        """Did the carrier find fault, or leave the caller with its own apology?"""
        return bool(self.call.faults) or self.call.treatment == "application-error"


async def act(call: Call, kind: Kind, chance: random.Random, voice: Voice | None = None) -> Played:
    """Play the caller until the call is over."""
    played = Played(kind.name, call)
    deeds = asyncio.ensure_future(_deeds(call, kind, chance, played, voice))
    limit = None if kind.hangs_up_after is None else chance.uniform(*kind.hangs_up_after)
    try:
        await asyncio.wait_for(call.over.wait(), limit)
    except TimeoutError:
        call.hang_up()
        await call.over.wait()
    finally:
        deeds.cancel()
        await asyncio.gather(deeds, return_exceptions=True)
    played.met = kind.met is not None and any(kind.met.search(piece.text) for piece in call.heard)
    return played


async def _deeds(call: Call, kind: Kind, chance: random.Random, played: Played, voice: Voice | None) -> None:
    told = 0
    while not call.is_over:
        moved = call.moved
        if call.queue is not None:
            await _wait_in_queue(call, kind, played)
        if is_on_stream(call):
            await _on_stream(call, kind, chance, played, voice)
        listening = call.listening
        if listening is None or not listening.prompted:
            await moved.wait()
            continue
        words, told = " ".join(piece.text for piece in call.heard[told:]), len(call.heard)
        await asyncio.sleep(chance.uniform(*kind.thinks))
        if call.listening is listening:
            await _answer(call, kind, words, chance, played, voice)
        while call.listening is listening and not call.is_over:
            await call.moved.wait()


async def _wait_in_queue(call: Call, kind: Kind, played: Played) -> None:
    """Wait for a person as long as one can bear."""
    played.queued = True
    until = call.now() + kind.patience
    while call.queue is not None and not call.is_over:
        played.bridged = played.bridged or call.bridged_to is not None
        left = until - call.now()
        if left <= 0 and not played.bridged:
            call.hang_up()
            await call.over.wait()
            return
        try:
            await asyncio.wait_for(call.moved.wait(), max(left, 1.0))
        except TimeoutError:
            continue


def is_on_stream(call: Call) -> bool:
    """Does the application hold the call by a two-way stream?"""
    return any(stream.both_ways for stream in call.streams.values())


async def _on_stream(call: Call, kind: Kind, chance: random.Random, played: Played, voice: Voice | None) -> None:
    """Take turns by ear: whenever the other side falls silent, do what comes next; the last is done again."""
    turn = 0
    while is_on_stream(call) and not call.is_over and kind.aloud:
        before = getattr(call.body, "seconds", 0.0)
        await _until_silence(call, before)
        await asyncio.sleep(chance.uniform(*kind.thinks))
        if not is_on_stream(call):
            return
        await _do(call, kind, kind.aloud[min(turn, len(kind.aloud) - 1)], chance, voice)
        turn, played.deeds = turn + 1, played.deeds + 1
        if played.deeds > MOST_DEEDS:
            played.gave_up = True
            call.hang_up()
            return
    while is_on_stream(call) and not call.is_over:  # nothing to say there: listen until it is over
        await asyncio.sleep(SILENCE)


async def _until_silence(call: Call, before: float) -> None:
    """Until something new was heard and has ended, or nothing came for a long while."""
    began = call.now()
    while is_on_stream(call) and call.now() - began < LONG_SILENCE:
        heard_at = getattr(call.body, "heard_at", None)
        if heard_at is not None and getattr(call.body, "seconds", 0.0) > before:
            if call.now() - heard_at >= SILENCE:
                return
            began = heard_at
        await asyncio.sleep(SILENCE / 4)


async def _answer(
    call: Call, kind: Kind, words: str, chance: random.Random, played: Played, voice: Voice | None
) -> None:
    played.deeds += 1
    if played.deeds > MOST_DEEDS:
        played.gave_up = True
        call.hang_up()
        return
    rule = _fitting(kind, words)
    if rule is None or chance.random() < kind.hesitates:
        return
    await _do(call, kind, rule, chance, voice)


async def _do(call: Call, kind: Kind, rule: Rule, chance: random.Random, voice: Voice | None) -> None:
    if rule.hangs_up:
        call.hang_up()
    elif rule.presses:
        await _press(call, chance.choice(rule.presses))
    elif rule.says:
        said = chance.choice(rule.says)
        await say(call, said, kind.language or "fr", round(chance.uniform(0.6, 0.98), 2), voice)


def _fitting(kind: Kind, words: str) -> Rule | None:
    return next((rule for rule in kind.rules if rule.hears.search(words)), None)


async def _press(call: Call, keys: str) -> None:
    for key in keys:
        call.press(key)
        await asyncio.sleep(0.15)
