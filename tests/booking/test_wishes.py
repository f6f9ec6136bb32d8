"""Wishes that can be and wishes that cannot."""

from __future__ import annotations

from typing import Any

import pytest

from booking.wishes import Wish


@pytest.mark.parametrize("quantity", range(1, 10))
def test_one_to_nine_seats_may_be_wished_for(quantity: int) -> None:
    assert Wish(quantity).faults() == ()


@pytest.mark.parametrize(
    ("quantity", "parts", "field"),
    [
        (0, {}, "quantity"),
        (10, {}, "quantity"),
        (-3, {}, "quantity"),
        (True, {}, "quantity"),
        ("2", {}, "quantity"),
        (2.0, {}, "quantity"),
        (2, {"max_price": -1}, "max_price"),
        (2, {"min_price": 10.5}, "min_price"),
        (2, {"max_total": "20"}, "max_total"),
        (2, {"row_max": 0}, "row_max"),
        (2, {"side": "up"}, "side"),
        (2, {"parity": "pair"}, "parity"),
        (2, {"position": "roof"}, "position"),
        (2, {"not_position": "roof"}, "not_position"),
        (2, {"view": "splendid"}, "view"),
        (2, {"price_level": "free"}, "price_level"),
        (2, {"move": "down", "near": ("GAR:ORCH:1:1",)}, "move"),
        (2, {"move": "closer"}, "move"),
        (2, {"named": ("GAR:ORCH:1:1",)}, "named"),
        (2, {"named": ("GAR:ORCH:1:1", "GAR:ORCH:1:1")}, "named"),
        (2, {"wheelchair": 3}, "wheelchair"),
        (2, {"wheelchair": -1}, "wheelchair"),
    ],
)
def test_a_fault_names_its_field_and_value(quantity: Any, parts: dict[str, Any], field: str) -> None:
    (fault,) = Wish(quantity, **parts).faults()

    assert fault.field == field
    assert fault.value == (quantity if field == "quantity" else parts[field])
    assert fault.problem


def test_several_faults_are_told_at_once() -> None:
    assert {fault.field for fault in Wish(0, side="up", max_price=-1).faults()} == {"quantity", "side", "max_price"}  # type: ignore[arg-type]
