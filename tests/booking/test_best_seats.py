"""The search for seats against a plain one that looks at every block, and rule by rule."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.halls.hall import Hall, read_hall
from booking.halls.seat import VIEWS, Seat
from booking.seating.arrangement import Arrangement, Refusal
from booking.seating.best_seats import best_seats
from booking.wishes import Wish

HALLS = {name: read_hall(name) for name in ("GAR", "BAS")}
GARNIER, BASTILLE = HALLS["GAR"], HALLS["BAS"]
PRICES = {
    hall.id: {category.id: 20_000 - 1_800 * order for order, category in enumerate(hall.categories)}
    for hall in HALLS.values()
}


def search(hall: Hall, free: set[str], wish: Wish, seed: int | None = None) -> Arrangement | Refusal:
    """The search with availability given as seat ids."""
    return best_seats(hall, hall.mask(free), wish, PRICES[hall.id], seed=seed)


def found(hall: Hall, free: set[str], wish: Wish, seed: int | None = None) -> Arrangement:
    answer = search(hall, free, wish, seed)
    assert isinstance(answer, Arrangement), answer
    return answer


def refused(hall: Hall, free: set[str], wish: Wish) -> Refusal:
    answer = search(hall, free, wish)
    assert isinstance(answer, Refusal), answer
    return answer


def everything(hall: Hall) -> set[str]:
    return set(hall.by_id)


def ids(place: str, *numbers: int) -> set[str]:
    """Seats by their numbers in a row: ids("GAR:ORCH:5", 3, 5)."""
    return {f"{place}:{number}" for number in numbers}


# -- the plain search ------------------------------------------------------------------------------------------------


def names_boxes(wish: Wish) -> bool:
    """Whether a number said of a row may be that of a box: only where boxes were named."""
    return any(section[0] == "L" or section == "BAIG" for section in wish.sections)


def is_wanted(seat: Seat, wish: Wish, prices: dict[str, int]) -> bool:
    """Whether a seat answers everything that is wished of each seat."""
    named = {*wish.categories, wish.category} - {None}
    price = prices[seat.category]
    return all((
        seat.kind == "seat" and not seat.strapontin,
        not named or seat.category in named,
        not wish.sections or seat.section in wish.sections,
        seat.section not in wish.not_sections,
        not wish.rows or (seat.row in wish.rows and (not seat.in_box or names_boxes(wish))),
        wish.row_max is None or (not seat.in_box and int(seat.row) <= wish.row_max),
        wish.side in (None, seat.side),
        wish.parity in (None, "odd" if seat.number % 2 else "even"),
        wish.view is None or VIEWS.index(seat.view) <= VIEWS.index(wish.view),
        not wish.step_free or seat.step_free,
        wish.max_price is None or price <= wish.max_price,
        wish.min_price is None or price >= wish.min_price,
        seat.id not in wish.avoid,
    ))  # fmt: skip


def blocks(hall: Hall, free: set[str], wish: Wish) -> list[list[Seat]]:
    """Every block that answers the wish, seat after seat by who sits beside whom."""
    prices, size, all_found = PRICES[hall.id], wish.quantity, []
    wanted = {seat.id for seat in hall.seats if seat.id in free and is_wanted(seat, wish, prices)}
    for at, first in enumerate(hall.seats):
        block = [first]
        for seat in hall.seats[at + 1 : at + size]:
            if seat.id in hall.neighbours(block[-1].id):
                block.append(seat)
        total = sum(prices[it.category] for it in block)
        affordable = wish.max_total is None or total <= wish.max_total
        if len(block) == size and affordable and all(it.id in wanted for it in block):
            all_found.append(block)
    if wish.position == "aisle":
        all_found = [block for block in all_found if any(seat.aisle for seat in block)]
    return all_found


def leaves_alone(hall: Hall, free: set[str], block: list[Seat]) -> bool:
    """Whether a free seat beside the block would have nobody and no free seat beside it."""
    taken = {seat.id for seat in block}

    def stays(seat_id: str) -> bool:
        return seat_id in free and seat_id not in taken and hall.by_id[seat_id].ordinary

    beside = {it for seat in block for it in hall.neighbours(seat.id) if stays(it)}
    return any(not any(map(stays, hall.neighbours(it))) for it in beside)


def merit(hall: Hall, free: set[str], block: list[Seat], wish: Wish) -> tuple[float, ...]:
    """The smaller the better, in the order of the rules."""
    orders = [[category.id for category in hall.categories].index(seat.category) for seat in block]
    category = (max(orders), min(orders) < max(orders))
    total = sum(PRICES[hall.id][seat.category] for seat in block)
    said = {"cheapest": (total,), "best": (category, *sorted(orders))}.get(wish.price_level or "", ())
    view = max(VIEWS.index(seat.view) for seat in block)
    aside = round(2 * abs(sum(seat.offset for seat in block)))
    return (*said, leaves_alone(hall, free, block), *category, view, aside)


@st.composite
def evenings(draw: st.DrawFn) -> tuple[Hall, set[str]]:
    """A hall with some seats free: here and there, or in whole stretches as a house sells."""
    hall = HALLS[draw(st.sampled_from(sorted(HALLS)))]
    lots = random.Random(draw(st.integers(0, 10**9)))
    share = draw(st.sampled_from([0.03, 0.2, 0.5, 0.8]))
    if draw(st.booleans()):
        return hall, {seat.id for seat in hall.seats if lots.random() < share}
    free: set[str] = set()
    for run in hall.runs:
        start, length = lots.randrange(len(run)), round(len(run) * share * 2 * lots.random())
        free.update(run[start : start + length])
    return hall, free


@st.composite
def wishes(draw: st.DrawFn, hall: Hall) -> Wish:
    """A wish of a few parts."""
    prices = sorted(PRICES[hall.id].values())
    parts = {
        "category": st.sampled_from([category.id for category in hall.categories]),
        "sections": st.lists(st.sampled_from([section.id for section in hall.sections]), min_size=1).map(tuple),
        "not_sections": st.lists(st.sampled_from([section.id for section in hall.sections]), max_size=3).map(tuple),
        "rows": st.lists(st.integers(1, 34), min_size=1, max_size=5).map(tuple),
        "row_max": st.integers(1, 20),
        "side": st.sampled_from(["left", "right"]),
        "parity": st.sampled_from(["odd", "even"]),
        "view": st.sampled_from(VIEWS),
        "max_price": st.sampled_from(prices),
        "min_price": st.sampled_from(prices),
        "max_total": st.integers(prices[0], 9 * prices[-1]),
        "step_free": st.just(True),
        "position": st.just("aisle"),
        "price_level": st.sampled_from(["cheapest", "best"]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=3, unique=True))
    return Wish(draw(st.integers(1, 9)), **{part: draw(parts[part]) for part in chosen})


@settings(max_examples=80, deadline=None)
@given(evening=evenings(), data=st.data())
def test_no_block_is_better_than_the_one_found(evening: tuple[Hall, set[str]], data: st.DataObject) -> None:
    """The block found is as good as the best of all blocks, and one is found whenever there is one."""
    hall, free = evening
    wish = data.draw(wishes(hall))
    answer = search(hall, free, wish, data.draw(st.none() | st.integers(0, 999)))
    rivals = blocks(hall, free, wish)
    together = isinstance(answer, Arrangement) and answer.together and "strapontin" not in answer.reasons

    assert together == bool(rivals)
    if isinstance(answer, Arrangement) and together:
        assert merit(hall, free, list(answer.seats), wish) == min(merit(hall, free, it, wish) for it in rivals)
        assert ("lone_seat" in answer.reasons) == leaves_alone(hall, free, list(answer.seats))


@settings(max_examples=120, deadline=None)
@given(evening=evenings(), data=st.data())
def test_whatever_is_found_was_free_and_wished_for(evening: tuple[Hall, set[str]], data: st.DataObject) -> None:
    """On every rung of the ladder: the right number of different free seats, each answering the wish."""
    hall, free = evening
    wish = data.draw(wishes(hall))
    answer = search(hall, free, wish)
    if isinstance(answer, Refusal):
        assert answer.wanted == wish.quantity
        return

    assert len(set(answer.seat_ids)) == wish.quantity
    assert set(answer.seat_ids) <= free
    assert tuple(seat for group in answer.groups for seat in group) == answer.seats
    assert all(is_wanted(replace(seat, strapontin=False), wish, PRICES[hall.id]) for seat in answer.seats)
    assert any(seat.strapontin for seat in answer.seats) == ("strapontin" in answer.reasons)
    assert ("no_block" in answer.reasons) == (answer.kind != "together")
    _check_shape(hall, answer)


def _check_shape(hall: Hall, answer: Arrangement) -> None:
    for group in answer.groups:
        assert all(b.id in hall.neighbours(a.id) for a, b in pairwise(group))
    if answer.kind == "2+2":
        assert len({seat.section for seat in answer.seats}) == 1
        assert all(b[0].row_order - a[0].row_order == 1 for a, b in pairwise(answer.groups))
        assert all(_middle(a) - _middle(b) < 3 for a, b in pairwise(answer.groups))
    if answer.kind == "same_box":
        assert len({(seat.section, seat.row) for seat in answer.seats}) == 1
    if answer.kind == "near":
        assert len({seat.section for seat in answer.seats}) == 1
        assert max(abs(a.y - b.y) for a, b in product(answer.seats, answer.seats)) < 12


def _middle(group: tuple[Seat, ...]) -> float:
    return sum(seat.offset for seat in group) / len(group)


# -- side by side ----------------------------------------------------------------------------------------------------


def test_the_first_pair_of_an_empty_house_sits_in_the_very_middle() -> None:
    """Places 22 and 23 are the centre of the balcony's first row."""
    answer = found(GARNIER, everything(GARNIER), Wish(2))

    assert answer.seat_ids == ("GAR:BALC:1:22", "GAR:BALC:1:23")
    assert answer.reasons == ()


