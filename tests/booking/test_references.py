"""References are easy to say and hard to guess."""

from __future__ import annotations

from itertools import pairwise

from booking.references import is_reference, new_reference


def test_a_reference_is_seven_digits_without_three_alike_in_a_row():
    for _ in range(500):
        assert is_reference(new_reference())


def test_what_cannot_be_a_reference_is_told_at_once():
    for text in ("", "123456", "0123456", "1112345", "12345678", "12345a7", "١٢٣٤٥٦٧"):
        assert not is_reference(text)


def test_references_do_not_follow_one_another():
    drawn = [int(new_reference()) for _ in range(100)]

    assert len(set(drawn)) > 95
    assert len({b - a for a, b in pairwise(drawn)}) > 90
