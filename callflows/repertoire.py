"""Which productions fit what was said of the kind, the house, the tariff and the days, before any title was named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from booking import Performance, Production
from callflows.evenings import WHEN, fitting

KINDS = ("genre", "style", "hall", "tariff")
"""Slots that tell productions from one another."""

TARIFFS_OF_SOME = ("under28", "under40", "family")
"""Tariffs that only some evenings have; the others are no reason to leave a title out."""

_GALA = "gala"


def narrows(said: Mapping[str, Any]) -> bool:
    """Was anything said that makes the list of titles shorter?"""
    return any(said.get(slot) for slot in KINDS if slot != "tariff") or said.get("tariff") in TARIFFS_OF_SOME


def names_days(said: Mapping[str, Any]) -> bool:
    """Was a day, a month or a weekday said? An hour or «n'importe quand» names none."""
    return any(said.get(slot) for slot in ("date", "dates", "date_from", "date_to", "weekdays"))


def suited(productions: Iterable[Production], said: Mapping[str, Any], now: datetime) -> list[Production]:
    """The productions with an evening to come that fits all of it, the next one first."""
    found = [(evenings[0].starts_at, production) for production in productions
             if _is_such(production, said) and (evenings := _evenings(production, said, now))]  # fmt: skip
    return [production for _, production in sorted(found, key=lambda pair: (pair[0], pair[1].id))]


def loosened(said: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Slots to put aside, less and less of the wish left: the days first, then the tariff, the style, the house."""
    aside: tuple[str, ...] = ()
    for slots in (WHEN, ("tariff",), ("style",), ("hall",), ("genre",)):
        if any(slot in said for slot in slots):
            aside = (*aside, *slots)
            yield aside


def _is_such(production: Production, said: Mapping[str, Any]) -> bool:
    contemporary = production.contemporary or "contemporain" in production.style
    return (
        said.get("genre") in (None, production.genre)
        and said.get("hall") in (None, production.hall)
        and (said.get("style") != "contemporary" or contemporary)
        and (said.get("style") != "classical" or (not contemporary and production.style != _GALA))
    )


def _evenings(production: Production, said: Mapping[str, Any], now: datetime) -> list[Performance]:
    """The evenings still to come that fit; previews only for whoever asks for their tariff."""
    tariff = said.get("tariff") if said.get("tariff") in TARIFFS_OF_SOME else None
    coming = [p for p in production.performances if p.starts_at > now]
    if tariff:
        coming = [p for p in coming if tariff in p.tariffs]
    else:
        coming = [p for p in coming if p.kind != "avant_premiere_jeunes"]
    return fitting(coming, dict(said))