def test_no_party_sits_across_an_aisle() -> None:
    free = ids("GAR:ORCH:1", 1, 2)

    assert refused(GARNIER, free, Wish(2, together=True)).reason == "not_together"


def test_no_party_sits_across_a_box_wall() -> None:
    """The last place of a rank and the first of the next are neighbours in number only."""
    free = ids("GAR:L1C:9", 2, 3)

    assert refused(GARNIER, free, Wish(2, together=True)).reason == "not_together"
    assert found(GARNIER, free, Wish(2)).kind == "same_box"


def test_the_middle_is_that_of_the_full_row_not_of_the_free_seats() -> None:
    free = ids("BAS:PART:8", 12, 14, 16, 18, 20) | ids("BAS:PART:8", 31, 33, 35, 37)

    assert set(found(BASTILLE, free, Wish(2, category="OPT")).seat_ids) == ids("BAS:PART:8", 12, 14)


def test_the_better_view_comes_before_the_middle() -> None:
    """The third rank of a centre box is in the middle and sees little; the end of the first row sees everything."""
    free = ids("GAR:L1F:33", 7, 8) | ids("GAR:ORCH:1", 19, 21)

    assert set(found(GARNIER, free, Wish(2, category="2")).seat_ids) == ids("GAR:ORCH:1", 19, 21)


