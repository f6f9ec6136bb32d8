"""Cards of the local network: which numbers are ones, and which pay. No real card has anything to do here."""

from __future__ import annotations

DECLINED = "4000000000000002"
"""The card that every test network declines."""


def is_card_number(digits: str) -> bool:
    """Long enough, and its check digit fits (ISO/IEC 7812, Luhn)."""
    if not digits.isdigit() or not 13 <= len(digits) <= 19:
        return False
    doubled = [int(digit) * 2 for digit in reversed(digits)][1::2]
    return (
        sum(map(int, digits[::-1][::2])) + sum(number - 9 if number > 9 else number for number in doubled)
    ) % 10 == 0


def kind_of_card(digits: str) -> str:
    """visa, mastercard, amex or another, by its first digits."""
    if digits.startswith("4"):
        return "visa"
    if digits[:2] in {"34", "37"}:
        return "amex"
    if digits[:2] in {"51", "52", "53", "54", "55"} or digits[:2] in {"22", "23", "24", "25", "26", "27"}:
        return "mastercard"
    return "unknown"


def masked(digits: str) -> str:
    """All but the last four as x."""
    return "x" * (len(digits) - 4) + digits[-4:]


def pays(digits: str) -> bool:
    """Does this card pay?"""
    return digits != DECLINED
