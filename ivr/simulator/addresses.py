"""Telephone numbers as Dial takes them (Twilio docs, TwiML Number: E.164, or an unformatted American number)."""

from __future__ import annotations

import re

AMERICAN = re.compile(r"1?([2-9]\d{9})")
E164 = re.compile(r"\+[1-9]\d{1,14}")


def telephone_number(written: str) -> str | None:
    """The number to ring; None for what is none."""
    bare = re.sub(r"[\s().\-/]", "", written)
    if E164.fullmatch(bare):
        return bare
    american = AMERICAN.fullmatch(bare)
    if american:
        return f"+1{american[1]}"
    return bare if bare.isascii() and bare.isdigit() else None  # a short code, or a number of one's own exchange


def may_be_shown(caller_id: str) -> bool:
    """May this be shown to a called party as the caller?"""
    return caller_id.startswith(("client:", "sip:")) or bool(re.fullmatch(r"[+\w.\-]+", caller_id))
