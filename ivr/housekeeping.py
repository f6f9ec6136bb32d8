"""Housekeeping: abandoned calls are ended, the waiting list is served, messages fetched and erased in time, kept
answers forgotten; and, beside it, messages written down.

Lapsed holds need no broom: they are free the moment they lapse.
"""

from __future__ import annotations

import logging
import os
import threading
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from booking import BookingError
from ivr.house import House
from ivr.kept_answers import forget_withdrawn, keeper_of
from ivr.logs import in_turn
from ivr.messages import Writing, care, write_down
from ivr.redis_links import RedisAway
from ivr.speech.models import choices
from ivr.speech.recogniser import SpeechError

ABANDONED_AFTER = timedelta(hours=1)
"""No question waits so long; a caller who waits for a person is asked about by the queue, not by us."""
AT_ONCE = 200

_log = logging.getLogger(__name__)


def end_abandoned_calls(house: House) -> int:
    """End calls without a sign of life, whose last word from the carrier was lost; how many there were."""
    ended = 0
    for call_id in house.journal.silent_since(house.clock() - ABANDONED_AFTER, AT_ONCE):
        if house.room.position(call_id) is not None:
            continue
        with in_turn(call_id, "abandoned"):
            house.switchboard.hang_up(call_id)
            house.room.leave(call_id, "abandoned")
            ended += 1
    return ended


def forget_answers(house: House) -> int:
    """Erase spoken answers that were kept long enough; how many files."""
    try:
        return keeper_of(house).forget_old() + forget_withdrawn(house)
    except (OSError, SQLAlchemyError) as error:
        _log.error("spoken answers that should be erased are still there: %s", error)
        return 0


def offer_seats_that_came_back(house: House) -> int:
    """Offer returned seats to those who waited longest, before the public sees them for long; how many offers."""
    offers = house.booking.offer_waiting(request=f"housekeeping:{house.clock().isoformat()}")
    return len(offers)


def care_for_messages(house: House) -> None:
    """Fetch what callers recorded, erase it in time; what fails is tried again in the next round."""
    try:
        care(house.messages, house.clock())
    except (OSError, SQLAlchemyError) as error:
        _log.error("messages have to wait: %s", type(error).__name__)


def write_messages(house: House, enough: threading.Event) -> int:
    """One round of writing down, which may take as long as callers spoke; how many recordings were looked at."""
    try:
        writing = Writing(choices(house.settings.data, os.environ), enough=enough)
        return write_down(house.messages, writing, house.clock())
    except (OSError, SQLAlchemyError, SpeechError) as error:
        _log.error("transcripts have to wait: %s", type(error).__name__)
    except Exception:  # a mistake of ours must not end the thread for good: the next round tries again
        _log.exception("transcripts have to wait")
    return 0


def tidy(house: House) -> int:
    """One round; a database or Redis that is away is a line in the log, and the next round tries again."""
    forget_answers(house)
    care_for_messages(house)
    try:
        house.journal.flush()  # what a process told that no longer lives
        ended = end_abandoned_calls(house)
        offer_seats_that_came_back(house)
    except (SQLAlchemyError, RedisAway, BookingError) as error:
        _log.warning("housekeeping has to wait: %s", type(error).__name__)
        return 0
    if ended:
        _log.info("ended %d abandoned calls", ended)
    return ended
