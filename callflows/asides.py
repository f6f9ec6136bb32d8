"""Questions that callers ask back: what does it cost, how long is it? They are answered, and ours stands again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from booking import Production
from callflows import everywhere
from callflows.language import Ask
from callflows.turn import Turn

Sentences = list[tuple[str, dict[str, Any]]]
"""Prompts and what they need."""


TONGUES = {
    "allemand": {"fr": "allemand", "en": "German"},
    "anglais": {"fr": "anglais", "en": "English"},
    "français": {"fr": "français", "en": "French"},
    "italien": {"fr": "italien", "en": "Italian"},
    "russe": {"fr": "russe", "en": "Russian"},
    "tchèque": {"fr": "tchèque", "en": "Czech"},
}
"""What is sung, as season files write it."""


def robot(turn: Turn, ask: Ask, title: Production | None) -> Sentences:
    """«Vous êtes une machine ?»"""
    return [("general.robot", {})]


def prices(turn: Turn, ask: Ask, title: Production | None) -> Sentences:
    """«C'est combien ?»: of the evening if it is chosen, of the title, of them all; an offer says its price itself."""
    offered = title is None or title.id == turn.state.said.get("production")
    if offered and ask.tells and "total" in ask.tells(turn.call(ask)):
        return []
    about: tuple[str, dict[str, Any]] = ("aside.prices_of", {"title": title.title}) if title else ("aside.prices", {})
    evening = turn.state.said.get("performance")
    if title and evening in {performance.id for performance in title.performances}:
        about = ("aside.prices_then", {})
        cents = [category.price for category in turn.booking.categories(str(evening)) if category.free]
    else:
        titles = (title,) if title else turn.booking.programme()
        cents = [price for each in titles for other in each.performances for price in other.prices.values()]
    return [(about[0], {**about[1], "lowest": min(cents), "highest": max(cents)})] if cents else []


def show(turn: Turn, ask: Ask, title: Production | None) -> Sentences | None:
    """«Ça dure combien de temps ?», «en quelle langue ?», asked of a title: all we know of it, in two breaths.

    A menu that tells of titles does so itself, of a title we do not talk of yet.
    """
    if title is None or (ask.slot == "intent" and title.id != turn.state.said.get("production")):
        return None
    evening = next((each for each in title.performances if each.id == turn.state.said.get("performance")), None)
    return [
        by_whom(title),
        *([("aside.sung", {"tongue": TONGUES[title.language]})] if title.language in TONGUES else ()),
        *([("aside.begins", {"when": evening.local.isoformat(timespec="minutes")})] if evening else ()),
        lasts(*divmod(title.minutes, 60)),
        ("aside.intervals", {"intervals": title.intervals}) if title.intervals else ("aside.no_interval", {}),
    ]


def by_whom(title: Production) -> tuple[str, dict[str, Any]]:
    """Ballets are told by who made the steps: of their music, files often say «musiques diverses»."""
    makers = (title.choreographer, title.composer) if title.genre == "ballet" else (title.composer, title.choreographer)
    author = makers[0] or makers[1]
    return ("aside.show" if author else "aside.title"), {"title": title.title} | ({"author": author} if author else {})


def lasts(hours: int, minutes: int) -> tuple[str, dict[str, Any]]:
    """«Deux heures trente», «deux heures», «quarante-cinq minutes»."""
    if not hours:
        return "aside.lasts_minutes", {"minutes": minutes}
    return ("aside.lasts", {"hours": hours, "minutes": minutes}) if minutes else ("aside.lasts_hours", {"hours": hours})


ASIDES: dict[str | None, Callable[[Turn, Ask, Production | None], Sentences | None]] = {
    "is_robot": robot,
    "tariffs": prices,
    "info_show": show,
}
"""By the intent that the understanding gives."""


def answered_back(turn: Turn, ask: Ask, intent: str | None, facts: dict[str, Any]) -> bool:
    """Was it such a question, and could it be answered? The first title asked of is what we talk of from then on."""
    aside = ASIDES.get(intent)
    if aside is None or facts.keys() - {"production"}:
        return False
    wanted = facts.get("production", turn.state.said.get("production"))
    title = next((each for each in turn.booking.programme() if each.id == wanted), None)
    sentences = aside(turn, ask, title)
    if sentences is None or (title is None and facts):
        return False
    for prompt, slots in sentences:
        turn.say(prompt, slots)
    turn.state.tries = 0
    if facts and "production" not in turn.state.said:
        turn.state.remember()
        everywhere.pour(turn.state.said, facts)
        if turn.forms():
            turn.from_the_top()
    return True
