"""Moments as the tables keep them: whole microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Whole microseconds of an aware moment; exact, where `timestamp()` would round."""
    return (moment - _BEGINNING) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The aware UTC moment again."""
    return _BEGINNING + timedelta(microseconds=microseconds)


def maybe_moment(microseconds: int | None) -> datetime | None:
    """The moment, or none for none."""
    return None if microseconds is None else moment(microseconds)


def span(length: timedelta) -> int:
    """A length of time in microseconds."""
    return length // _MICROSECOND
