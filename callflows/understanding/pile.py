"""The pile: what a sentence has said so far, and what a second value of a slot makes of the first."""

from __future__ import annotations

from typing import Any

LISTS = {"date": "dates", "category": "categories", "tariff": "tariffs"}
"""Slots of which several may be wished for, and the slot that then holds them all."""
SETS = ("weekdays", "not_weekdays", "seats", "not_dates", "not_section")
"""Slots of which every value counts: whoever refuses one place and then another refuses both."""
ASKED_BACK = (
    "quantity",
    "section",
    "time",
    "collection",
    "side",
    "row",
    "price_level",
    "choice",
    "max_price",
    "max_total",
)
"""Slots of which only one can be right: alternatives are asked back."""
CORRECTED_BY_A_NUMBER = ("quantity", "date", "row", "max_price", "max_total")
"""Slots whose value may be put right by a number alone: «trois places… non, quatre»."""


class Pile:
    """The slots gathered so far, and what was said since each of them."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.since: dict[str, set[str]] = {}
        self.unsure: set[str] = set()
        self.refused: set[str] = set()
        self.signs: list[str] = []
        self.rivals: dict[str, list[Any]] = {}
        """The values between which a slot is to be asked back."""
        self.bare = False
        """Was only the day of the month said of the date that stands?"""
        self.weekday: dict[str, str] = {}
        """The days of which only the weekday was said."""
        self.vague = ""
        """The slot of which only «several» or «we do not know yet» was said: a figure that follows settles it."""
        self.last = ""
        """The slot of the figure that was said last: «trois places… non, quatre» corrects it."""
        self.doubted = False
        """Was a part of what is vague not even read? Then only a correction settles it."""

    def sign(self, sign: str) -> None:
        if sign == "but" and not self.slots and not self.signs:
            return  # «mais oui», «mais bien sûr»: nothing was said yet that it could object to
        self.signs.append(sign)
        for seen in self.since.values():
            seen.add(sign)

    def pause(self) -> None:
        """«Euh»: what is said next may be what was meant."""
        for seen in self.since.values():
            seen.add("pause")

    @property
    def denied(self) -> set[str]:
        """The slots after which only a «no» was said: «le samedi… non»."""
        return {slot for slot, said in self.since.items() if "no" in said}

    def take_back(self, slot: str, refused: Any) -> None:
        """«Pas le douze»: that does not count, and something else must be said; «le quinze, pas le douze» says it."""
        if refused is None or self.slots.get(slot) == refused:
            self.slots.pop(slot, None)
            self.slots.pop(LISTS.get(slot, ""), None)
        self.refused.add(slot)
        self.signs.append("no")

    def put(self, slot: str, value: Any) -> None:
        """One more value: the first, a correction, an alternative or a contradiction."""
        if slot == "clarify":
            self.vague = value
        elif slot == self.vague and not (self.doubted and not self.since["clarify"] & {"no", "correct", "but"}):
            self.slots.pop("clarify", None)
        several = LISTS.get(slot, "")
        if several in self.slots and self.since.get(several, set()) & {"no", "correct"}:
            self.slots.pop(several)  # «le douze ou le treize, enfin plutôt le treize»
        if slot == "quantity" and self.slots.get(slot) == value and "and" in self.since[slot]:
            value = self._rivals(slot, value, None)  # «une pour moi et une pour…»: so many of each, or in all?
        elif slot in self.slots and self.slots[slot] != value:
            perhaps = slot in ASKED_BACK and "maybe" in self.since.get(slot, ())
            value = self._rivals(slot, self.slots[slot], value) if perhaps else self._again(slot, value)
        if value is not None:
            self.slots[slot] = value
        self.since[slot] = set()
        self.last = slot if slot in CORRECTED_BY_A_NUMBER else self.last

    def correct(self, number: int) -> None:
        """A number alone behind «non» or «pardon»: what it corrects was the last figure; of a date, we ask."""
        if self.last == "date":
            self._rivals("date", self.slots.get("date"), None)
        elif self.last:
            self.put(self.last, number)

    def put_period(self, first: str, last: str) -> None:
        """A further period: the narrower of two that overlap («l'an prochain en mars»), or from one to the other."""
        old_first, old_last = self.slots.get("date_from"), self.slots.get("date_to")
        if old_first and old_last and not self.since.get("date_from", set()) & {"no", "correct", "but"}:
            overlap = max(old_first, first) <= min(old_last, last)
            first = max(old_first, first) if overlap else min(old_first, first)
            last = min(old_last, last) if overlap else max(old_last, last)
        self.slots |= {"date_from": first, "date_to": last}
        self.since |= {"date_from": set(), "date_to": set()}

    def _again(self, slot: str, value: Any) -> Any:
        """What a second value makes of the first: both, the new one, or a question."""
        old, said = self.slots[slot], self.since.get(slot, set())
        if slot == "command":
            return value if old == "repeat" else old
        if slot == "position" and not said & {"or", "no", "correct"}:
            return old
        if slot in SETS and not (slot == "weekdays" and said & {"no", "correct"}):
            return list(dict.fromkeys([*_listed(old), *_listed(value)]))
        if said & {"no", "correct"} or ("but" in said and "or" not in said):
            self.slots.pop(LISTS.get(slot, ""), None)
            return value
        if slot in LISTS and (said & {"or", "and"} or slot == "tariff"):
            several = self.slots.setdefault(LISTS[slot], [old])
            if value not in several:
                several.append(value)
            return old
        return self._unparted(slot, old, value, said)

    def _unparted(self, slot: str, old: Any, value: Any, said: set[str]) -> Any:
        """Two values, and no word between them that says whether both or the second only."""
        if slot == "date" and not said and self.bare and old[-2:] != value[-2:]:
            return self._rivals(slot, old, value)  # «le dix-neuf, dix-huit février», and no «euh» says which
        if slot == "date" and not said - {"pause"} and not self.bare:
            self.slots["dates"] = sorted({old, value})
            self.unsure.add("dates")
            return old
        if slot == "part_of_day" and "or" in said:
            self.slots.pop(slot)  # «samedi soir ou dimanche après-midi»: each of its own day, neither of both
            return None
        if slot in ASKED_BACK or "or" in said:
            return self._rivals(slot, old, value)
        self.unsure.add(slot)
        return value

    def _rivals(self, slot: str, old: Any, new: Any) -> Any:
        """Two values of which only one can be right: asked back."""
        self.rivals[slot] = [value for value in (old, new) if value is not None]
        self.slots["clarify"] = slot
        self.slots.pop(slot, None)
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
