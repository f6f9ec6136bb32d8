"""Quantities: how many seats, and who sits in them."""

from __future__ import annotations

from typing import Any

from callflows.understanding.grammar import Bound
from callflows.understanding.scene import Scene

MOST_CHOICES = 5
"""Between more numbers than this nobody chooses on the telephone."""
MOST = 2745
"""No house has more seats to ask for at once: a larger number was something else."""


def quantity(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """So many seats."""
    number = bound.get("number", bound.get("heard_number", 0))
    return {"quantity": number} if bound.get("least", 1) <= number <= bound.get("most", MOST) else None


def unsure_number(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Not a number yet, or two of them: it is asked back, between those that were said."""
    if "number2" not in bound:
        return {"clarify": "quantity"}
    low, high = sorted((bound["number"], bound["number2"]))
    several = range(low, high + 1) if bound.get("between") else sorted({low, high})
    return {"clarify": "quantity", **({"_between": list(several)} if low >= 1 and len(several) <= MOST_CHOICES else {})}


def refused_number(bound: Bound, scene: Scene) -> dict[str, Any]:
    """So many seats it is not."""
    return {"_not": "quantity", "_refused": bound["number"]}


def rather_than(bound: Bound, scene: Scene) -> dict[str, Any]:
    """So many seats and not so many: the first number counts."""
    return {"quantity": bound["number"], "_said": "no"}


def both_parties(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Some for us and some for others, all in one order."""
    return {"quantity": bound["number"] + bound["number2"]}


def couples(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Two by two."""
    return {"quantity": 2 * bound["number"]}


def with_me(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """So many people and the caller (`more`, one unless said otherwise)."""
    total = bound.get("number", 1) + bound.get("number2", 0) + bound.get("more", 1)
    slots: dict[str, Any] = {"quantity": total}
    if bound.get("children"):
        slots["children"] = bound.get("number", 1)
    return slots if total <= MOST else None


def grown_and_small(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Adults and children: all of them sit."""
    adults = bound.get("number", bound.get("adults", 1))
    children = bound.get("number2", bound.get("children", 1))
    return {"quantity": adults + children, "children": children}


def small_and_grown(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Children first, adults after."""
    return {"quantity": bound["number"] + bound["number2"], "children": bound["number"]}


def children(bound: Bound, scene: Scene) -> dict[str, Any]:
    """So many of them are children."""
    return {"children": bound.get("number", 1)}


def of_which_children(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """So many seats, some of them for children."""
    if bound["number2"] > bound["number"]:
        return None
    return {"quantity": bound["number"], "children": bound["number2"]}


def quantity_and_section(bound: Bound, scene: Scene) -> dict[str, Any]:
    """So many seats in a part of the hall."""
    return {"quantity": bound["number"], **bound["section"]} if bound["number"] else {}


def headcount(bound: Bound, scene: Scene) -> dict[str, Any]:
    """People named one after another: how many besides the caller, how many of them small, is the caller named?"""
    rest = bound.get("people", {})
    heads = 0 if "me" in bound else bound.get("number", bound.get("person", bound.get("child", 1)))
    return {  # «nous deux» is the caller and one more
        "heads": heads + rest.get("heads", 0),
        "small": (heads if bound.get("small") else 0) + rest.get("small", 0),
        "me": bool(bound.keys() & {"me", "us"}) or rest.get("me", False),
    }


def company(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """The caller and whom she names: all of them sit; `with_me` when she needs not be named herself."""
    people = bound["people"]
    if not people["heads"] or not (people["me"] or bound.get("with_me")):
        return None
    return {"quantity": people["heads"] + 1, **({"children": people["small"]} if people["small"] else {})}


def split_party(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Some here and some there: so many in all, and where is asked back, for one order sits in one place."""
    return {
        "quantity": bound["number"] + bound["number2"],
        "clarify": "section",
        "_between": [bound["section"]["section"], bound["section2"]["section"]],
    }


def seats_for_title(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """«Deux Tosca»; «un Mozart» is no seat, but an article."""
    return {"quantity": bound["number"], "_title": bound["title"]} if bound["number"] > 1 else None


def quantity_there(bound: Bound, scene: Scene) -> dict[str, Any] | None:
    """So many seats at some place in the hall."""
    return {"quantity": bound["number"], "position": bound["position"]} if bound["number"] else None


def wheelchairs(bound: Bound, scene: Scene) -> dict[str, Any]:
    """Places for wheelchairs, and seats for those who come along."""
    places = bound.get("number", 1)
    slots: dict[str, Any] = {"wheelchair": places}
    if "companions" in bound or "number2" in bound:
        slots["quantity"] = places + bound.get("number2", bound.get("companions", 0))
    return slots


MAKERS = {
    maker.__name__: maker
    for maker in (
        quantity,
        unsure_number,
        refused_number,
        rather_than,
        both_parties,
        couples,
        with_me,
        grown_and_small,
        small_and_grown,
        children,
        of_which_children,
        quantity_and_section,
        headcount,
        company,
        quantity_there,
        seats_for_title,
        split_party,
        wheelchairs,
    )
}