def test_no_single_seat_is_left_while_another_choice_avoids_it() -> None:
    """Of three seats near the middle none is taken, as two further out go without a rest."""
    free = ids("GAR:ORCH:1", 1, 3, 5) | ids("GAR:ORCH:1", 10, 12)
    answer = found(GARNIER, free, Wish(2, category="1"))

    assert set(answer.seat_ids) == ids("GAR:ORCH:1", 10, 12)
    assert "lone_seat" not in answer.reasons


def test_the_last_seats_sell_even_if_one_stays_alone() -> None:
    free = ids("GAR:ORCH:1", 1, 3, 5)
    answer = found(GARNIER, free, Wish(2))

    assert set(answer.seat_ids) == ids("GAR:ORCH:1", 1, 3)
    assert answer.reasons == ("lone_seat",)


def test_the_cheapest_seats_are_the_cheapest_even_if_one_stays_alone() -> None:
    """What a caller asks for comes before what the house would like."""
    free = ids("GAR:ORCH:1", 1, 3) | ids("GAR:STAL:1", 1, 3, 5)

    assert set(found(GARNIER, free, Wish(2, price_level="cheapest")).seat_ids) <= ids("GAR:STAL:1", 1, 3, 5)
    assert set(found(GARNIER, free, Wish(2)).seat_ids) == ids("GAR:ORCH:1", 1, 3)


