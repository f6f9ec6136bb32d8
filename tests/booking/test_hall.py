"""Halls as data: both of the house's, a small one with every oddity, and files that cannot be."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from booking.errors import BadSeason, BadWish
from booking.halls.hall import HALLS, Hall, hall_ids, hall_in, read_hall

PLACES = {
    "ground", "balcony", "balcony2", "boxes", "boxes_front", "boxes_side", "boxes_ground", "amphitheatre", "stalles",
    "gallery", "top",
}  # fmt: skip

SMALL = """
[hall]
id = "TOY"
zone = "Europe/Paris"
capacity = 21
name = { fr = "Petite salle", en = "Small hall" }

[places]
ground = ["A"]
boxes = ["B"]

[[categories]]
id = "1"
name = { fr = "catégorie 1" }

[[categories]]
id = "2"
name = { fr = "catégorie 2" }
channels = ["box_office"]
on_the_day = true
most_per_order = 2

[[sections]]
id = "A"
layout = "rows"
level = 0
name = { fr = "Salle" }
spoken = { fr = "dans la salle" }
plan = { first = 3.0, pitch = 0.9, height = 0.0 }
numbering = "sequential"
view = "full"
aisles = [2]
wheelchair = [{ row = "B", seat = 2, companion = 3 }]
rows = [
  { row = "A", from = 1, to = 9, missing = [5], bands = [{ category = "1" }] },
  { row = "B", from = 1, to = 7, bands = [{ up_to = 2, category = "1" }, { category = "2", view = "good" }] },
]

