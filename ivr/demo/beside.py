"""The browser's telephone beside the house: reads along what is said on a stream, keeps who types off it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import lru_cache, partial

from sqlalchemy.exc import SQLAlchemyError

from callflows import Listen
from ivr.embedded import private_url
from ivr.house import House, put_together
from ivr.redis_links import RedisAway, link
from ivr.settings import Settings
from ivr.simulator.browser.house_side import HouseSide, Overheard
from ivr.telephony.tickets import Tickets

LONGEST_CALL = 4 * 60 * 60
AT_ONCE = 1
"""The shortest time, in seconds, that a call can be kept off streams."""


def beside_the_house(settings: Settings) -> HouseSide:
    """The house with this data folder; while its Redis is away, nothing is known and nothing is asked of it."""
    standing = replace(settings, redis_url=settings.redis_url or private_url(settings.data))
    tickets = Tickets(link(standing.redis_url))
    house = lru_cache(maxsize=1)(partial(put_together, standing))
    return HouseSide(lambda call: _overheard(house(), call), partial(_has_voice, tickets))


def _has_voice(tickets: Tickets, call: str, speaks: bool) -> None:
    with contextlib.suppress(RedisAway):
        tickets.put_on_keys(call, AT_ONCE if speaks else LONGEST_CALL)


def _overheard(house: House, call: str) -> Overheard | None:
    """What is read out by the carrier, or recorded, or ends the call, is known without us."""
    try:
        known = house.switchboard.again(call)
        if known is None or not isinstance(known[0].then, Listen):
            return None
        reply, turn = known
        voice = house.voice_at(None)
        texts = (voice.text(say.prompt, say.slots, reply.language) for say in reply.says)
        return Overheard(turn, reply.language, tuple(text for text in texts if text))
    except (RedisAway, SQLAlchemyError):
        return None
