"""Prices: what callers will pay, a seat or in all, in euros."""

from __future__ import annotations

from typing import Any

from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene

MOST_HEADS = 99
"""For more people than this nobody names a budget by telephone."""
LEAST = 5
"""No seat costs less: «deux à cinquante euros» is two seats."""


LEAST_CENTS = 5
"""«Cent euros deux» is no hundred euros and two cents."""


def euros(bound: Bound, scene: Scene) -> float | int | None:
    """Euros and cents; whole euros as whole numbers."""
    cents = bound.get("number2", 0)
    if not cents:
        return int(bound["number"])
    return bound["number"] + cents / 100 if LEAST_CENTS <= cents < 100 else None


def amount(bound: Bound, scene: Scene) -> float | int:
    """A sum not to be gone beyond, before we know what it buys."""
    found: float | int = bound["price"]
    return found


def _sum(bound: Bound) -> Any:
    """The sum said, in whichever of the ways a rule may name it; None when it is less than `least`."""
    found = bound.get("cap", bound.get("price", bound.get("number")))
    return found if found is not None and found >= bound.get("least", 0) else None


def at_most(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A seat may cost so much; `unsure` when the words did not say that it is a price."""
    price = _sum(bound)
    if price is None:
        return None
    return {"max_price": price, **({"_unsure": "max_price"} if bound.get("unsure") else {})}


def at_least(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A seat should cost so much; «more than one flight» is no price."""
    price = bound.get("price", bound.get("number", 0))
    return {"min_price": price} if price >= LEAST else None


def within(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """From one price to another."""
    low = bound.get("price", bound.get("number"))
    high = bound.get("price2", bound.get("number2"))
    if low is None or high is None or not LEAST <= low < high:
        return None
    return {"min_price": low, "max_price": high}


def in_all(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """All seats together may cost so much; for how many, if that was said."""
    total = {"max_total": _sum(bound)}
    if total["max_total"] is None or bound.get("number2", 0) > bound.get("heads", MOST_HEADS):
        return None
    return {**total, "quantity": bound["number2"]} if "number2" in bound else total


MAKERS = {maker.__name__: maker for maker in (euros, amount, at_most, at_least, within, in_all)}
