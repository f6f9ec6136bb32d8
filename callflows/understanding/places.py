"""Places: where in the hall. The words stand in the language files; here is only how they combine."""

from __future__ import annotations

from typing import Any

from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene


def section_wanted(bound: Bound, scene: Scene) -> dict[str, Any]:
    """A part of the hall."""
    return dict(bound["section"])


def row_number(bound: Bound, scene: Scene) -> int | None:
    """A row that a hall may have."""
    number: int = bound["number"]
    return number if 1 <= number <= 99 else None


def not_section(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Parts of the hall that the caller does not want."""
    unwanted = [bound[name]["section"] for name in ("section", "section2") if name in bound]
    return {"not_section": unwanted[0] if len(unwanted) == 1 else unwanted}


def numbered_place(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """«Galerie quatre», «loge douze», perhaps «pour La Bohème»: a part of the hall, and which of them."""
    number = bound.get("number", bound.get("ordinal", 0))
    if number < 1:
        return None
    level = {"level": number} if bound["section"] == "gallery" else {}
    return {"section": bound["section"], **level, **({"_title": bound["title"]} if "title" in bound else {})}


def place_named(bound: Bound, scene: Scene) -> str:
    """A part of the hall by its name alone."""
    name: str = bound["section"]["section"]
    return name


def tier_of_boxes(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """Boxes of the first to the fifth tier, in front or at the side if that was said."""
    tier = bound["ordinal"]
    return {"section": bound.get("where", "boxes"), "box_tier": tier} if 1 <= tier <= 5 else None


def category(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """A price category by its number."""
    number = bound.get("number", bound.get("ordinal"))
    if number is None or not 1 <= number <= 10:
        return None
    return {"category": str(number), **({"_title": bound["title"]} if "title" in bound else {})}


def categories(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """Two categories, either of which will do."""
    numbers = [bound.get(name, bound.get(other)) for name, other in (("number", "ordinal"), ("number2", "ordinal2"))]
    found = [str(number) for number in numbers if number is not None and 1 <= number <= 10]
    return {"categories": found} if len(found) == 2 else None


def categories_from(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """From one category to another, any of which will do."""
    first, last = bound["number"], bound["number2"]
    return {"categories": [str(number) for number in range(first, last + 1)]} if 1 <= first < last <= 10 else None


def seats(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Seats by their numbers, in a row if it was said."""
    numbers = [bound[name] for name in ("number", "number2", "number3", "number4") if name in bound]
    return {
        **({"row": bound["row"]} if "row" in bound else {}),
        "seats": numbers,
        **({"_title": bound["title"]} if "title" in bound else {}),
    }


def seat_span(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """Seats from one number to another."""
    first, last = bound["number"], bound["number2"]
    if not first < last < first + 30:
        return None
    row = {"row": bound["row"]} if "row" in bound else {}
    return {**row, "seats": list(range(first, last + 1))}


MAKERS = {
    maker.__name__: maker
    for maker in (
        section_wanted,
        row_number,
        not_section,
        numbered_place,
        place_named,
        tier_of_boxes,
        category,
        categories,
        categories_from,
        seats,
        seat_span,
    )
}
