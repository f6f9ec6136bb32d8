"""Which element may stand in which, with which attributes: the official package's own table, as data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

DOCUMENTED_ONLY = {"Dial": {"callReason"}}
"""Attributes that the documentation has and the official package lacks."""

NEVER_NESTED = {("Gather", "Play"): {"digits"}}
"""Attributes that a nested verb may not carry (Twilio docs, TwiML Play, `digits`)."""


@cache
def table() -> dict[str, dict[str, list[str]]]:
    """parent -> child -> attributes of the child."""
    data: dict[str, dict[str, list[str]]] = json.loads(files(__package__).joinpath("grammar.json").read_text())
    return data


def may_hold(parent: str, child: str) -> bool:
    """May an element of this name stand directly in that one?"""
    return child in table().get(parent, {})


def is_known(name: str) -> bool:
    """Is there such an element anywhere?"""
    return any(name in children for children in table().values())


def attributes_of(parent: str, child: str) -> set[str]:
    """The attributes that the element may carry in that place."""
    allowed = set(table().get(parent, {}).get(child, ())) | DOCUMENTED_ONLY.get(child, set())
    return allowed - NEVER_NESTED.get((parent, child), set())