def test_a_crowd_is_spread_over_equals() -> None:
    """With a seed, equally good blocks are drawn; without, the answer is always the same."""
    free = everything(GARNIER) - {seat.id for seat in GARNIER.seats if seat.section == "BALC"}
    drawn = {found(GARNIER, free, Wish(2), seed=seed).seat_ids for seed in range(60)}
    plain = {found(GARNIER, free, Wish(2)).seat_ids for _ in range(5)}

    assert len(drawn) > 10
    assert len(plain) == 1
    free_set = set(free)
    assert len({merit(GARNIER, free_set, [GARNIER.by_id[it] for it in block], Wish(2)) for block in drawn}) == 1


def test_a_spread_draws_among_a_few_more_of_the_same_category_and_view() -> None:
    """After a lost race: not the very best any more, but as good a seat, and nobody left alone."""
    drawn: dict[int, set[tuple[str, ...]]] = {}
    for spread in (0, 3):
        for seed in range(40):
            answer = best_seats(GARNIER, GARNIER.everything, Wish(2), PRICES["GAR"], seed=seed, spread=spread)
            assert isinstance(answer, Arrangement)
            assert {(seat.category, seat.view) for seat in answer.seats} == {("OPT", "full")}
            assert answer.reasons == ()
            drawn.setdefault(spread, set()).add(answer.seat_ids)

    assert len(drawn[0]) == 1
    assert len(drawn[3]) > 5


def test_a_seed_gives_the_same_seats_again() -> None:
    free = everything(BASTILLE)

    assert found(BASTILLE, free, Wish(4), seed=7) == found(BASTILLE, free, Wish(4), seed=7)


# -- the ladder ------------------------------------------------------------------------------------------------------


def test_four_who_cannot_sit_together_sit_two_behind_two() -> None:
    free = ids("BAS:PART:8", 2, 4) | ids("BAS:PART:9", 2, 4) | ids("BAS:PART:20", 1, 3)
    answer = found(BASTILLE, free, Wish(4))

    assert answer.kind == "2+2"
    assert [{seat.row for seat in group} for group in answer.groups] == [{8}, {9}]
    assert answer.reasons == ("no_block",)


@settings(max_examples=60, deadline=None)
@given(evening=evenings(), size=st.integers(2, 6))
def test_two_rows_are_found_whenever_there_are_two_for_a_party(evening: tuple[Hall, set[str]], size: int) -> None:
    """If nobody fits side by side, the party sits in adjacent rows exactly if a plain search finds it such rows."""
    hall, free = evening
    answer = search(hall, free, Wish(size))
    if isinstance(answer, Arrangement) and (answer.together or "strapontin" in answer.reasons):
        return
    larger = size - size // 2
    fronts = {n: [b for b in blocks(hall, free, Wish(n)) if not b[0].in_box] for n in (larger, size - larger)}

    def is_behind(front: list[Seat], back: list[Seat]) -> bool:
        same = front[0].section == back[0].section and back[0].row_order - front[0].row_order == 1
        return same and abs(_column(hall, front) - _column(hall, back)) <= 1

    pairs = product(fronts[larger], fronts[size - larger])
    if any(is_behind(a, b) or is_behind(b, a) for a, b in pairs):
        assert isinstance(answer, Arrangement)
        assert answer.kind == "2+2"


def _column(hall: Hall, block: list[Seat]) -> float:
    """The middle of a block across the hall, counted in seats and aisles as the rows behind count them."""
    return sum(hall.positions[seat.id] - seat.row_order * hall.stride for seat in block) / len(block)


def test_three_who_cannot_sit_together_part_two_and_one() -> None:
    free = ids("BAS:PART:8", 2, 4) | ids("BAS:PART:9", 4) | ids("BAS:PART:30", 1)

    assert sorted(map(len, found(BASTILLE, free, Wish(3)).groups)) == [1, 2]


def test_six_may_sit_in_three_rows() -> None:
    free = {it for row in (8, 9, 10) for it in ids(f"BAS:PART:{row}", 2, 4)}

    assert [len(group) for group in found(BASTILLE, free, Wish(6)).groups] == [2, 2, 2]


def test_rows_of_different_sections_are_not_adjacent() -> None:
    free = ids("GAR:ORCH:14", 3, 5) | ids("GAR:BALC:1", 20, 21)

    assert refused(GARNIER, free, Wish(4)).reason == "not_together"


def test_a_party_shares_a_box_when_no_rank_holds_it() -> None:
    free = ids("GAR:L1F:27", 1, 2, 3, 4, 5)
    answer = found(GARNIER, free, Wish(5))

    assert answer.kind == "same_box"
    assert [len(group) for group in answer.groups] == [3, 2]


