"""Naming: from the titles and makers heard in a sentence to one production, none, or a choice of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from callflows.understanding.grammar import Match
from callflows.understanding.scene import Scene
from callflows.understanding.titles import Named, resolve


@dataclass(frozen=True)
class Production:
    """Was a production named, and which can be meant? Named and no ids: not in the programme."""

    named: bool = False
    ids: tuple[str, ...] = ()
    unsure: bool = False


def production_meant(
    named: Sequence[Match], chosen: Sequence[Match], slots: Mapping[str, Any], scene: Scene
) -> Production:
    """What the names of a sentence mean together; the last title counts when it corrects an earlier one."""
    if not named:
        return Production()
    kept = _uncorrected(named, chosen)
    names = _played([match.value["_title"] for match in kept])
    ids = resolve(names, scene.programme, genre=slots.get("genre", ""), hall=slots.get("hall", ""))
    if ids is None:
        return Production(named=True)
    ids = _without_refused(ids, chosen)
    if len(ids) == 1 and _contradicts(kept, chosen, ids[0], scene):
        return Production(named=True, ids=(ids[0], ids[0]), unsure=True)
    return Production(named=True, ids=ids, unsure=len(names) < len(kept) or any(name.unsure for name in names))


def _played(names: list[Named]) -> list[Named]:
    """«Les Noces de Figaro, ou à défaut Così»: of several works, those that we play."""
    works = [name for name in names if name.shows and not name.person]
    return [name for name in names if name.shows] if works else names


def _without_refused(ids: tuple[str, ...], chosen: Sequence[Match]) -> tuple[str, ...]:
    """«Le Puccini, mais pas La Bohème»: a title refused is none of those that may be meant, if another is left."""
    refused = {show for match in chosen if "_not_title" in match.value for show in match.value["_not_title"].shows}
    return tuple(found for found in ids if found not in refused) or ids


def _uncorrected(named: Sequence[Match], chosen: Sequence[Match]) -> list[Match]:
    """Without the titles that «non», «pardon» or «plutôt» took back."""
    kept = list(named)
    for earlier, later in pairwise(named):
        between = [match for match in chosen if earlier.end <= match.start < later.start]
        if any(match.value.get("_said") in ("no", "correct", "but") for match in between):
            kept = [match for match in kept if match.start >= later.start]
    return kept


def _contradicts(named: Sequence[Match], chosen: Sequence[Match], production: str, scene: Scene) -> bool:
    """Does «l'opéra» or «le ballet» stand right before or after the title of the other kind?"""
    show = scene.programme.show(production)
    for match in chosen:
        genre = match.value.get("genre")
        if genre and show and genre != show.genre:
            return any(match.end == name.start or match.start == name.end for name in named)
    return False
