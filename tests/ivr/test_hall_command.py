"""`souffleur hall` and `souffleur bench seats`, as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from booking import BookingService, Wish
from booking.seating.occupancy import seat_states
from ivr.commands import main
from ivr.database import engine_for

EVENING = "la-bayadere_20261203s"


def typed(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_a_hall_is_drawn_in_the_terminal() -> None:
    answer = typed("hall", "show", "gar")

    assert answer.exit_code == 0
    assert answer.output.startswith("Palais Garnier: 1979 places")
    assert "Amphithéâtre (AMPH)" in answer.output


def test_a_hall_is_drawn_into_a_file(tmp_path: Path) -> None:
    answer = typed("hall", "show", "BAS", "--svg", str(tmp_path / "bas.svg"), "--language", "en")

    assert answer.exit_code == 0
    assert "2745 seats, 0 of them taken" in answer.output
    assert ElementTree.parse(tmp_path / "bas.svg").getroot().tag.endswith("svg")


def test_a_hall_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    answer = typed("hall", "show", "scala")

    assert answer.exit_code == 1
    assert "There is no hall scala; there are BAS, GAR." in answer.output
    assert typed("hall", "show", "GAR", "--svg", str(tmp_path / "no" / "x.svg")).exit_code == 1


@pytest.fixture
def sold(new_database: Callable[[], str], clock: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> str:
    """A database in which two seats of an evening are sold and two are held."""
    url = new_database()
    service = BookingService(engine_for(url), clock)  # type: ignore[arg-type]
    hold = service.clerk("phone", "a").hold_best(EVENING, Wish(2), request="1")
    service.clerk("phone", "a").confirm(hold.id, request="2")
    service.clerk("phone", "b").hold_best(EVENING, Wish(2), request="3")
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def test_what_is_held_and_sold_is_shown(sold: str, clock: Callable[..., object]) -> None:
    states = seat_states(engine_for(sold), EVENING, clock())  # type: ignore[arg-type]

    assert sorted(states.values()) == ["held", "held", "sold", "sold"]
    clock.forward(minutes=11)  # type: ignore[attr-defined]
    assert sorted(seat_states(engine_for(sold), EVENING, clock()).values()) == ["sold", "sold"]  # type: ignore[arg-type]


def test_a_performance_is_shown_in_its_own_hall_only(sold: str) -> None:
    assert "·" in typed("hall", "show", "BAS", "--performance", EVENING).output
    assert "is played in BAS, not in GAR" in typed("hall", "show", "GAR", "--performance", EVENING).output
    assert "There is no performance x" in typed("hall", "show", "GAR", "--performance", "x").output


def test_the_measurement_of_the_seats_prints_json() -> None:
    """One evening only: the shape of the answer, no figure."""
    answer = typed("bench", "seats", "--evenings", "1")
    figures = json.loads(answer.output)

    assert set(figures["halls"]) == {"BAS", "GAR"}
    for hall in figures["halls"].values():
        assert [party["size"] for party in hall["parties"]] == list(range(1, 10))
        assert {"floor", "without_wishes", "with_wishes", "ratio_to_floor"} <= set(hall["parties"][0])
