"""From what was said to what is wished for: slots become the box office's Wish."""

from __future__ import annotations

from typing import Any

from booking import Hall, Wish

WHERE = (
    "category", "categories", "section", "not_section", "box_tier", "row", "row_max", "seats", "side", "parity",
    "position", "not_position", "min_price", "max_price", "max_total", "price_level", "view", "strapontin", "step_free",
    "wheelchair", "any_seats", "named", "level",
)  # fmt: skip
"""Every slot that says something about the place or its price."""

_AS_SAID = (
    "category", "row_max", "side", "parity", "position", "not_position", "price_level", "view", "strapontin",
    "step_free", "wheelchair",
)  # fmt: skip
_PRICES = ("min_price", "max_price", "max_total")


def wish_from(said: dict[str, Any], hall: Hall, **more: Any) -> Wish:
    """The wish that all these slots make in this hall; `more` are avoid, near and move from the last offer.

    Slots speak of places as callers do («ground», «balcony») and of whole euros; the wish has the hall's own sections
    and cents.
    """
    fields: dict[str, Any] = {slot: said[slot] for slot in _AS_SAID if said.get(slot) is not None}
    fields |= {slot: int(said[slot] * 100) for slot in _PRICES if said.get(slot) is not None}
    fields["sections"] = _sections(said, hall)
    if said.get("together") is False:
        fields["together"] = False  # «ensemble» is the rule; who insists hears it when it cannot be, and decides
    if said.get("categories"):
        fields["categories"] = tuple(said["categories"])
    if said.get("not_section"):
        refused = said["not_section"]
        fields["not_sections"] = tuple(refused) if isinstance(refused, list) else (refused,)
    if said.get("named"):
        fields["named"] = tuple(said["named"])
    elif said.get("row") is not None:
        fields |= _places(said, hall, fields["sections"])
    return Wish(quantity=said["quantity"], **{**fields, **more})


def _sections(said: dict[str, Any], hall: Hall) -> tuple[str, ...]:
    """«balcony» is one section at Garnier and another at Bastille; a place that the hall lacks stays in the wish."""
    place = said.get("section")
    if place and said.get("level"):  # «galerie quatre» is one of the hall's galleries, if it has so many
        levels = hall.sections_named(place)
        return levels[said["level"] - 1 : said["level"]] or (place,)
    if not said.get("box_tier"):
        return (place,) if place else ()
    tier = hall.sections_in_tier(said["box_tier"])
    named = hall.sections_named(place) if place else ()
    return tuple(section for section in tier if section in named) or tier


def _places(said: dict[str, Any], hall: Hall, sections: tuple[str, ...]) -> dict[str, Any]:
    """«Rang douze, places quinze et dix-sept», or only the row."""
    seats = said.get("seats")
    within = tuple(name for section in sections for name in hall.sections_named(section))
    found = hall.find(said["row"], seats, within) if isinstance(seats, list) else ()
    if found and len(found) == said["quantity"]:
        return {"named": found}
    return {"rows": (said["row"],)}