[[sections]]
id = "B"
layout = "boxes"
level = 1
name = { fr = "Loges" }
spoken = { fr = "en loge" }
facing = "side"
plan = { first = 3.0, pitch = 2.0, wall = 4.0, height = 3.0 }
boxes = { left = [1, 1], right = [2, 2] }
ranks = [{ seats = 2, category = "1", view = "good" }, { seats = 1, category = "2", view = "poor" }]
"""


@pytest.fixture
def small(tmp_path: Path) -> Hall:
    """A hall with a missing number, an odd row, letters for rows and two boxes."""
    return hall_in(written(tmp_path, SMALL))


def written(folder: Path, text: str) -> Path:
    path = folder / "TOY.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("hall_id", "seats", "sections", "strapontins", "wheelchairs"),
    [("GAR", 1979, 13, 28, 8), ("BAS", 2745, 8, 0, 14)],
)
def test_the_halls_have_their_seats(
    hall_id: str, seats: int, sections: int, strapontins: int, wheelchairs: int
) -> None:
    hall = read_hall(hall_id)
    kinds = Counter(seat.kind for seat in hall.seats)

    assert len(hall.seats) == len(hall.by_id) == seats
    assert len(hall.sections) == sections
    assert sum(seat.strapontin for seat in hall.seats) == strapontins
    assert kinds["wheelchair"] == kinds["companion"] == wheelchairs


@pytest.mark.parametrize("hall_id", ["GAR", "BAS"])
def test_everything_of_a_hall_hangs_together(hall_id: str) -> None:
    """Names in both languages, every place callers name, wheelchair places in at least three categories."""
    hall = read_hall(hall_id)

    assert {seat.category for seat in hall.seats} == {category.id for category in hall.categories}
    assert set(hall.places) == PLACES
    for section in hall.sections:
        assert set(section.names) == set(section.spoken) == set(section.aliases) == {"fr", "en"}
        assert hall.sections_named(section.id) == (section.id,)
    assert len({seat.category for seat in hall.seats if seat.kind == "wheelchair"}) >= 3
    for seat in hall.seats:
        assert seat.companion is None or seat.companion in hall.neighbours(seat.id)
        assert seat.id == f"{hall.id}:{seat.section}:{seat.row}:{seat.number}"


@pytest.mark.parametrize("hall_id", ["GAR", "BAS"])
def test_neighbours_are_of_one_row_and_know_each_other(hall_id: str) -> None:
    """No aisle, no box wall, no missing number between: numbers step by two, or by one where a row is counted."""
    hall = read_hall(hall_id)
    for seat in hall.seats:
        for other in map(hall.by_id.__getitem__, hall.neighbours(seat.id)):
            assert seat.id in hall.neighbours(other.id)
            assert (other.section, other.row, other.rank) == (seat.section, seat.row, seat.rank)
            if seat.side == other.side:
                step = 1 if seat.in_box or seat.section == "BALC" else 2
                assert abs(seat.number - other.number) == step


def test_odd_numbers_are_left_and_the_centre_of_the_balcony_is_22_and_23() -> None:
    hall = read_hall("GAR")

    assert {seat.side for seat in hall.seats if seat.section == "ORCH" and seat.number % 2} == {"left"}
    assert hall.neighbours("GAR:BALC:1:22") == ("GAR:BALC:1:21", "GAR:BALC:1:23")
    assert [hall.by_id[f"GAR:BALC:1:{n}"].offset for n in (22, 23)] == [-0.5, 0.5]
    assert hall.neighbours("GAR:BALC:2:23") == ("GAR:BALC:2:22",)


def test_folding_seats_are_a_category_below_their_neighbours() -> None:
    hall = read_hall("GAR")
    order = [category.id for category in hall.categories]
    for seat in hall.seats:
        if seat.strapontin:
            beside = [hall.by_id[it].category for it in hall.neighbours(seat.id)]
            assert [order.index(it) + 1 for it in beside] == [order.index(seat.category)]


def test_bits_of_neighbours_are_neighbours_and_two_bits_part_the_runs() -> None:
    for hall in map(read_hall, hall_ids()):
        bits = sorted((hall.positions[run[0]], hall.positions[run[-1]]) for run in hall.runs)

        assert all(hall.positions[b] - hall.positions[a] == 1 for run in hall.runs for a, b in pairwise(run))
        assert all(later[0] - earlier[1] >= 3 for earlier, later in pairwise(bits))
        assert hall.everything.bit_count() == len(hall.seats)


def test_the_seat_behind_is_a_stride_away() -> None:
    hall = read_hall("BAS")

    assert hall.positions["BAS:PART:9:12"] - hall.positions["BAS:PART:8:12"] == hall.stride
    assert hall.positions["BAS:BAL1:9:12"] - hall.positions["BAS:BAL1:8:12"] == hall.stride


def test_seats_become_bits_and_bits_become_seats() -> None:
    hall = read_hall("GAR")
    ids = {"GAR:ORCH:5:12", "GAR:L5:9:5", "GAR:BAIG:1:1"}

    assert {seat.id for seat in hall.seats_in(hall.mask(ids))} == ids
    with pytest.raises(KeyError):
        hall.mask(["BAS:PART:1:1"])


def test_seats_are_found_by_row_and_numbers() -> None:
    hall = read_hall("GAR")

    assert hall.find(12, [15, 17]) == ("GAR:ORCH:12:15", "GAR:ORCH:12:17")
    assert hall.find(2, [3], hall.sections_named("balcony")) == ("GAR:BALC:2:3",)
    assert hall.find(99, [1]) == hall.find(1, []) == ()


def test_places_are_named_as_callers_do() -> None:
    garnier, bastille = read_hall("GAR"), read_hall("BAS")

    assert garnier.sections_named("ground") == ("ORCH",)
    assert bastille.sections_named("ground") == ("PART",)
    assert garnier.sections_named("stalles") == ("STAL",)
    assert bastille.sections_named("stalles") == bastille.sections_named("moon") == ()
    assert garnier.sections_in_tier(1) == ("L1F", "L1C")


def test_the_last_category_of_garnier_is_for_the_box_office_on_the_day() -> None:
    last = read_hall("GAR").category("6")

    assert (last.channels, last.on_the_day, last.most_per_order) == (("box_office",), True, 2)
    assert not last.open_to("phone")
    assert read_hall("GAR").category("5").open_to("phone")


def test_a_hall_is_read_once() -> None:
    assert read_hall("GAR") is read_hall("GAR")
    assert hall_ids() == ("BAS", "GAR")


def test_a_hall_the_house_does_not_have_is_a_bad_wish() -> None:
    with pytest.raises(BadWish):
        read_hall("../GAR")


def test_a_missing_number_and_an_aisle_part_a_row(small: Hall) -> None:
    runs = ["".join(seat.rpartition(":")[2] for seat in run) for run in small.runs]

    assert runs == ["12", "34", "67", "89", "1", "23456", "7", "12", "3", "12", "3"]


def test_rows_may_have_letters_and_languages_may_be_missing(small: Hall) -> None:
    seat = small.by_id["TOY:A:B:4"]

    assert (seat.row, seat.row_order, seat.offset) == ("B", 2, 0.0)
    assert seat.section_name("en") == "Salle"
    assert small.name("en") == "Small hall"
    assert seat.home.said("de") == "dans la salle"


MISTAKES = [
    ("capacity = 21", "capacity = 22", "hall.capacity", "hold 21 seats"),
    ('zone = "Europe/Paris"', "", "hall.zone", "add `zone`"),
    ('zone = "Europe/Paris"', 'zone = "Paris"', "hall.zone", "a time zone such as"),
    ("capacity = 21", 'capacity = "21"', "hall.capacity", "a whole number"),
    ('ground = ["A"]', 'ground = ["Z"]', "places.ground", "not Z"),
    ('layout = "boxes"', 'layout = "cages"', "sections.B.layout", "use one of rows, boxes"),
    ('{ category = "2", view = "good" }', '{ category = "9" }', "sections.A.rows.B.bands[1].category", "not '9'"),
    (', { category = "2", view = "good" }]', "]", "sections.A.rows.B.bands", "category of seat 1"),
    ("companion = 3", "companion = 4", "sections.A.wheelchair", "must be beside it"),
    ("left = [1, 1]", "left = [1, 2]", "sections.B.boxes.left", "both odd or both even"),
    ('view = "full"', 'view = "full"\nvue = 1', "sections.A.vue", "remove or correct it"),
    ('{ seats = 2, category = "1"', '{ seats = 0, category = "1"', "sections.B.ranks[0].seats", "one seat or more"),
    ('name = { fr = "Loges" }', 'name = { en = "Boxes" }', "sections.B.name", "add the French text"),
    ("missing = [5]", 'missing = ["5"]', "sections.A.rows.A.missing[0]", "a whole number"),
    ("[hall]", "[hall", "the file", "write it as TOML"),
]


@pytest.mark.parametrize(("right", "wrong", "place", "remedy"), MISTAKES, ids=[place for _, _, place, _ in MISTAKES])
def test_a_mistake_in_a_hall_is_named_with_its_place_and_remedy(
    tmp_path: Path, right: str, wrong: str, place: str, remedy: str
) -> None:
    assert right in SMALL
    with pytest.raises(BadSeason) as error:
        hall_in(written(tmp_path, SMALL.replace(right, wrong, 1)))

    assert (error.value.place, error.value.file.rpartition("/")[2]) == (place, "TOY.toml")
    assert remedy in error.value.remedy


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSeason) as error:
        hall_in(tmp_path / "none.toml")

    assert "none.toml" in error.value.file


def test_every_hall_file_bears_the_name_of_its_hall() -> None:
    assert [hall_in(path).id for path in sorted(HALLS.glob("*.toml"))] == list(hall_ids())
