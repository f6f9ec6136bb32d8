"""Kind: what a slot holds and how it is said; `"number feminine"`, `"list date"`."""

from __future__ import annotations

from dataclasses import dataclass

REFINEMENTS: dict[str, tuple[str, ...]] = {
    "number": ("feminine",),
    "ordinal": ("feminine",),
    "price": (),
    "date": ("year", "month"),
    "time": (),
    "date_time": ("year",),
    "row": (),
    "seats": (),
    "section": (),
    "title": (),
    "text": (),
    "phone": (),
    "reference": (),
    "take": (),
}
"""Every kind of slot and the words that may refine it; `list` stands before any of them."""


class UnknownKind(ValueError):
    """A slot is declared with a kind or refinement that nobody can say."""


@dataclass(frozen=True)
class Kind:
    """The kind of a slot: its name, its refinements, and whether it is a list of them."""

    name: str
    refinements: frozenset[str] = frozenset()
    is_list: bool = False

    @classmethod
    def of(cls, declared: str) -> Kind:
        """Read «list date year»; raises UnknownKind with the word that is not known."""
        words = declared.split()
        is_list = words[:1] == ["list"]
        words = words[1:] if is_list else words
        name, refinements = (words[0], words[1:]) if words else ("text" if is_list else "", [])
        if name not in REFINEMENTS:
            raise UnknownKind(name)
        for refinement in refinements:
            if refinement not in REFINEMENTS[name]:
                raise UnknownKind(f"{name} {refinement}")
        return cls(name, frozenset(refinements), is_list)

    @property
    def meaning(self) -> tuple[str, bool]:
        """What must be equal in every language: a feminine number in French is a number in English."""
        return self.name, self.is_list
