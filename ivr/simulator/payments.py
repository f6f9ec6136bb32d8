"""Cards of the local network: which numbers are ones, and which pay. No real card has anything to do here."""

from __future__ import annotations

DECLINED = "4000000000000002"
"""The card that every test network declines."""

KINDS: dict[str, tuple[tuple[str, ...], range]] = {
    "amex": (("34", "37"), range(15, 16)),
    "visa": (("4",), range(13, 20)),
    "mastercard": ((*map(str, range(51, 56)), *map(str, range(222, 273))), range(16, 17)),
    "discover": (("64", "65", "6011"), range(16, 20)),
    "maestro": (("50", "56", "57", "58", "6"), range(12, 20)),
    "jcb": (tuple(map(str, range(3528, 3590))), range(16, 20)),
    "diners-club": (("300", "301", "302", "303", "304", "3095", "36", "38", "39"), range(14, 20)),
    "enroute": (("2014", "2149"), range(15, 16)),
}
"""Kind -> first digits and lengths (Twilio docs, TwiML Pay, `validCardTypes`); the first that fits is it."""


def is_card_number(digits: str) -> bool:
    """Of a kind's length, and its check digit fits (ISO/IEC 7812, Luhn)."""
    kind = kind_of_card(digits)
    if not digits.isdigit() or kind not in KINDS or len(digits) not in KINDS[kind][1]:
        return False
    doubled = [int(digit) * 2 for digit in reversed(digits)][1::2]
    return (
        sum(map(int, digits[::-1][::2])) + sum(number - 9 if number > 9 else number for number in doubled)
    ) % 10 == 0


def kind_of_card(digits: str) -> str:
    """visa, mastercard, amex or another, by its first digits."""
    return next((kind for kind, (beginnings, _) in KINDS.items() if digits.startswith(beginnings)), "unknown")


def masked(digits: str) -> str:
    """All but the last four as x."""
    return "x" * (len(digits) - 4) + digits[-4:]


def pays(digits: str) -> bool:
    """Does this card pay?"""
    return digits != DECLINED


def is_routing_number(digits: str) -> bool:
    """Nine digits whose weighted sum ends in 0 (American Bankers Association)."""
    if len(digits) != 9 or not digits.isdigit():
        return False
    return sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0
