"""Yes and no: what several small signs in one sentence amount to, when a yes must never be taken from a no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

VERDICTS = ("yes", "no", "maybe")
MOST_STRANGE = 0.34
"""A yes among more unknown words than this may belong to something else."""
SIGN = "_said"
"""The slot by which the language files say yes, no, maybe, but, or, correct."""


@dataclass(frozen=True)
class Answer:
    """What a sentence after a yes-or-no question is made of.

    `wishes`: the caller asked for something in the same breath; `refuses`: named what she does not want; `strange`:
    share of words we know nothing of; `denied`: a «not» that belongs to nothing we know.
    """

    signs: Sequence[str]
    wishes: bool = False
    refuses: bool = False
    strange: float = 0.0
    denied: bool = False

    @property
    def said(self) -> list[str]:
        """The yeses, noes and maybes; what was taken back («non, pardon, oui») does not count."""
        last = max((at for at, sign in enumerate(self.signs) if sign == "correct"), default=-1)
        kept = [sign for sign in self.signs[last + 1 :] if sign in VERDICTS]
        return kept or [sign for sign in self.signs if sign in VERDICTS]


def verdict(answer: Answer) -> dict[str, Any]:
    """The slots of an answer: a yes only when nothing speaks against it, `clarify` when signs contradict each other."""
    said = set(answer.said)
    if "maybe" in said:
        return {"clarify": "confirm"}
    if answer.wishes:
        takes_back = {"no", "but", "correct"} & set(answer.signs) or answer.refuses or "yes" not in said
        return {"confirm": "no" if takes_back else "yes"}
    if said == {"no"} or answer.said[-2:] == ["yes", "no"]:
        return {"confirm": "no"}
    against = answer.denied or {"but", "or"} & set(answer.signs)
    if said == {"yes"} and answer.strange <= MOST_STRANGE and not against:
        return {"confirm": "yes"}
    return {"clarify": "confirm"} if said else {}
