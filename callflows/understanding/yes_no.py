"""Yes and no: what several small signs in one sentence amount to, when a yes must never be taken from a no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SIGN = "_said"
"""The slot by which the language files say yes, no, maybe, but, or, correct."""


def verdict(signs: Sequence[str], wishes: bool, strange: float, *, refuses: bool = False, ends_with_yes: bool = False
            ) -> dict[str, Any]:
    """The slots of an answer to a yes-or-no question.

    `wishes`: the caller asked for something in the same breath, `refuses`: named what she does not want; `strange`:
    share of words we know nothing of. «Oui samedi c'est parfait» ends with yes, «oui mais samedi» does not.
    """
    said = [sign for sign in signs if sign in ("yes", "no", "maybe")]
    if "maybe" in said:
        return {"clarify": "confirm"}
    if wishes and ("no" in said or "but" in signs or "correct" in signs or refuses):
        return {"confirm": "no"}
    if wishes and said and not ends_with_yes:
        return {"clarify": "confirm"}
    if not said:
        return {}
    if len(set(said)) > 1:
        return {"confirm": "no"} if said[-1] == "no" else {"clarify": "confirm"}
    if said[0] == "yes" and ("but" in signs or strange > 0.4):
        return {"clarify": "confirm"}
    return {"confirm": said[0]}
