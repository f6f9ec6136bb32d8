"""Tariffs: by their names, or by the age that gives a right to them."""

from __future__ import annotations

from typing import Any

from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene

AGES = ((28, "under28"), (40, "under40"), (65, "full"), (121, "senior"))
"""Younger than this: that tariff. The ages are the house's own rules for reductions."""


def by_age(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """The tariff of somebody so many years old."""
    age = bound["number"]
    found = next((tariff for limit, tariff in AGES if age < limit), None)
    return {"tariff": found} if found and age >= 1 else None


MAKERS = {maker.__name__: maker for maker in (by_age,)}