def test_a_party_that_insists_is_told_the_longest_row() -> None:
    free = ids("BAS:PART:8", 2, 4) | ids("BAS:PART:9", 2, 4)
    answer = refused(BASTILLE, free, Wish(4, together=True))

    assert (answer.reason, answer.left, answer.longest) == ("not_together", 4, 2)


def test_near_each_other_is_within_a_few_seats() -> None:
    free = ids("BAS:PART:8", 2, 8) | ids("BAS:PART:9", 14)
    answer = found(BASTILLE, free, Wish(3))

    assert answer.kind == "near"
    assert set(answer.seat_ids) == free


def test_seats_at_both_ends_of_the_house_are_only_for_who_does_not_mind() -> None:
    free = {"BAS:PART:1:2", "BAS:BAL2:9:20"}

    assert refused(BASTILLE, free, Wish(2)).reason == "not_together"
    assert found(BASTILLE, free, Wish(2, together=False)).kind == "apart"


# -- folding seats, wheelchair places ---------------------------------------------------------------------------------


def test_folding_seats_come_last() -> None:
    free = ids("GAR:ORCH:5", 1) | ids("GAR:L4C:1", 6)

    assert found(GARNIER, free, Wish(1)).seat_ids == ("GAR:L4C:1:6",)
    last = found(GARNIER, ids("GAR:ORCH:5", 1), Wish(1))
    assert last.seat_ids == ("GAR:ORCH:5:1",)
    assert last.reasons == ("strapontin",)


def test_folding_seats_are_for_who_asks() -> None:
    answer = found(GARNIER, everything(GARNIER), Wish(2, strapontin=True))

    assert any(seat.strapontin for seat in answer.seats)
    assert answer.together


def test_a_wheelchair_place_is_never_handed_out_unasked() -> None:
    """Not even when nothing else is left."""
    free = {seat.id for hall in HALLS.values() for seat in hall.seats if seat.kind != "seat"}

    assert refused(GARNIER, free & everything(GARNIER), Wish(1)).reason == "sold_out"
    assert refused(BASTILLE, free & everything(BASTILLE), Wish(1, together=False)).reason == "sold_out"


def test_a_wheelchair_place_comes_with_its_companion() -> None:
    answer = found(GARNIER, everything(GARNIER), Wish(2, wheelchair=1))

    assert {seat.kind for seat in answer.seats} == {"wheelchair", "companion"}
    assert answer.together
    assert "wheelchair" in answer.reasons


@pytest.mark.parametrize(("party", "users"), [(1, 1), (3, 1), (4, 2), (6, 2), (9, 3)])
def test_a_larger_party_sits_around_its_wheelchair_users(party: int, users: int) -> None:
    answer = found(BASTILLE, everything(BASTILLE), Wish(party, wheelchair=users))
    kinds = [seat.kind for seat in answer.seats]

    assert kinds.count("wheelchair") == users
    assert kinds.count("companion") == min(users, party - users)
    assert len({seat.section for seat in answer.seats}) == 1


def test_a_wheelchair_place_whose_companion_is_taken_is_for_one() -> None:
    free = ids("GAR:ORCH:14", 21)

    assert found(GARNIER, free, Wish(1, wheelchair=1)).seat_ids == ("GAR:ORCH:14:21",)
    assert isinstance(search(GARNIER, free, Wish(2, wheelchair=1)), Refusal)


def test_a_wheelchair_place_may_be_wished_for_by_category() -> None:
    answer = found(GARNIER, everything(GARNIER), Wish(2, wheelchair=1, category="OPT"))

    assert {seat.section for seat in answer.seats} == {"L1F"}


# -- wishes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", ["centre", "side", "front", "back"])
def test_front_back_centre_and_side_are_parts_of_the_section(position: str) -> None:
    seats = found(BASTILLE, everything(BASTILLE), Wish(2, sections=("PART",), position=position)).seats  # type: ignore[arg-type]

    assert {
        "centre": all(abs(seat.offset) < 12 for seat in seats),
        "side": all(abs(seat.offset) > 8 for seat in seats),
        "front": all(int(seat.row) <= 12 for seat in seats),
        "back": all(int(seat.row) >= 23 for seat in seats),
    }[position]


