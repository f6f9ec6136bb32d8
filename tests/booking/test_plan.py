"""The plan of a hall, for the eye, for the ear and for the terminal."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from booking.halls.hall import hall_ids, read_hall
from booking.halls.plan import TAKEN, svg, text

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("hall_id", hall_ids())
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_seat_is_drawn_once_and_told(hall_id: str, language: str) -> None:
    """A seat is a mark with a title: section, row or box, number, category, view."""
    hall = read_hall(hall_id)
    picture = ElementTree.fromstring(svg(hall, language=language))
    titles = [title.text for rect in picture.iter(f"{SVG}rect") for title in rect.findall(f"{SVG}title")]

    assert len(titles) == len(set(titles)) == len(hall.seats)
    assert picture.findtext(f"{SVG}title") == hall.name(language)


def test_seats_do_not_lie_on_each_other() -> None:
    for hall in map(read_hall, hall_ids()):
        spots = [(hall.section(seat.section).level, seat.x, seat.y) for seat in hall.seats]
        assert len(spots) == len(set(spots))


def test_what_is_taken_is_coloured_and_said() -> None:
    hall = read_hall("GAR")
    picture = svg(hall, {"GAR:ORCH:5:12": "held", "GAR:ORCH:5:14": "sold"}, "en")

    assert picture.count(TAKEN["held"]) == 2  # the seat, and the legend
    assert "Stalls (orchestra), row 5, seat 14, OPT, full view, sold" in picture


def test_letters_show_rows_aisles_and_what_is_taken() -> None:
    states = {"GAR:ORCH:1:1": "sold", "GAR:ORCH:1:2": "held", "GAR:ORCH:1:4": "blocked"}
    lines = text(read_hall("GAR"), states).splitlines()
    first, third = (next(line for line in lines if line.startswith(start)) for start in ("   1 ", "   3 "))

    assert first.strip() == "1         2221111111·  hx111111222"
    assert "OOOOOOOOOs  sOOOOOOOOO" in third


def test_letters_show_boxes_rank_by_rank() -> None:
    lines = text(read_hall("GAR"), language="en").splitlines()

    assert lines[0] == "Palais Garnier: 1979 seats"
    assert any("33 wcO/111/22" in line for line in lines)
