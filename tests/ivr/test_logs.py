"""Log lines know their call and turn, and nobody's number."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from ivr.logs import HouseFormatter, in_turn, shortened


def line(message: str) -> str:
    return HouseFormatter().format(logging.LogRecord("ivr", logging.INFO, "", 0, message, (), None))


def test_a_line_knows_its_call_and_turn() -> None:
    with in_turn("CA1", 3):
        assert "call=CA1 turn=3 heard" in line("heard")

    assert "call=- turn=- heard" in line("heard")


@pytest.mark.parametrize("number", ["+33612345678", "0612345678", "+441632960001", "33612345678"])
def test_a_telephone_number_is_shortened_wherever_it_stands(number: str) -> None:
    assert number not in line(f"caller {number}, hung up")
    assert number[-3:] in line(f"caller {number}, hung up")


@pytest.mark.parametrize("kept", ["CA6123456789012345678901234567", "9542306", "BAS:PART:17:2", "2026-12-08T19:30"])
def test_what_is_no_number_stays(kept: str) -> None:
    assert shortened(f"order {kept}.") == f"order {kept}."


def test_numbers_in_a_traceback_are_shortened_too() -> None:
    try:
        raise ValueError("+33612345678")
    except ValueError:
        import sys

        record = logging.LogRecord("ivr", logging.ERROR, "", 0, "it broke", (), sys.exc_info())

    assert "+33612345678" not in HouseFormatter().format(record)


def test_an_error_of_the_database_does_not_tell_whom_it_was_about(engine: Engine) -> None:
    with pytest.raises(OperationalError) as caught, engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Mimi"})

    assert "Mimi" not in str(caught.value)