def test_a_place_may_be_named_as_callers_name_it() -> None:
    assert found(GARNIER, everything(GARNIER), Wish(2, sections=("ground",))).seats[0].section == "ORCH"
    assert found(BASTILLE, everything(BASTILLE), Wish(2, sections=("ground",))).seats[0].section == "PART"


def test_a_place_that_a_hall_does_not_have_is_refused_not_ignored() -> None:
    answer = refused(GARNIER, everything(GARNIER), Wish(2, sections=("gallery",)))

    assert (answer.reason, answer.drop) == ("nothing_matches", ("sections",))


def test_a_row_is_a_box_only_where_boxes_are_named() -> None:
    free = {seat.id for seat in GARNIER.seats if seat.row == 12 and seat.section != "ORCH"}

    assert refused(GARNIER, free, Wish(2, rows=(12,))).drop == ("rows",)
    assert {seat.row for seat in found(GARNIER, free, Wish(2, sections=("boxes_side",), rows=(12,))).seats} == {12}


def test_low_prices_are_in_the_lower_half_while_there_are_any() -> None:
    prices = PRICES["BAS"]
    seats = found(BASTILLE, everything(BASTILLE), Wish(2, price_level="low")).seats

    assert prices[seats[0].category] <= (min(prices.values()) + max(prices.values())) / 2
    dear = {seat.id for seat in BASTILLE.seats if seat.category == "OPT"}
    assert found(BASTILLE, dear, Wish(2, price_level="low")).seats[0].category == "OPT"


def test_other_seats_please_gives_other_seats() -> None:
    first = found(GARNIER, everything(GARNIER), Wish(2))
    second = found(GARNIER, everything(GARNIER), Wish(2, avoid=first.seat_ids))

    assert not set(first.seat_ids) & set(second.seat_ids)


@pytest.mark.parametrize("hall", HALLS.values(), ids=HALLS)
def test_moves_lead_where_they_say(hall: Hall) -> None:
    """Closer, further back, left, right, cheaper: every seat lies that way from every seat last offered."""
    ground = hall.sections_named("ground")[0]
    last = [hall.by_id[it] for it in (f"{hall.id}:{ground}:9:6", f"{hall.id}:{ground}:9:8")]
    prices = PRICES[hall.id]

    def moved(move: str) -> tuple[Seat, ...]:
        wish = Wish(2, near=tuple(seat.id for seat in last), move=move)  # type: ignore[arg-type]
        return found(hall, everything(hall), wish).seats

    assert all(seat.row_order < 9 and seat.section == ground for seat in moved("closer"))
    assert all(seat.row_order > 9 and seat.section == ground for seat in moved("further_back"))
    assert all(seat.x < last[0].x and seat.row == 9 for seat in moved("further_left"))
    assert all(seat.x > last[1].x and seat.row == 9 for seat in moved("further_right"))
    assert all(prices[seat.category] < prices[last[0].category] for seat in moved("cheaper"))


def test_nothing_lies_closer_than_the_first_row() -> None:
    wish = Wish(2, sections=("ORCH",), near=("GAR:ORCH:1:1", "GAR:ORCH:1:3"), move="closer")

    assert refused(GARNIER, everything(GARNIER), wish).drop == ("sections", "move")


def test_near_the_last_seats_is_in_their_row_if_it_can_be() -> None:
    answer = found(BASTILLE, everything(BASTILLE), Wish(2, near=("BAS:PART:22:8", "BAS:PART:22:10")))

    assert {seat.row for seat in answer.seats} == {22}


# -- named seats -----------------------------------------------------------------------------------------------------


def test_named_seats_are_these_or_none() -> None:
    names = ("GAR:ORCH:12:15", "GAR:ORCH:12:17")

    assert set(found(GARNIER, everything(GARNIER), Wish(2, named=names)).seat_ids) == set(names)
    gone = refused(GARNIER, everything(GARNIER) - {names[1]}, Wish(2, named=names))
    assert (gone.reason, gone.seats) == ("taken", (names[1],))


def test_named_seats_apart_are_not_called_together() -> None:
    answer = found(GARNIER, everything(GARNIER), Wish(2, named=("GAR:ORCH:12:15", "GAR:ORCH:12:19")))

    assert (answer.kind, len(answer.groups)) == ("near", 2)


@pytest.mark.parametrize(
    ("named", "wheelchair", "reason"),
    [
        (("GAR:ORCH:12:99",), 0, "unknown_seat"),
        (("BAS:PART:1:1",), 0, "unknown_seat"),
        (("GAR:ORCH:14:21",), 0, "reserved"),
        (("GAR:ORCH:14:23",), 0, "reserved"),
        (("GAR:ORCH:14:21", "GAR:ORCH:14:23"), 1, None),
    ],
)
def test_named_seats_must_be_of_the_hall_and_not_reserved(
    named: tuple[str, ...], wheelchair: int, reason: str | None
) -> None:
    answer = search(GARNIER, everything(GARNIER), Wish(len(named), named=named, wheelchair=wheelchair))

    assert (answer.reason if isinstance(answer, Refusal) else None) == reason


def test_a_named_seat_may_be_too_dear() -> None:
    answer = refused(GARNIER, everything(GARNIER), Wish(1, named=("GAR:ORCH:5:5",), max_price=5_000))

    assert (answer.reason, answer.cheapest, answer.asked) == ("price", PRICES["GAR"]["OPT"], 5_000)


# -- refusals --------------------------------------------------------------------------------------------------------


def test_a_full_house_is_sold_out() -> None:
    answer = refused(GARNIER, set(), Wish(2))

    assert (answer.reason, answer.left) == ("sold_out", 0)


def test_a_sold_out_category_names_those_that_would_serve() -> None:
    free = everything(GARNIER) - {seat.id for seat in GARNIER.seats if seat.category in ("OPT", "2")}
    answer = refused(GARNIER, free, Wish(4, category="OPT"))

    assert (answer.reason, answer.left, answer.category) == ("sold_out", 0, "OPT")
    assert answer.instead[:2] == ("1", "3")
    assert answer.drop == ("category",)


def test_too_small_a_price_is_told_the_cheapest() -> None:
    free = {seat.id for seat in BASTILLE.seats if seat.category in ("1", "4")}
    answer = refused(BASTILLE, free, Wish(2, max_price=9_000))

    assert (answer.reason, answer.cheapest, answer.asked) == ("price", PRICES["BAS"]["4"], 9_000)
    assert answer.instead == ("1", "4")


def test_too_small_a_total_is_a_matter_of_price() -> None:
    answer = refused(BASTILLE, everything(BASTILLE), Wish(2, max_total=3_000))

    assert (answer.reason, answer.asked) == ("price", 1_500)


def test_wishes_that_do_not_go_together_say_which_is_in_the_way() -> None:
    answer = refused(GARNIER, everything(GARNIER), Wish(2, sections=("STAL",), view="full"))

    assert answer.reason == "nothing_matches"
    assert set(answer.drop) == {"sections", "view"}


def test_a_category_without_a_price_is_not_for_sale() -> None:
    prices = {"1": 10_000}
    answer = best_seats(GARNIER, GARNIER.everything, Wish(2), prices)

    assert isinstance(answer, Arrangement)
    assert {seat.category for seat in answer.seats} == {"1"}
    assert isinstance(best_seats(GARNIER, GARNIER.everything, Wish(2, category="6"), prices), Refusal)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(0),
        Wish(10),
        Wish(-1),
        Wish(2, category="A"),
        Wish(2, sections=("PART",)),
        Wish(1, near=("x",), move="closer"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_its_fault(wish: Wish) -> None:
    answer = refused(GARNIER, everything(GARNIER), wish)

    assert answer.reason == "bad_wish"
    assert len(answer.faults) == 1


@pytest.mark.parametrize("hall", HALLS.values(), ids=HALLS)
def test_every_seat_that_may_be_sold_is_sold_in_the_end(hall: Hall) -> None:
    """Parties of all sizes, then who comes alone: only wheelchair places and companions' seats remain."""
    free, lots = hall.everything, random.Random(5)
    sizes = [lots.randint(1, 9) for _ in range(900)] + [1] * 3000
    for size in sizes:
        answer = best_seats(hall, free, Wish(size), PRICES[hall.id], seed=size)
        if isinstance(answer, Arrangement):
            taken = hall.mask(answer.seat_ids)
            assert taken & ~free == 0
            free &= ~taken
        elif size == 1:
            break

    assert {seat.kind for seat in hall.seats_in(free)} == {"wheelchair", "companion"}
